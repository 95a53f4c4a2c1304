"""A clip that was cut is captured shot by shot."""

import json

import numpy as np
import pytest

from core_model.capture import capture
from core_model.errors import MocapError
from core_model.find_people import find_people
from core_model.options import CaptureOptions
from core_model.pipeline.choosing import wanted
from core_model.take import Take
from core_model.take.shots import by_shots, shot_of_take
from tests.benchmarks.cut_clips import cut_together, folder_of
from train.evaluate.metrics import pa_mpjpe

NAME = "punch"


@pytest.fixture(scope="module")
def filmed(tmp_path_factory):
    """Return a clip of two shots, the moments that it shows, and pictures of the first."""
    path = tmp_path_factory.mktemp("cut") / "cut.mp4"
    return path, *cut_together(NAME, path)


@pytest.fixture(scope="module")
def captured(filmed, tmp_path_factory):
    """Return the folder and takes of the clip, and what progress was told."""
    folder = tmp_path_factory.mktemp("takes")
    told: list[tuple[str, int, int | None]] = []
    takes = capture(
        filmed[0],
        folder,
        CaptureOptions(quality="fast"),
        lambda stage, done, total, ahead=None: told.append((stage, done, total)),
    )
    return folder, list(takes), told


def test_each_shot_has_a_take_and_a_camera_of_its_own(filmed, captured) -> None:
    (_, moments, first), (_, takes, _) = filmed, captured
    assert [shot_of_take(take)[0] for take in takes] == [1, 2]
    before, after = takes
    assert before.times[-1] < first / 30 - 0.01 < after.times[0]
    assert len(before) == first and len(after) == len(moments) - first
    cameras = [take.camera.to_world for take in takes]
    assert np.abs(cameras[0] - cameras[1]).max() > 0.05
    for take in takes:  # who is first in a world stands at its origin, on its floor
        joints = take.joints()[take.frame_valid]
        assert np.abs(joints[0, 0, :2]).max() < 0.1 and -0.15 < joints[..., 2].min() < 0.15
    assert shot_of_take(after)[1] == pytest.approx(first / 30, abs=1e-3)


def test_the_motion_of_each_shot_is_right(filmed, captured) -> None:
    (_, moments, _), (_, takes, _) = filmed, captured
    truth = Take.load(folder_of(NAME) / f"{NAME}_01.npz")
    for take in takes:
        shown = moments[np.rint(take.times * 30).astype(int)]
        told = truth.joints()[np.abs(truth.times - shown[:, None]).argmin(axis=1)]
        assert pa_mpjpe(take.joints(), told).mean() < 60


def test_the_summary_says_so(captured) -> None:
    folder, _, _ = captured
    summary = json.loads((folder / "capture.json").read_text())
    (note,) = [each for each in summary["warnings"] if each.startswith("The clip is cut")]
    assert "each of its 2 shots has a camera" in note
    assert len(summary["people"]) == 2


def test_progress_never_goes_back(captured) -> None:
    _, _, told = captured
    for stage in ("people", "network", "fit"):
        done = [each[1] for each in told if each[0] == stage]
        assert done == sorted(done)
        totals = {total for name, _, total in told if name == stage and total}
        assert len(totals) == 1 and max(done) == max(totals)


def test_one_person_can_be_chosen(filmed, captured, tmp_path) -> None:
    found = find_people(filmed[0], tmp_path / "found", CaptureOptions(quality="fast"))
    assert [each.number for each in found.people] == [1, 2]
    options = CaptureOptions(quality="fast", people=(2,), tracks=found.tracks, hands=False)
    (take,) = capture(filmed[0], tmp_path / "takes", options)
    assert shot_of_take(take)[0] == 2
    assert np.abs(take.joints() - captured[1][1].joints()).mean() < 0.1


def test_so_many_people_are_so_many_of_each_shot() -> None:
    assert wanted([*"abcde"], 1, [0, 0, 1, 1, 2]) == [*"ace"]
    assert wanted([*"abcde"], "largest", [0, 0, 1, 1, 2]) == [*"ace"]
    assert wanted([*"abcde"], 2, [0, 0, 0, 1, 1]) == [*"abde"]
    assert wanted([*"abcde"], "all", [0, 0, 1, 1, 2]) == [*"abcde"]
    assert wanted([*"abcde"], (4, 1), [0, 0, 1, 1, 2]) == [*"da"]
    assert wanted([*"abc"], 2) == [*"ab"]
    with pytest.raises(MocapError, match="no person 6"):
        wanted([*"abcde"], (6,), [0, 0, 1, 1, 2])


@pytest.mark.parametrize(
    "told",
    [None, 3, {}, {"number": 1}, {"number": -1, "start": 0.0}, {"number": 1, "start": np.nan}],
)
def test_what_a_file_says_of_its_shot_may_be_nonsense(captured, told) -> None:
    take = captured[1][0]
    take.source["shot"], kept = told, take.source["shot"]
    assert shot_of_take(take) == (0, 0.0)
    take.source["shot"] = kept
    assert [*by_shots(reversed(captured[1]))] == [1, 2]

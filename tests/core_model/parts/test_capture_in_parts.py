"""A clip that is captured in parts against the same clip in one; cancelled and taken up again."""

from dataclasses import replace

import numpy as np
import pytest

from core_model.capture import PARTS_NAME, capture
from core_model.find_people import find_people
from core_model.options import CaptureOptions
from core_model.parts.following import Limits
from core_model.take import Take
from tests.places import DEMO

_END = 2.5
_OPTIONS = CaptureOptions(quality="fast", hands=False, refine=False, device="cpu", end=_END)
_SHORT = (Limits(45, 10**6, 0.4), Limits(20, 10**6, 0.4))


@pytest.fixture(scope="module")
def whole(tmp_path_factory) -> Take:
    (take,) = capture(DEMO, tmp_path_factory.mktemp("whole"), _OPTIONS)
    return take


@pytest.fixture(scope="module")
def told() -> list[tuple[str, int, int | None]]:
    """Return room for what the capture in parts says."""
    return []


@pytest.fixture(scope="module")
def in_parts(tmp_path_factory, told) -> Take:
    folder = tmp_path_factory.mktemp("parts")
    (take,) = capture(
        DEMO,
        folder,
        _OPTIONS,
        lambda stage, done, total, ahead={}: told.append((stage, done, total)),
        _SHORT,
    )
    assert sorted(path.name for path in folder.iterdir()) == ["capture.json", "person_01.npz"]
    return take


def _jolts(take: Take) -> np.ndarray:
    """Return how far joints are from between before and after, at most, millimetres (T - 2,)."""
    return 1000 * np.linalg.norm(np.diff(take.joints(), 2, axis=0), axis=-1).max(axis=1)


def test_parts_give_the_take_of_the_whole(whole, in_parts):
    np.testing.assert_array_equal(in_parts.times, whole.times)
    np.testing.assert_array_equal(in_parts.frame_valid, whole.frame_valid)
    ours, theirs = (each - each[:, :1] for each in (in_parts.joints(), whole.joints()))
    apart = 1000 * np.linalg.norm(ours - theirs, axis=-1).mean(axis=1)
    print(f"apart: {apart.mean():.1f} mm on average, {apart.max():.1f} mm at most")
    assert apart.mean() < 10
    assert in_parts.camera and whole.camera
    up, same_up = in_parts.camera.to_world[2, :3], whole.camera.to_world[2, :3]
    assert np.degrees(np.arccos(np.clip(up @ same_up, -1, 1))) < 1


def test_no_seam_is_seen(whole, in_parts):
    """Nowhere is there a jolt that the clip in one has not; parts that do not fade add 0.6."""
    here, there = _jolts(in_parts), _jolts(whole)
    around = np.lib.stride_tricks.sliding_window_view(np.pad(there, 2, mode="edge"), 5).max(axis=1)
    print(f"jolts: {(here - around).max():.1f} mm more than in one, where {there.max():.1f}")
    assert (here - around).max() < 0.4 * there.max()


def test_progress_only_rises(in_parts, told):
    for stage in ("people", "fit"):
        done = [each for name, each, _ in told if name == stage]
        assert done == sorted(done) and len(set(done)) > 3
    last = [(done, total) for name, done, total in told if name == "fit"][-1]
    assert last[0] == last[1]


def test_what_was_stopped_is_taken_up_again(tmp_path, in_parts):
    followed: list[int] = []

    def stop(stage: str, done: int, total: int | None, ahead: object = None) -> None:
        if stage == "people" and done == 65:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        capture(DEMO, tmp_path, _OPTIONS, stop, _SHORT)
    assert [path.name for path in tmp_path.iterdir()] == [PARTS_NAME]
    (take,) = capture(
        DEMO,
        tmp_path,
        _OPTIONS,
        lambda stage, done, total, ahead={}: followed.append(done) if stage == "people" else None,
        _SHORT,
    )
    assert followed[0] > 30, "people found so far are kept"
    for name in ("poses", "trans", "betas", "times", "confidence", "keypoints2d"):
        np.testing.assert_array_equal(getattr(take, name), getattr(in_parts, name))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["capture.json", "person_01.npz"]


def test_people_who_were_found_in_parts_are_those_of_the_capture(tmp_path, in_parts):
    found = find_people(DEMO, tmp_path / "found", _OPTIONS, limits=_SHORT)
    (person,) = found.people
    assert person.thumbnail.exists() and found.tracks.is_dir()
    followed: list[str] = []
    options = replace(_OPTIONS, tracks=found.tracks, people=(1,))
    (take,) = capture(
        DEMO,
        tmp_path / "takes",
        options,
        lambda stage, done, total, ahead={}: followed.append(stage),
        _SHORT,
    )
    assert "people" not in followed, "they were followed again"
    np.testing.assert_array_equal(take.poses, in_parts.poses)
    assert person.seen == take.frame_valid.sum()
    assert (person.start, person.end) == (take.times[0], take.times[-1])

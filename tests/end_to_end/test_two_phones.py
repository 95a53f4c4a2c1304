"""Two clips of one performance go in, one Take of everybody in it comes out, with both cameras."""

from pathlib import Path

import numpy as np
import pytest

from core_model.capture import capture
from core_model.errors import NoPersonError, ViewsError
from core_model.options import CaptureOptions
from core_model.take import Take
from core_model.take.folder import read_summary
from train.evaluate.view_clips import ViewClip, view_clips
from train.places import RENDERED_FOLDER


@pytest.fixture(scope="module")
def punch() -> ViewClip:
    return next(clip for clip in view_clips() if clip.name == "punch")


@pytest.fixture(scope="module")
def captured(punch: ViewClip, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a capture from two views, nothing given but the clips."""
    folder = tmp_path_factory.mktemp("punch")
    first, second = punch.paths
    capture(first, folder, CaptureOptions(views=(second,), quality="fast", hands=False))
    return folder


def test_clock_and_cameras_are_found_and_stored(punch: ViewClip, captured: Path) -> None:
    take = Take.load(captured / "person_01.npz")
    (view,) = take.views
    assert abs(view.offset - punch.offsets[1]) < 0.025
    assert view.video == str(punch.paths[1]) and view.keypoints2d[..., 2].max() > 0.5
    summary = read_summary(captured)
    assert summary and len(summary.people) == 1
    (told,) = summary.views
    assert told.video == view.video and told.told_by == "motion"
    assert abs(told.offset - view.offset) < 1e-5


def test_both_cameras_see_the_figure_where_the_person_is(punch: ViewClip, captured: Path) -> None:
    take = Take.load(captured / "person_01.npz")
    (view,) = take.views
    assert take.camera
    in_first = take.camera.world_to_camera(take.joints())
    in_view = view.camera.world_to_camera(in_first)
    frames = np.rint((take.times - view.offset) * punch.views[1].frame_rate).astype(int)
    inside = (frames >= 0) & (frames < len(view.times))
    truth = punch.views[1].seen(punch.takes[0])
    assert truth.camera
    expected = truth.camera.project(truth.camera_joints())[frames[inside]]
    missed = np.linalg.norm(view.camera.project(in_view[inside]) - expected, axis=-1)
    size = np.ptp(expected, axis=1).max(axis=-1)[:, None]
    assert np.median(missed / size) < 0.05
    # Upright, and on the floor.
    joints = take.joints()
    assert (joints[:, 15, 2] > joints[:, 0, 2] + 0.3).all()
    assert abs(np.percentile(joints[..., 2].min(axis=1), 50)) < 0.12


def test_another_performance_is_refused_and_nothing_is_left(
    punch: ViewClip, tmp_path: Path
) -> None:
    options = CaptureOptions(
        views=(RENDERED_FOLDER / "seated.mp4",),
        quality="fast",
        hands=False,
        refine=False,
        end=1.0,
    )
    with pytest.raises((ViewsError, NoPersonError), match=r"seated\.mp4"):
        capture(punch.paths[0], tmp_path / "out", options)
    assert not (tmp_path / "out").exists()

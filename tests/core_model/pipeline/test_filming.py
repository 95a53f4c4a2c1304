"""Edges tell the lens where nothing that is surer does, and what is plumb through that lens."""

from pathlib import Path

import numpy as np
import pytest

from core_model.capture import prepare
from core_model.options import CaptureOptions
from core_model.pipeline.filming import know_filming
from core_model.pipeline.work import Work
from core_model.tracking.background import BackgroundMatch
from core_model.tracking.line_segments import LineLook
from core_model.world.camera_motion import MOVES
from tests.core_model.video.clips import write_greys
from tests.core_model.video.lenses import with_lens
from tests.core_model.world.rooms import edges_seen, held

TO_CAMERA = held(8, 2, 30)
STILL = [BackgroundMatch(0.0, 0, None, None, 40), BackgroundMatch(1.0, 0, None, None, 40)]


def work_on(path: Path, focal: float | None = None) -> Work:
    """Return work on a clip whose pictures are taken to be as large as the made-up edges need."""
    work = prepare(path, CaptureOptions(focal=focal))
    scale = 1280 / work.camera.size.max()
    size = np.array([1280.0, 720.0])
    work.camera = type(work.camera)(work.camera.focal * scale, size / 2, size)
    work.times = np.arange(30) / 30
    return work


@pytest.fixture
def plain(tmp_path: Path) -> Path:
    return write_greys(tmp_path / "plain.mp4", 3)


def test_edges_tell_a_lens_that_nobody_knows(plain: Path) -> None:
    work = work_on(plain)
    know_filming(work, STILL, [edges_seen(900, TO_CAMERA)])
    assert work.focal_told_by == "edges" and 0 < work.focal_spread < 0.1
    assert abs(np.log(work.camera.focal / 900)) < 0.05
    assert work.room is not None
    up = TO_CAMERA @ [0.0, -1.0, 0.0]
    assert np.abs(work.room.axes @ up).max() > np.cos(np.radians(1))


def test_a_lens_that_is_given_stays(plain: Path) -> None:
    work = work_on(plain, focal=900 / 1280 * 96)
    know_filming(work, STILL, [edges_seen(900, TO_CAMERA)])
    assert work.focal_told_by == "given" and work.camera.focal == pytest.approx(900)
    assert work.room is not None


def test_edges_mend_what_a_phone_says_before_it_cuts_its_pictures(tmp_path: Path) -> None:
    phone = with_lens(write_greys(tmp_path / "phone.mov", 3), 26)
    work = work_on(phone)
    told = work.camera.focal
    know_filming(work, STILL, [edges_seen(1.08 * told, TO_CAMERA)])
    assert work.focal_told_by == "edges"
    assert abs(np.log(work.camera.focal / told / 1.08)) < 0.03


def test_without_edges_all_is_as_it_was(plain: Path) -> None:
    work = work_on(plain)
    focal = work.camera.focal
    know_filming(work, STILL, [])
    assert (work.focal_told_by, work.camera.focal, work.room) == ("assumed", focal, None)


def test_of_a_camera_that_is_carried_edges_tell_only_the_lens(plain: Path) -> None:
    random = np.random.default_rng(0)
    chaos = [
        BackgroundMatch(
            n / 15, 0, random.uniform(0, 700, (40, 2)), random.uniform(0, 700, (40, 2)), 40, 40
        )
        for n in range(20)
    ]
    chaos[0] = STILL[0]
    work = work_on(plain)
    looks = [edges_seen(900, held(8, 2, 30 + 20 * n), time=n / 4) for n in range(3)]
    know_filming(work, chaos, looks)
    assert MOVES in work.warnings
    assert work.focal_told_by == "edges" and abs(np.log(work.camera.focal / 900)) < 0.05
    assert work.room is None


def test_the_lens_looks_through_the_middle_of_what_bars_leave(plain: Path) -> None:
    """A phone clip held upright, amid its own blurred copy, two thirds to the left."""
    upright = LineLook(0.0, np.empty((0, 2, 2)), (240.0, 0.0, 645.0, 720.0))
    work = work_on(plain)
    know_filming(work, STILL, [upright] * 5)
    np.testing.assert_allclose(work.camera.center, (442.5, 360))
    assert work.focal_told_by == "assumed" and work.camera.focal == 720
    given = work_on(plain, focal=900 / 1280 * 96)
    know_filming(given, STILL, [upright] * 5)
    np.testing.assert_allclose(given.camera.center, (442.5, 360))
    assert given.camera.focal == pytest.approx(900)

"""The lens, and what is plumb, from edges of made-up rooms and of a real laboratory."""

from pathlib import Path

import numpy as np
import pytest

from core_model.geometry.camera import Camera
from core_model.tracking.line_segments import LineLook, LineSegments
from core_model.video.clip import open_video
from core_model.world.manhattan import Lens, ManhattanFrame, find_manhattan_frame
from tests.core_model.world.rooms import edges_seen, held

CAMERA = Camera.assumed(1280, 720)
UNKNOWN = Lens(0.95, 0.35)
TIMES = np.arange(60) / 30


def found(*looks: LineLook, lens: Lens = UNKNOWN) -> ManhattanFrame | None:
    return find_manhattan_frame(looks, TIMES, CAMERA, lens)


def degrees_off(frame: ManhattanFrame, to_camera: np.ndarray) -> float:
    """Return by how much the direction that is furthest off is, degrees."""
    nearest = np.abs(frame.axes @ to_camera).max(axis=0)
    return float(np.degrees(np.arccos(np.clip(nearest, -1, 1))).max())


@pytest.mark.parametrize("ratio", [0.6, 0.95, 1.5])
@pytest.mark.parametrize(("pitch", "roll", "yaw"), [(8, 2, 30), (20, -20, -50), (-5, 1, 15)])
def test_lens_and_room_are_found(ratio: float, pitch: float, roll: float, yaw: float) -> None:
    to_camera = held(pitch, roll, yaw)
    frame = found(edges_seen(ratio * 1280, to_camera))
    assert frame is not None
    off = abs(np.log(frame.focal / (ratio * 1280)))
    assert off < 0.1 and off < 3 * frame.spread
    assert degrees_off(frame, to_camera) < 1.5


def test_a_known_lens_is_not_asked_about() -> None:
    to_camera = held(8, 2, 30)
    frame = found(edges_seen(1200, to_camera), lens=Lens(1200 / 1280, 0.0))
    assert frame is not None
    assert (frame.focal, frame.spread) == (pytest.approx(1200), 0.0)
    assert degrees_off(frame, to_camera) < 1


def test_a_wall_straight_ahead_tells_up_but_not_the_lens() -> None:
    to_camera = held(0, 3, 0)
    frame = found(edges_seen(1600, to_camera, directions=np.eye(3)[:2]))
    assert frame is not None
    assert frame.spread > 0.25
    leaning = held(0, 1, 0) @ [0.0, -1.0, 0.0]
    up = frame.plumb(leaning)
    assert np.degrees(np.arccos(up @ to_camera @ [0.0, -1.0, 0.0])) < 0.7


def test_edges_at_random_are_no_room() -> None:
    for seed in range(6):
        assert found(edges_seen(1200, np.eye(3), count=0, stray=90, seed=seed)) is None
    assert found() is None
    assert found(edges_seen(1200, np.eye(3), count=5, stray=3)) is None


def test_edges_that_all_run_alike_are_borne() -> None:
    ends = np.array([[[100.0, 50.0 + n], [900.0, 50.0 + n]] for n in range(20)])
    alike = found(LineLook(0.0, ends))
    assert alike is None or alike.spread > 0.25
    same = found(LineLook(0.0, np.repeat(ends[:1], 20, axis=0)))
    assert same is None or same.spread > 0.25


def test_edges_that_no_picture_shows_are_left_out() -> None:
    """A damaged file may hold them."""
    good = edges_seen(1200, held(8, 2, 30))
    points = np.repeat(good.ends[:, :1], 2, axis=1)
    assert found(LineLook(0.0, points)) is None
    assert found(LineLook(0.0, np.full((40, 2, 2), 1e300))) is None
    wild = np.concatenate((good.ends, points, np.full((40, 2, 2), 1e300)))
    clean, mended = found(good), found(LineLook(0.0, wild))
    assert clean is not None and mended is not None and clean.focal == mended.focal


def test_a_roof_is_no_room() -> None:
    """Its edges are at right angles, but none of them is plumb."""
    assert found(edges_seen(1200, held(5, 45, 20))) is None


def test_a_camera_that_turns_adds_up_what_it_sees() -> None:
    turns = np.stack([held(0, 0, 20 * time) for time in TIMES])  # from each camera's space
    looks = [
        edges_seen(
            900, turns[frame].T @ held(8, 2, 30), count=30, stray=5, seed=frame, time=TIMES[frame]
        )
        for frame in (0, 20, 40)
    ]
    frame = find_manhattan_frame(looks, TIMES, CAMERA, UNKNOWN, turns)
    assert frame is not None
    assert abs(np.log(frame.focal / 900)) < 0.05
    assert degrees_off(frame, held(8, 2, 30)) < 1.5


def test_a_zoom_is_taken_out() -> None:
    zoom = np.linspace(1, 1.6, len(TIMES))
    looks = [
        edges_seen(
            900 * zoom[frame], held(8, 2, 30), count=30, stray=5, seed=frame, time=TIMES[frame]
        )
        for frame in (0, 30, 59)
    ]
    frame = find_manhattan_frame(looks, TIMES, CAMERA, UNKNOWN, zoom=zoom)
    assert frame is not None and abs(np.log(frame.focal / 900)) < 0.05


def test_people_and_edges_are_weighed_for_up() -> None:
    axes, leaning = np.eye(3), np.array([0.05, -1.0, 0.03])
    leaning /= np.linalg.norm(leaning)
    sure = ManhattanFrame(axes, 1e-8 * np.eye(3), 1000.0, 0.01, 0.9)
    np.testing.assert_allclose(sure.plumb(leaning), [0, -1, 0], atol=1e-3)
    unsure = ManhattanFrame(axes, 1e4 * np.eye(3), 1000.0, 0.3, 0.9)
    np.testing.assert_allclose(unsure.plumb(leaning), leaning, atol=1e-3)
    lying = np.array([0.5, -0.7, 0.5]) / np.linalg.norm([0.5, -0.7, 0.5])
    np.testing.assert_array_equal(sure.plumb(lying), lying)


def test_up_is_told_to_the_fit_where_it_is_clear() -> None:
    to_camera = held(25, 5, 30)
    up = to_camera @ [0.0, -1.0, 0.0]
    sure = ManhattanFrame(to_camera.T, 1e-5 * np.eye(3), 1000.0, 0.01, 0.9)
    bent = to_camera @ [0.0, -0.8, 0.6]
    for people in (up, bent):
        told = sure.up_along(people)
        assert told is not None
        np.testing.assert_allclose(told, up, atol=1e-9)
    vague = ManhattanFrame(to_camera.T, 0.01 * np.eye(3), 1000.0, 0.01, 0.9)
    assert vague.up_along(up) is None
    assert sure.up_along(0 * up) is None


@pytest.mark.parametrize(("name", "ratio"), [("cam01", 0.876), ("cam03", 0.876), ("cam04", 0.873)])
def test_a_laboratory_tells_how_its_cameras_were_calibrated(
    shared: Path, name: str, ratio: float
) -> None:
    """Focal lengths of `Calib.qca.txt`, of the longer side; the cameras are rolled by up to 26°."""
    clip = open_video(shared / "data" / "clips" / "pose2sim_single" / f"{name}.mp4")
    lines = LineSegments()
    lines.update(next(iter(clip)), [])
    (look,) = lines.take_out()
    camera = Camera.assumed(clip.width, clip.height)
    frame = find_manhattan_frame([look], np.zeros(1), camera, UNKNOWN)
    assert frame is not None
    assert abs(np.log(frame.focal / camera.size.max() / ratio)) < 0.05

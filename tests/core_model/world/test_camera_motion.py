"""How the camera turned and zoomed is found from a drawn room: a wall and what stands before it."""

import cv2
import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from core_model.geometry.camera import Camera
from core_model.tracking.background import Background, matches_of_shot
from core_model.video.clip import Frame
from core_model.world.camera_motion import CameraMotion, camera_motion

SIZE, FOCAL, RATE = (480, 360), 430.0, 30
WALL, PILLARS = 6.0, 2.5  # metres from the lens


def texture(seed, size=(1800, 1400)):
    random = np.random.default_rng(seed)
    coarse = random.integers(0, 255, (size[1] // 20, size[0] // 20, 3), np.uint8)
    fine = random.integers(0, 255, (size[1] // 5, size[0] // 5, 3), np.uint8)
    return cv2.addWeighted(cv2.resize(coarse, size), 0.6, cv2.resize(fine, size), 0.4, 0)


def filmed(turns, places=None, zooms=None, people=()):
    """Let a camera see the room; return what `camera_motion` finds, the focal length unknown.

    Parameters
    ----------
    turns : (T, 3, 3)
        From each frame's camera space to the room, which is that of the first.
    places : (T, 3), optional
        Of the camera, metres.
    zooms : (T,), optional
        Focal length, as a multiple.
    people : sequence of int
        Left edges of boxes that jump about in the picture and belong to people.
    """
    wall, pillars = texture(0), texture(1)
    mask = np.zeros(pillars.shape[:2], np.uint8)
    for column in range(300, 1800, 500):
        mask[:, column : column + 120] = 1
    places = np.zeros((len(turns), 3)) if places is None else places
    zooms = np.ones(len(turns)) if zooms is None else zooms
    middle = np.array([[1, 0, -900.0], [0, 1, -700.0], [0, 0, FOCAL]])
    background = Background(*SIZE)
    random = np.random.default_rng(2)
    for index, (turn, place, zoom) in enumerate(zip(turns, places, zooms, strict=True)):
        lens = np.array([[FOCAL * zoom, 0, 240], [0, FOCAL * zoom, 180], [0, 0, 1.0]])
        image = np.zeros((SIZE[1], SIZE[0], 3), np.uint8)
        for depth, picture, cover in ((WALL, wall, None), (PILLARS, pillars, mask)):
            shift = np.eye(3)
            shift[:, 2] -= place / depth
            plane = lens @ turn.T @ shift @ middle
            seen = cv2.warpPerspective(picture, plane, SIZE)
            part = True if cover is None else cv2.warpPerspective(cover, plane, SIZE)[..., None] > 0
            image = np.where(part, seen, image)
        boxes = []
        for left in people:
            at = left + random.integers(0, 30)
            image[60:330, at : at + 120] = random.integers(0, 255, (270, 120, 3))
            boxes.append(np.array([at, 60, 120, 270]))
        background.update(Frame(index / RATE, image), boxes)
    times = np.arange(len(turns)) / RATE
    return camera_motion(background.take_out(), times, Camera.assumed(*SIZE), focal_known=False)


def panning(degrees, seconds=2.0):
    """Return turns (T, 3, 3) of a camera that goes to the right, and a little up and askew."""
    share = 0.5 - 0.5 * np.cos(np.linspace(0, np.pi, round(seconds * RATE)))
    angles = np.outer(share, degrees * np.array([1, 0.15, 0.1]))
    return Rotation.from_euler("yxz", angles, degrees=True).as_matrix()


def degrees_off(motion, turns):
    assert motion.turns is not None
    found = np.swapaxes(motion.turns[:1], 1, 2) @ motion.turns
    true = turns[0].T @ turns
    return np.degrees(Rotation.from_matrix(np.swapaxes(found, 1, 2) @ true).magnitude())


@pytest.mark.parametrize("degrees", [15, 40])
def test_a_turning_camera_is_measured_and_tells_its_focal_length(degrees):
    turns = panning(degrees)
    motion = filmed(turns)
    assert degrees_off(motion, turns).max() < 0.01 * degrees + 0.05
    assert motion.focal == pytest.approx(FOCAL, rel=0.02)
    (warning,) = motion.warnings
    assert warning.startswith("The camera turns, by up to ")
    assert float(warning.split()[6]) == pytest.approx(degrees, abs=1)


def test_a_hand_that_holds_the_camera_is_taken_out_but_tells_no_focal_length():
    seconds = np.arange(60) / RATE
    sway = np.stack([1.5 * np.sin(2.5 * seconds), 0.8 * np.sin(4 * seconds), 0 * seconds], axis=1)
    turns = Rotation.from_euler("yxz", sway, degrees=True).as_matrix()
    places = 0.02 * np.sin(2 * seconds)[:, None] * np.array([1.0, 1, 0])
    motion = filmed(turns, places)
    assert motion.focal is None and motion.zoom is None
    assert degrees_off(motion, turns).max() < 0.5


def test_a_hand_that_holds_a_long_lens_is_taken_out():
    sway = np.stack([np.sin(np.arange(60) / 9), 0.7 * np.cos(np.arange(60) / 7)], axis=1)
    turns = Rotation.from_euler("yx", 0.25 * sway, degrees=True).as_matrix()
    motion = filmed(turns, zooms=np.full(60, 6.0))
    assert motion.turns is not None and motion.focal is None
    camera = Camera.assumed(*SIZE)
    ahead = np.array([0, 0, 1.0])
    seen = camera.project(np.swapaxes(motion.turns, 1, 2) @ ahead)
    true = Camera.assumed(*SIZE).project(
        (np.swapaxes(turns, 1, 2) @ ahead) * [1, 1, 480 / FOCAL / 6]
    )
    off = (seen - seen.mean(axis=0)) - (true - true.mean(axis=0))
    assert np.abs(off).max() < 1 < 10 < np.ptp(true, axis=0).min()


def test_turns_are_seen_from_the_middle_of_all():
    motion = filmed(panning(30))
    vectors = Rotation.from_matrix(motion.turns).as_rotvec()
    assert np.linalg.norm(vectors.mean(axis=0)) < 0.02


def test_people_before_the_background_do_not_count():
    still = np.tile(np.eye(3), (60, 1, 1))
    assert filmed(still, people=(60, 250)) == CameraMotion()
    turns = panning(15)
    assert degrees_off(filmed(turns, people=(60, 250)), turns).max() < 0.3


def test_a_camera_that_rests_stands_still():
    still = np.tile(np.eye(3), (60, 1, 1))
    assert filmed(still) == CameraMotion()


def test_a_still_background_is_looked_at_seldom():
    background = Background(*SIZE)
    image = texture(0, SIZE)
    for index in range(120):
        background.update(Frame(index / RATE, image), [])
    matches = np.array([match.time for match in background.take_out()])
    assert np.diff(matches[:5]).max() < 0.1 and np.diff(matches[-5:]).min() > 0.2


@pytest.mark.parametrize("way", [(1.5, 0, 1.0), (1.0, 0, 0), (0, 0, 1.5)])
def test_a_camera_that_is_carried_is_told_and_left_alone(way):
    frames = 75
    still = np.tile(np.eye(3), (frames, 1, 1))
    motion = filmed(still, places=np.linspace(0, 1, frames)[:, None] * np.array(way))
    assert motion.turns is None and motion.focal is None and motion.zoom is None
    (warning,) = motion.warnings
    assert warning.startswith("The camera moves or zooms")


def in_and_out(most, seconds=2.5):
    """Return how much a lens zooms (T,): in after half a second, for a while, and out again."""
    share = np.linspace(0, 1, round(seconds * RATE))
    return most ** (np.clip((share - 0.2) / 0.3, 0, 1) - np.clip((share - 0.7) / 0.2, 0, 1))


def off(motion, zooms):
    assert motion.zoom is not None
    return np.abs(motion.zoom / zooms - 1)


def test_a_zoom_is_measured_and_the_lens_rests_exactly_before_and_after():
    zooms = in_and_out(1.6)
    motion = filmed(np.tile(np.eye(3), (75, 1, 1)), zooms=zooms, people=(60, 250))
    assert off(motion, zooms).max() < 0.015 and np.median(off(motion, zooms)) < 0.002
    assert (motion.zoom[:12] == 1).all() and np.ptp(motion.zoom[42:50]) == 0
    assert motion.turns is None and motion.zoom_sure > 0.8
    (warning,) = motion.warnings
    assert warning.startswith("The camera zooms, up to 1.60 times")


def test_a_zoom_of_a_camera_that_turns_is_measured_with_its_turns_and_its_focal_length():
    turns, zooms = panning(40, 2.5), in_and_out(1.6)
    motion = filmed(turns, zooms=zooms)
    assert off(motion, zooms).max() < 0.02 and degrees_off(motion, turns).max() < 0.8
    assert motion.focal == pytest.approx(FOCAL, rel=0.02)


@pytest.mark.parametrize(("most", "told"), [(1.05, True), (1.01, False)])
def test_a_zoom_is_told_where_it_is_clear(most, told):
    zooms = in_and_out(most)
    motion = filmed(np.tile(np.eye(3), (75, 1, 1)), zooms=zooms)
    assert (motion.zoom is not None) == told
    if told:
        assert off(motion, zooms).max() < 0.015


def test_a_zoom_that_was_lost_sight_of_is_not_told():
    """A picture that is covered for a moment in the middle of a zoom."""
    background = Background(*SIZE)
    picture = texture(0, SIZE)
    for index, zoom in enumerate(in_and_out(1.6)):
        grown = np.array([[zoom, 0, 240 * (1 - zoom)], [0, zoom, 180 * (1 - zoom)]])
        image = cv2.warpAffine(picture, grown, SIZE)
        if 20 <= index < 30:
            image[:] = 90
        background.update(Frame(index / RATE, image), [])
    motion = camera_motion(
        background.take_out(), np.arange(75) / RATE, Camera.assumed(*SIZE), False
    )
    assert motion.zoom is None


def test_a_picture_without_any_corner_tells_nothing():
    background = Background(*SIZE)
    for index in range(30):
        background.update(Frame(index / RATE, np.full((SIZE[1], SIZE[0], 3), 90, np.uint8)), [])
    times = np.arange(30) / RATE
    assert (
        camera_motion(background.take_out(), times, Camera.assumed(*SIZE), False) == CameraMotion()
    )


def test_a_shot_knows_only_its_own_background() -> None:
    """Its first frame is a key picture, whatever of the shot before is seen in it still."""
    background = Background(*SIZE)
    logo = texture(5)[:90, :90]
    for index in range(40):
        picture = texture(3 if index < 20 else 4)[100:460, 100 + index : 580 + index].copy()
        picture[:90, :90] = logo
        background.update(Frame(index / RATE, picture), [], anew=index == 20)
    matches = background.take_out()
    own = matches_of_shot(matches, 20 / RATE, np.inf)
    assert own[0].time == 20 / RATE and own[0].before is None and own[0].key == 0
    assert all(0 <= match.key < number for number, match in enumerate(own[1:], 1))
    assert all(match.moved for match in own[1:])
    last = own[-1]
    assert last.before is not None and last.after is not None
    assert 10 < np.median(np.linalg.norm(last.after - last.before, axis=1)) < 20  # one a frame
    assert matches_of_shot(matches, 5.0, 6.0) == []

"""Cameras are turned against each other as the edges that both show tell it."""

from dataclasses import replace

import numpy as np
from scipy.spatial.transform import Rotation

from core_model.fit.placed_camera import PlacedCamera
from core_model.geometry.rotations import rotation_angle
from core_model.take import Take
from core_model.views.clips import ClipMotion
from core_model.views.rooms import shared_room, turn_between, turned_by_rooms
from core_model.world.manhattan import ManhattanFrame
from tests.core_model.views.filming import around, at_origin, between, filmed
from train.places import RENDERED_FOLDER

FIRST, SECOND = around(0), around(85, distance=3.4, height=1.3)
PUNCH = at_origin(RENDERED_FOLDER / "punch_01.npz", slice(20, 40))


def room(axes: np.ndarray, degrees: float = 0.5) -> ManhattanFrame:
    return ManhattanFrame(axes, np.radians(degrees) ** 2 * np.eye(3), 1100.0, 0.02, 0.9)


def clips_of(take: Take) -> tuple[ClipMotion, ClipMotion]:
    """Return two clips that show edges of one room, each in an order of its own."""
    clips = filmed([take], FIRST), filmed([take], SECOND, name="b.mp4")
    clips[0].room = room(FIRST.to_world[:3, :3][[2, 0, 1]])
    clips[1].room = room(-SECOND.to_world[:3, :3][[1, 0, 2]])
    return clips


def guessed(degrees: float) -> PlacedCamera:
    """Return the second camera, turned wrongly about where people are."""
    rotation, translation = between(FIRST, SECOND)
    middle = FIRST.world_to_camera(PUNCH.joints()[:, 0]).mean(axis=0)
    turn = Rotation.from_rotvec(np.radians(degrees) * np.array([0.6, 0.0, 0.8])).as_matrix()
    wrong = turn @ rotation
    place = rotation @ middle + translation - wrong @ middle
    return PlacedCamera(SECOND, wrong, place)


def test_edges_tell_the_turn_that_people_tell_roughly() -> None:
    clips = clips_of(PUNCH)
    rotation, translation = between(FIRST, SECOND)
    cameras = [PlacedCamera(FIRST, np.eye(3), np.zeros(3)), guessed(8)]
    first, second = turned_by_rooms(clips, cameras)
    assert first is cameras[0]
    assert np.degrees(rotation_angle(second.rotation, rotation)) < 0.01
    assert np.linalg.norm(second.translation - translation) < 0.05
    assert np.isclose(np.degrees(second.turn_spread), 0.5 * np.sqrt(2))


def test_edges_tell_another_turn_through_another_lens() -> None:
    """What both rooms would be if both lenses were longer is what the turn leans to."""
    clips = clips_of(PUNCH)
    longer = 1.2, 1.1
    for clip, tilt in zip(clips, ([0.0, 0.1, 0.02], [0.05, -0.2, 0.0]), strict=True):
        assert clip.room
        clip.room = replace(clip.room, leaning=np.array(tilt), turned=0.01 * np.eye(3))
    told = turn_between(clips[0].room, clips[1].room, guessed(8).rotation)
    assert told
    clips[0].room, clips[1].room = (
        clip.room.through(clip.room.focal * each)
        for clip, each in zip(clips, longer, strict=True)
        if clip.room
    )
    through = turn_between(clips[0].room, clips[1].room, guessed(8).rotation)
    assert through
    lean = Rotation.from_rotvec(np.log(longer) @ told.leaning).as_matrix()
    assert np.degrees(rotation_angle(through.rotation, told.rotation)) > 1
    assert np.degrees(rotation_angle(through.rotation, lean @ told.rotation)) < 0.1


def test_edges_of_different_things_say_nothing() -> None:
    clips = clips_of(PUNCH)
    cameras = [PlacedCamera(FIRST, np.eye(3), np.zeros(3)), guessed(20)]
    assert turned_by_rooms(clips, cameras) == cameras
    clips[1].room = None
    cameras[1] = guessed(8)
    assert turned_by_rooms(clips, cameras) == cameras
    assert turn_between(None, clips[0].room, np.eye(3)) is None


def test_up_is_told_by_whoever_shows_edges_best() -> None:
    clips = clips_of(PUNCH)
    rotation, translation = between(FIRST, SECOND)
    cameras = [
        PlacedCamera(FIRST, np.eye(3), np.zeros(3)),
        PlacedCamera(SECOND, rotation, translation, turn_spread=0.01),
    ]
    up = FIRST.to_world[:3, :3].T @ [0.0, 0.0, 1.0]
    leaning = Rotation.from_euler("z", 4, degrees=True).as_matrix() @ up
    for own, other in ((0.5, 5.0), (5.0, 0.2), (None, 0.5)):
        clips[0].room = (
            None
            if own is None
            else replace(room(FIRST.to_world[:3, :3]), turned=np.radians(own) ** 2 * np.eye(3))
        )
        clips[1].room = replace(
            room(SECOND.to_world[:3, :3]), turned=np.radians(other) ** 2 * np.eye(3)
        )
        shared = shared_room(clips, cameras)
        assert shared is not None
        assert np.degrees(np.arccos(np.clip(shared.plumb(leaning) @ up, -1, 1))) < 0.5
    clips[0].room = clips[1].room = None
    assert shared_room(clips, cameras) is None

"""Writing a scene again gives the same scene, and leaves alone what the user added to it."""

from typing import Any

import bpy
import numpy as np
import pytest

from bake.motion.resample import FrameRate, Timeline
from bake.scene.animation.motion import motion_of
from bake.scene.body_mesh import COLOURS
from bake.scene.clip.camera_turns import is_turned_by_hand, turn_keys
from bake.scene.clip.clip_camera import put_background, put_camera, put_collection
from bake.scene.timing import fit_timing
from bake.scene.writer import Figure, write_person
from core_model.geometry.rotations import axis_angle_to_matrix
from core_model.take import Take
from tests.bake.conftest import curves_of
from tests.bake.motions import filmed_from_the_front, walking
from tests.bake.scene_dump import dump


class Written:
    """A scene of one clip with one person, written as often as wanted."""

    def __init__(self, scene: bpy.types.Scene, take: Take, clip: Any = None) -> None:
        self.scene, self.take, self.clip = scene, take, clip
        self.figure = Figure()
        self.camera: Any = None
        self.rate = FrameRate(30, 1.0)

    def write(self, start: int = 1, **options: Any) -> list[str]:
        """Write all of it, with what was there before."""
        scene, take = self.scene, self.take
        timeline = Timeline(self.rate, take.times[0], start)
        motion = motion_of(take, timeline, options.pop("smoothing", "default"))
        fit_timing(scene, timeline, [motion.keys], [self.figure.armature])
        collection = put_collection(scene, "street", [self.figure.armature])
        self.figure, warnings = write_person(
            scene, self.figure, "anna", motion, collection, colour=COLOURS[0], **options
        )
        assert take.camera
        turns = turn_keys([take], timeline)
        self.camera = put_camera(scene, self.camera, "street", take.camera, turns, collection)
        warnings += put_background(self.camera, self.clip, timeline, take.camera.size)
        return warnings


@pytest.fixture
def clip(tmp_path):
    """A folder of pictures, of the size that the camera filmed in."""
    image: Any = bpy.data.images.new("frame", 1280, 720)
    image.file_format = "PNG"
    for number in (1, 2):
        image.save(filepath=str(tmp_path / "frames" / f"{number:04d}.png"))
    bpy.data.images.remove(image)
    return tmp_path / "frames"


@pytest.fixture
def shot(empty_scene, clip):
    """Somebody who walks, is gone for a second and moves their fingers; the camera turns."""
    take = walking(frames=90, camera=filmed_from_the_front())
    take.frame_valid[30:60] = False
    take.confidence[10:20, 7:10] = 0.2
    take.poses_hands = 0.3 * np.sin(take.times[:, None] + np.arange(90))
    pan = np.linspace(-0.4, 0.5, len(take))
    take.camera_turns = axis_angle_to_matrix(pan[:, None] * np.array([0.1, 1.0, 0.05]))
    return Written(empty_scene, take, clip)


def test_writing_twice_gives_the_same_scene(shot):
    shot.write()
    once = dump()
    assert once["anna"]["curves"] and once["anna_body"]["drivers"]
    assert once["street_camera"]["drivers"] and once["street_camera"]["backgrounds"]
    shot.write()
    assert dump() == once


def test_what_is_written_last_is_what_counts(shot):
    shot.write(smoothing="heavy", start=101, with_body=False, marked=False)
    last = dump()
    shot.write()
    assert dump() != last
    shot.write(smoothing="heavy", start=101, with_body=False, marked=False)
    assert dump() == last


def test_a_turning_camera_follows_start_and_rate(shot):
    shot.write()
    (turn,) = (c for c in shot.camera.animation_data.drivers if c.array_index == 1)
    first, last = turn.keyframe_points[0], turn.keyframe_points[-1]
    assert (first.co.x, last.co.x) == (1, 90)
    shot.rate = FrameRate(60, 1.0)
    shot.write(start=101)
    (turn,) = (c for c in shot.camera.animation_data.drivers if c.array_index == 1)
    first, last = turn.keyframe_points[0], turn.keyframe_points[-1]
    assert (first.co.x, last.co.x) == (101, 279)


@pytest.mark.parametrize("edit", ["point", "expression", "modifier"])
def test_turns_of_the_camera_that_were_edited_stay(shot, edit: str):
    shot.write()
    turns = [curve for curve in shot.camera.animation_data.drivers if "rotation" in curve.data_path]
    if edit == "point":
        turns[1].keyframe_points[7].co.y += 0.1
    elif edit == "expression":
        turns[1].driver.expression = "frame + 1"
    else:
        turns[1].modifiers.new("NOISE")
    kept = dump()["street_camera"]["drivers"]
    shot.write(start=101)
    assert dump()["street_camera"]["drivers"] == kept and is_turned_by_hand(shot.camera)
    shot.camera.driver_remove("rotation_quaternion")
    shot.write(start=101)
    assert not is_turned_by_hand(shot.camera), "those that were deleted are made again"
    assert dump()["street_camera"]["drivers"] != kept


def test_channels_that_the_user_keyed_stay(shot):
    shot.write()
    armature: Any = shot.figure.armature
    armature.location.x = 3
    armature.keyframe_insert("location", frame=5)
    hand = armature.pose.bones["left_hand"]
    hand.keyframe_insert("scale", frame=7)
    shot.write(smoothing="heavy")
    paths = {curve.data_path for curve in curves_of(armature).fcurves}
    assert {"location", 'pose.bones["left_hand"].scale'} <= paths
    assert [action.name for action in bpy.data.actions] == ["anna"]


def test_looks_and_other_backgrounds_of_the_camera_stay(shot):
    shot.write()
    images = shot.camera.data.background_images
    images[0].alpha = 0.25
    images.new().source = "IMAGE"
    shot.write()
    assert sorted((image.source, image.alpha) for image in images) == [
        ("IMAGE", 0.5),
        ("MOVIE_CLIP", 0.25),
    ]
    assert len(bpy.data.movieclips) == 1


@pytest.mark.parametrize("switch", ["hide_viewport", "exclude"])
def test_a_second_person_comes_into_a_collection_that_is_not_shown(shot, switch):
    shot.write()
    layer = bpy.context.view_layer
    assert layer
    setattr(layer.layer_collection.children["street"], switch, True)
    collection = bpy.data.collections["street"]
    timeline = Timeline(FrameRate(30, 1.0), 0.0)
    figure, _ = write_person(
        shot.scene,
        Figure(),
        "bert",
        motion_of(shot.take, timeline),
        collection,
        colour=COLOURS[1],
    )
    assert figure.armature and figure.armature.users_collection == (collection,)
    assert len(curves_of(figure.armature).fcurves) == 4 * 54 + 3 + 2

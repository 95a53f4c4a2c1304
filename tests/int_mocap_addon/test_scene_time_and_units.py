"""Where a take goes in a scene that has its own time and units."""

from pathlib import Path
from typing import Any

import bpy
import numpy as np
import pytest
from bpy_extras.object_utils import world_to_camera_view

from core_model.body.skeleton import JOINT_NAMES, SMPL_TO_WORLD
from core_model.geometry.rotations import axis_angle_to_matrix, matrix_to_axis_angle
from core_model.take import Take
from tests.bake.motions import filmed_from_the_front, walking


def _animate(*frames: int) -> None:
    other = bpy.data.objects.new("other", None)
    bpy.context.scene.collection.objects.link(other)
    for frame in frames:
        other.keyframe_insert("location", frame=frame)


def _seen(body: Any) -> list[int]:
    """Return the frames of the scene in which a body is seen."""
    scene, seen = bpy.context.scene, []
    for frame in range(scene.frame_start, scene.frame_end + 1):
        scene.frame_set(frame)
        if not body.evaluated_get(bpy.context.evaluated_depsgraph_get()).hide_viewport:
            seen.append(frame)
    return seen


def test_the_motion_begins_at_the_scenes_first_frame(mocap, walk):
    scene: Any = bpy.context.scene
    scene.frame_start, scene.frame_end = 1001, 1100
    _animate(1001, 1100)
    bpy.ops.int_mocap.bake()
    assert (scene.frame_start, scene.frame_end) == (1001, 1100)
    assert _seen(walk.body) == list(range(1001, 1049)) and mocap.cleanup.start_frame == 1001
    scene.frame_start = 1010
    bpy.ops.int_mocap.bake()
    assert walk.armature.animation_data.action.curve_frame_range[0] == 1001, "it stays there"


def test_a_start_frame_that_was_chosen_counts(mocap, walk):
    scene: Any = bpy.context.scene
    scene.frame_start, scene.frame_end = 1001, 1100
    _animate(1001, 1100)
    mocap.cleanup.start_frame = 1
    bpy.ops.int_mocap.bake()
    assert (scene.frame_start, scene.frame_end) == (1, 1100)
    assert _seen(walk.body) == list(range(1, 49))


def test_what_else_the_file_holds_does_not_hold_up_rate_and_range(mocap, walk):
    scene: Any = bpy.context.scene
    scene.render.fps = 24
    bpy.data.actions.new("Pose").use_fake_user = True
    bpy.ops.int_mocap.bake()
    assert (scene.render.fps, scene.frame_start, scene.frame_end) == (30, 1, 60)
    bpy.ops.scene.new(type="NEW")
    second = bpy.context.scene
    second.render.fps = 24
    bpy.ops.int_mocap.load_takes(filepath=walk.path)
    bpy.ops.int_mocap.bake()
    assert (second.render.fps, second.frame_start, second.frame_end) == (30, 1, 60)


@pytest.mark.parametrize(
    ("system", "scale", "units"), [("METRIC", 0.01, 100), ("NONE", 0.01, 1), ("IMPERIAL", 0.5, 2)]
)
def test_people_are_as_tall_as_people_in_the_scenes_units(mocap, walk, system, scale, units):
    scene: Any = bpy.context.scene
    scene.unit_settings.system, scene.unit_settings.scale_length = system, scale
    mocap.cleanup.profile = "none"
    mocap.cleanup.reduce_keys = False
    take = Take.load(walk.path)
    assert take.camera
    for _ in range(2):
        bpy.ops.int_mocap.bake()
        for frame in (0, 17):
            scene.frame_set(frame + 1)
            bones = walk.armature.pose.bones
            heads = np.array([bones[name].head for name in JOINT_NAMES]) / units
            assert np.abs(heads - take.joints()[frame]).max() < 1e-4
            pixels = take.camera.project(take.camera_joints()[frame])
            seen = world_to_camera_view(scene, walk.camera, bones["head"].head)
            place = (seen.x * 1280, (1 - seen.y) * 720)
            assert np.allclose(place, pixels[JOINT_NAMES.index("head")], atol=0.1)
    heights = [vertex.co.z for vertex in walk.body.data.vertices]
    assert 1.5 < (max(heights) - min(heights)) / units < 2


def test_motion_from_elsewhere_is_baked_as_the_command_line_bakes_it(mocap, tmp_path):
    """Without a camera nothing is put on the ground, unless the panel says so."""
    from bake.bake_file import bake_file
    from bake.bake_job import BakeJob
    from tests.bake.scene_dump import dump

    def bones_of(moved: dict[str, Any]) -> dict[str, Any]:
        return {path: keys for path, keys in moved.items() if path.startswith("pose.bones")}

    take = walking(frames=60)
    take.trans[:, 2] += 0.5
    filmed = walking(frames=60, camera=filmed_from_the_front())
    filmed.trans[:, 2] += 0.5
    curves = {}
    for name, each in (("amass", take), ("filmed", filmed)):
        path = tmp_path / f"{name}.npz"
        each.save(path)
        bpy.ops.int_mocap.load_takes(filepath=str(path))
        bpy.ops.int_mocap.bake()
        curves[name] = bones_of(dump()[name]["curves"])
    for name, expected in curves.items():
        output = Path(tmp_path, f"{name}.blend")
        bake_file(BakeJob([tmp_path / f"{name}.npz"], output), report=lambda line: None)
        bpy.ops.wm.open_mainfile(filepath=str(output))
        assert bones_of(dump()[name]["curves"]) == expected


def test_motion_with_y_up_stands(mocap, tmp_path):
    take = walking(frames=60)
    upright = take.joints()[0]
    take.poses[:, :3] = matrix_to_axis_angle(
        SMPL_TO_WORLD.T @ axis_angle_to_matrix(take.poses[:, :3])
    )
    pelvis = take.joints()[0, 0] - take.trans[0]
    take.trans = (take.trans + pelvis) @ SMPL_TO_WORLD - pelvis
    take.save(tmp_path / "y_up.npz")
    bpy.ops.int_mocap.load_takes(filepath=str(tmp_path / "y_up.npz"))
    mocap.cleanup.profile = "none"
    assert bpy.ops.int_mocap.bake() == {"FINISHED"}
    bones = mocap.takes[0].armature.pose.bones
    found = np.array([bones[name].head for name in JOINT_NAMES])
    assert np.allclose(found, upright, atol=1e-4)

"""The sub-panel Keys and the in and out points of a take."""

from typing import Any

import bpy
import numpy as np
import pytest

from core_model.body.skeleton import JOINT_NAMES
from tests.bake.conftest import curves_of


def _count(armature: Any) -> int:
    return sum(len(curve.keyframe_points) for curve in curves_of(armature).fcurves)


def _heads(armature: Any) -> np.ndarray:
    """Return where joints (60, 24, 3) are in the scene's first two seconds."""
    found = []
    for frame in range(1, 61):
        bpy.context.scene.frame_set(frame)
        posed = armature.evaluated_get(bpy.context.evaluated_depsgraph_get())
        found.append([posed.pose.bones[name].head[:] for name in JOINT_NAMES])
    return np.array(found)


def test_few_keys_move_the_figure_as_all_of_them_do(mocap, walk):
    bpy.ops.int_mocap.bake()
    few, reduced = _count(walk.armature), _heads(walk.armature)
    mocap.cleanup.reduce_keys = False
    bpy.ops.int_mocap.bake()
    assert few < 0.25 * _count(walk.armature)
    assert np.linalg.norm(reduced - _heads(walk.armature), axis=2).max() <= 0.00201


def test_tolerances_are_those_of_the_panel(mocap, walk):
    counts = []
    for degrees, millimetres in ((0.1, 0.2), (0.5, 2), (10, 50)):
        mocap.cleanup.angle_tolerance = np.radians(degrees)
        mocap.cleanup.distance_tolerance = millimetres
        bpy.ops.int_mocap.bake()
        counts.append(_count(walk.armature))
    assert counts[0] > counts[1] > counts[2]


def test_the_rotation_mode_is_that_of_the_panel_and_the_users_stays(mocap, walk):
    mocap.cleanup.rotation_mode = "XYZ"
    bpy.ops.int_mocap.bake()
    angles = _heads(walk.armature)
    bones = walk.armature.pose.bones
    assert {bone.rotation_mode for bone in bones} == {"XYZ"}
    bones["head"].rotation_mode = "ZXY"
    mocap.cleanup.rotation_mode = "QUATERNION"
    bpy.ops.int_mocap.bake()
    modes = {bone.name: bone.rotation_mode for bone in bones}
    assert modes.pop("head") == "ZXY" and set(modes.values()) == {"QUATERNION"}
    assert np.linalg.norm(angles - _heads(walk.armature), axis=2).max() <= 0.0041


def test_doubt_is_marked_on_the_keys_nearest_to_it(walk):
    bpy.ops.int_mocap.bake()
    doubt = {"left_ankle": range(21, 31), "head": range(0)}
    for curve in curves_of(walk.armature).fcurves:
        for bone, doubtful in doubt.items():
            if f'"{bone}"' not in curve.data_path:
                continue
            frames = np.array([point.co.x for point in curve.keyframe_points])
            expected = ["KEYFRAME"] * len(frames)
            for kind, range_of in (("BREAKDOWN", doubtful), ("EXTREME", range(41, 46))):
                for frame in range_of:
                    expected[int(np.abs(frames - frame)[::-1].argmin() * -1) - 1] = kind
            assert [point.type for point in curve.keyframe_points] == expected


def test_a_trimmed_take_keeps_its_place_and_nothing_else(mocap, walk):
    mocap.cleanup.reduce_keys = False
    bpy.ops.int_mocap.bake()
    whole = _heads(walk.armature)
    walk.use_trim = True
    assert (walk.trim_start, walk.trim_end) == pytest.approx((walk.start, walk.seconds), abs=1e-4)
    walk.trim_start, walk.trim_end = 0.5, 99
    assert walk.trim_end == pytest.approx(walk.start + walk.seconds)
    walk.trim_end = 1.0
    bpy.ops.int_mocap.bake()
    action = walk.armature.animation_data.action
    assert tuple(action.curve_frame_range) == (16, 31)
    assert np.allclose(_heads(walk.armature)[15:31], whole[15:31], atol=1e-6)
    walk.use_trim = False
    bpy.ops.int_mocap.bake()
    assert tuple(action.curve_frame_range) == (1, 60)


def test_points_in_the_wrong_order_are_one_sentence(walk):
    walk.use_trim = True
    walk.trim_start, walk.trim_end = 1.5, 0.5
    with pytest.raises(RuntimeError, match="leaves nothing of walk: its Out, 0.50 s, is before"):
        bpy.ops.int_mocap.bake()
    assert walk.armature is None

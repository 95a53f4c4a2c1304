"""A capture of known truth whose left arm is wrong for half a second, listed and baked."""

from pathlib import Path
from typing import Any

import bpy
import numpy as np
import pytest

from core_model.body.skeleton import JOINT_INDEX
from core_model.take import Take
from core_model.take.writing import save_takes, scratch_folder
from tests.core_model.solving.clips import true_take, turned

SHOULDER = "left_shoulder"
WRONG = slice(16, 30)


def capture_of(folder: Path, takes: list[Take]) -> Path:
    """Write takes as a capture leaves them."""
    folder.mkdir()
    for take in takes:
        take.source = {"video": str(folder.parent / "clip.mp4")}
    with scratch_folder(folder) as scratch:
        save_takes(folder, scratch, takes, {"video": str(folder.parent / "clip.mp4")}, [])
    return folder


@pytest.fixture(scope="session")
def truth() -> Take:
    return true_take("signals_01", 48)


@pytest.fixture(scope="session")
def spoilt(truth: Take) -> Take:
    """The truth with an arm that hangs wrong, of which the capture was not sure."""
    take = turned(truth, SHOULDER, (0.0, 0.0, -0.9), WRONG)
    take.confidence[WRONG, JOINT_INDEX[SHOULDER] :: 2] = 0.2
    take.keypoints2d[WRONG, 11:23:2, 2] = 0.05
    return take


@pytest.fixture
def mended(mocap: Any, spoilt: Take, tmp_path: Path) -> Any:
    """Return the listed take, baked, its armature in Pose Mode."""
    folder = capture_of(tmp_path / "clip", [spoilt])
    bpy.ops.int_mocap.load_takes(filepath=str(folder / "person_01.npz"))
    assert bpy.ops.int_mocap.bake() == {"FINISHED"}
    take = mocap.takes[0]
    bpy.context.view_layer.objects.active = take.armature
    bpy.ops.object.mode_set(mode="POSE")
    return take


def pose_as(take: Any, frame: int, truth: Take, joint: str = SHOULDER) -> np.ndarray:
    """Turn a bone at a frame as the truth has it, as an animator does; return its matrix."""
    from bake.scene.rig.armature import rest_orientations
    from bake.scene.rig.pose_bones import pose_bone_quaternions
    from core_model.geometry.rotations import axis_angle_to_quaternion

    bpy.context.scene.frame_set(frame)
    row = frame - take.baked_start
    turns = axis_angle_to_quaternion(truth.poses.reshape(-1, 24, 3)[row : row + 1])
    values = pose_bone_quaternions(turns, rest_orientations(take.armature))[0]
    bone = take.armature.pose.bones[joint]
    bone.rotation_quaternion = values[JOINT_INDEX[joint]]
    bpy.context.view_layer.update()
    return np.array(bone.matrix)

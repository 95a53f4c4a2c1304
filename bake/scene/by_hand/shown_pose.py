"""What a figure shows now, as SMPL's rotations and joints in the world of its take."""

from dataclasses import dataclass

import bpy
import numpy as np

from bake.motion.root_path import ROOT
from bake.scene.rig.placement import placement_of
from bake.scene.rig.root_bone import follows_hips, has_root_bone
from core_model.body.skeleton import JOINT_NAMES, PARENTS, SMPL_TO_WORLD
from core_model.geometry.rotations import nearest_rotation


@dataclass(frozen=True)
class ShownPose:
    """A pose of one frame.

    Parameters
    ----------
    rotations : (24, 3, 3)
        Local; of the pelvis from SMPL space to the world of the bake.
    joints : (24, 3)
        In the world of the bake, metres.
    """

    rotations: np.ndarray
    joints: np.ndarray


def shown_pose(armature: bpy.types.Object, rest: np.ndarray) -> ShownPose:
    """Read what the bones of a figure show now, keyed or not.

    Where somebody moved a performance by its root bone or its object, that does not count.

    Parameters
    ----------
    armature : bpy.types.Object
        From `bake.scene.rig.armature.create_armature`.
    rest : (24, 3)
        The rest pose that it was made from, metres.
    """
    seen = armature.evaluated_get(bpy.context.evaluated_depsgraph_get())
    assert seen.pose
    names = (*JOINT_NAMES, ROOT) if has_root_bone(armature) else JOINT_NAMES
    posed = np.array([seen.pose.bones[name].matrix for name in names], np.float64)
    resting = np.array([seen.pose.bones[name].bone.matrix_local for name in names], np.float64)
    if ROOT in names and not follows_hips(armature):
        posed = resting[-1] @ np.linalg.inv(posed[-1]) @ posed
    place = placement_of(armature, rest)
    moved = nearest_rotation(posed[:24, :3, :3]) @ nearest_rotation(resting[:24, :3, :3]).swapaxes(
        1, 2
    )
    turned = place.turn.T @ moved @ place.turn
    rotations = np.empty((24, 3, 3))
    for joint, parent in enumerate(PARENTS):
        if parent < 0:
            rotations[joint] = turned[joint] @ SMPL_TO_WORLD
        else:
            rotations[joint] = SMPL_TO_WORLD.T @ turned[parent].T @ turned[joint] @ SMPL_TO_WORLD
    return ShownPose(rotations, place.undo(posed[:24, :3, 3]))

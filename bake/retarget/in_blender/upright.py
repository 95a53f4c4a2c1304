"""Figures of files that do not say which axis is up: a BVH may have Y or Z."""

import bpy
import numpy as np
from mathutils import Matrix

from bake.retarget.maps.bone_map import BoneMap
from bake.retarget.rig import Rig
from core_model.geometry.rotations import rotation_between

_TOPS = ("head", "neck", "spine3", "spine2")


def put_upright(armature: bpy.types.Object, rig: Rig, bone_map: BoneMap) -> bool:
    """Turn an armature by quarter turns so that it stands at rest; return whether it did not.

    Parameters
    ----------
    armature : bpy.types.Object
    rig : Rig
        As it was read of it.
    bone_map : BoneMap
    """
    heads, places = rig.world_heads(), rig.place_of()

    def head_of(joint: str) -> np.ndarray:
        return heads[places[bone_map.joints[joint].bones[0]]]

    top = next((joint for joint in _TOPS if joint in bone_map.joints), None)
    if top is None or "pelvis" not in bone_map.joints:
        return False
    trunk = head_of(top) - head_of("pelvis")
    axis = np.zeros(3)
    axis[np.abs(trunk).argmax()] = np.sign(trunk[np.abs(trunk).argmax()])
    if axis[2] > 0:
        return False
    turn = rotation_between(axis, np.array([0.0, 0.0, 1.0]))
    armature.matrix_world = Matrix(turn.tolist()).to_4x4() @ armature.matrix_world
    layer = bpy.context.view_layer
    assert layer
    layer.update()
    return True

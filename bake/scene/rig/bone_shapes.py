"""Rings around the limbs instead of Blender's own bones: easy to see and to click on.

The meshes are made once and shared by all figures of a file. They are in no scene, so that nothing
renders or exports them.
"""

from typing import Any

import bpy
import numpy as np

from bake.motion.root_path import ROOT
from bake.scene.rig.armature import rest_bones
from core_model.body.fingers import FINGER_JOINT_NAMES
from core_model.body.skeleton import JOINT_NAMES

_RING, _ARROWS = "mocap_ring", "mocap_arrows"

_RADII = {
    "pelvis": 0.32,
    "spine1": 0.27,
    "spine2": 0.28,
    "spine3": 0.3,
    "neck": 0.13,
    "head": 0.22,
    "collar": 0.12,
    "shoulder": 0.13,
    "elbow": 0.11,
    "wrist": 0.09,
    "hand": 0.1,
    "hip": 0.2,
    "knee": 0.15,
    "ankle": 0.12,
    "foot": 0.1,
}
_FINGER, _ROOT = 0.025, 0.6
"""Radii in multiples of the way from the pelvis to the head, so that they fit every figure."""

_SEGMENTS = 32
_WIRE = 2.0  # pixels


def show_shapes(armature: bpy.types.Object, shown: bool) -> None:
    """Draw the bones of a figure as rings, or as Blender does; shapes of the user's stay.

    Parameters
    ----------
    armature : bpy.types.Object
        From `create_armature`, in any size.
    shown : bool
    """
    bones = rest_bones(armature)
    assert armature.pose
    size = (bones["head"].head_local - bones["pelvis"].head_local).length
    for name in (*JOINT_NAMES, *FINGER_JOINT_NAMES, ROOT):
        posed: Any = armature.pose.bones.get(name)
        if posed is None or (posed.custom_shape and not _ours(posed.custom_shape)):
            continue
        posed.custom_shape = _shape(_ARROWS if name == ROOT else _RING) if shown else None
        if shown:
            # A shape is as long as its bone, and as wide as the limb.
            width = _radius(name) * size / posed.bone.length
            along = width if name == ROOT else 1.0
            posed.use_custom_shape_bone_size = True
            posed.custom_shape_scale_xyz = (width, along, width)
            posed.custom_shape_wire_width = _WIRE
            posed.bone.show_wire = True


def _radius(bone: str) -> float:
    if bone == ROOT:
        return _ROOT
    return _FINGER if bone in FINGER_JOINT_NAMES else _RADII[bone.rpartition("_")[2]]


def _ours(shape: bpy.types.Object) -> bool:
    return shape.data is not None and shape.data.name.startswith((_RING, _ARROWS))


def _shape(name: str) -> bpy.types.Object:
    """Return the shared shape of a name, made where it is not there yet."""
    there = bpy.data.objects.get((name, None))
    if there is not None and there.type == "MESH":
        return there
    mesh = bpy.data.meshes.new(name)
    points, edges = _arrows() if name == _ARROWS else _ring()
    mesh.from_pydata(points.tolist(), edges, [])
    return bpy.data.objects.new(name, mesh)


def _ring() -> tuple[np.ndarray, list[tuple[int, int]]]:
    """Return a ring of radius 1 around the middle of a bone of length 1 along Y."""
    angle = np.linspace(0, 2 * np.pi, _SEGMENTS, endpoint=False)
    points = np.stack((np.cos(angle), np.full(_SEGMENTS, 0.5), np.sin(angle)), axis=1)
    return points, _closed(_SEGMENTS)


def _arrows() -> tuple[np.ndarray, list[tuple[int, int]]]:
    """Return a ring of radius 1 on the floor, with a tip at the side to which the figure faces."""
    angle = np.linspace(0, 2 * np.pi, _SEGMENTS, endpoint=False)
    ring = np.stack((np.cos(angle), np.sin(angle), np.zeros(_SEGMENTS)), axis=1)
    tip = np.array([[-0.3, -1.1, 0.0], [0.0, -1.5, 0.0], [0.3, -1.1, 0.0]])
    edges = _closed(_SEGMENTS) + [(_SEGMENTS + a, _SEGMENTS + b) for a, b in _closed(3)]
    return np.concatenate((ring, tip)), edges


def _closed(count: int) -> list[tuple[int, int]]:
    return [(number, (number + 1) % count) for number in range(count)]

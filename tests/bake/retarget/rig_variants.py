"""What else may be true of a rig: changes to an armature that leave the figure what it is.

They are for `PLAIN_RIGS`, but those of object and names for every rig.
"""

import math
import random
from collections.abc import Sequence
from typing import Any, Literal

import bpy
from mathutils import Matrix, Quaternion, Vector

from bake.scene.rig.armature import editing
from tests.bake.retarget.truth import Truth

REST_POSES = {"T": 0.0, "A": 45.0, "down": 80.0}
"""Degrees of the arms below horizontal."""

MODES = ("QUATERNION", "XYZ", "XZY", "YXZ", "YZX", "ZXY", "ZYX", "AXIS_ANGLE")


def put_arms(armature: Any, truth: Truth, pose: str) -> None:
    """Give a figure that faces -Y another rest pose of the arms: a key of `REST_POSES`.

    Arm and hand are stretched first, so that every rig has the same pose then.
    """
    below = math.radians(REST_POSES[pose])
    with editing(armature):
        bones = armature.data.edit_bones
        for side, out in (("left", 1), ("right", -1)):
            wanted = Vector((out * math.cos(below), 0, -math.sin(below)))
            chain = [truth[f"{side}_{joint}"][0] for joint in ("shoulder", "elbow", "wrist")]
            for own, after in zip(chain[:-1], chain[1:], strict=True):
                bone, end = bones[own], bones[after]
                turn = (end.head - bone.head).rotation_difference(wanted)
                _turn(bone, turn)


def roll_at_random(armature: Any, seed: int = 0) -> None:
    """Give every bone some roll."""
    chance = random.Random(seed)
    with editing(armature):
        for bone in armature.data.edit_bones:
            bone.roll = chance.uniform(-math.pi, math.pi)


def point_tails(armature: Any, way: tuple[float, float, float] = (0, 0, 1)) -> None:
    """Let all tails point one way, as importers do that know joints only."""
    with editing(armature):
        bones = armature.data.edit_bones
        for bone in bones:
            bone.use_connect = False
        for bone in bones:
            bone.tail = bone.head + 0.05 * Vector(way)


def scale_object(armature: Any, scale: float) -> None:
    """Scale the object, but not what is seen: the bones become as much smaller or larger."""
    _carry(armature, Matrix.Scale(scale, 4))


def turn_object(armature: Any, axis: Literal["X", "Y", "Z"], degrees: float) -> None:
    """Turn the object about an axis of the world, but not what is seen: the bones turn back."""
    _carry(armature, Matrix.Rotation(math.radians(degrees), 4, axis))


def move_object(armature: Any, change: Matrix) -> None:
    """Turn, scale or move the object, and all that is seen with it."""
    armature.matrix_world = change @ armature.matrix_world
    _update()


def set_modes(armature: Any, modes: Sequence[str] = MODES) -> None:
    """Give the bones all these rotation modes in turn."""
    for index, posed in enumerate(armature.pose.bones):
        posed.rotation_mode = modes[index % len(modes)]


def add_odd_leaves(armature: Any) -> None:
    """Hang bones of (nearly) no length, whose names say nothing, on every bone without children."""
    with editing(armature):
        bones = armature.data.edit_bones
        for bone in [bone for bone in bones if not bone.children]:
            leaf = bones.new(" ")
            leaf.head = bone.tail
            # Blender removes what is shorter than 1e-6.
            leaf.tail = bone.tail + Vector((0, 0, 1e-5))
            leaf.parent = bone


def name_at_random(armature: Any, seed: int = 0) -> dict[str, str]:
    """Give every bone a name that says nothing; returns the new name of each."""
    chance = random.Random(seed)
    numbers = chance.sample(range(10**5), len(armature.data.bones))
    renamed = {}
    for bone, number in zip(armature.data.bones, numbers, strict=True):
        renamed[bone.name] = f"x{number:05d}"
    for old, new in renamed.items():
        armature.data.bones[old].name = new
    return renamed


def _turn(bone: Any, turn: Quaternion) -> None:
    """Turn an edit bone and all that hangs on it about its head."""
    about = (
        Matrix.Translation(bone.head) @ turn.to_matrix().to_4x4() @ Matrix.Translation(-bone.head)
    )
    for each in (bone, *bone.children_recursive):
        each.matrix = about @ each.matrix


def _carry(armature: Any, change: Matrix) -> None:
    armature.matrix_world = change @ armature.matrix_world
    armature.data.transform(change.inverted())
    for child in armature.children:
        child.matrix_parent_inverse = child.matrix_parent_inverse @ change.inverted()
    _update()


def _update() -> None:
    layer = bpy.context.view_layer
    assert layer
    layer.update()

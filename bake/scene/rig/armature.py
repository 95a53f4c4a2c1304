"""An armature of 24 bones, named and hung together as SMPL's joints, and fingers if wanted."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import bpy
import numpy as np
from mathutils import Vector

from core_model.body.fingers import FINGER_CARRIERS, FINGER_JOINT_NAMES
from core_model.body.skeleton import JOINT_INDEX, JOINT_NAMES, PARENTS

_POINTS_AT = {
    "pelvis": "spine1",
    "spine1": "spine2",
    "spine2": "spine3",
    "spine3": "neck",
    "neck": "head",
} | {
    f"{side}_{joint}": f"{side}_{child}"
    for side in ("left", "right")
    for joint, child in (
        ("hip", "knee"),
        ("knee", "ankle"),
        ("ankle", "foot"),
        ("collar", "shoulder"),
        ("shoulder", "elbow"),
        ("elbow", "wrist"),
        ("wrist", "hand"),
    )
}
"""Where the tail of a bone lies: on the head of this child, which is then connected to it."""

_FORWARD = Vector((0.0, -1.0, 0.0))
_UP = Vector((0.0, 0.0, 1.0))


def create_armature(
    name: str, joints: np.ndarray, collection: bpy.types.Collection
) -> bpy.types.Object:
    """Make the armature in its rest pose, its object at the world's origin.

    Bones run along the limbs, each joint's bone to the next joint; elbows bend about their local X,
    and left and right mirror each other, so that Blender's mirrored posing works.

    Parameters
    ----------
    name : str
        Of object and armature.
    joints : (24, 3)
        Rest position of each joint in Blender's world, in its units: Z up, facing -Y.
    collection : bpy.types.Collection
        One that is part of the scene, even if it is hidden or left out of the view layer.
    """
    data = bpy.data.armatures.new(name)
    armature = bpy.data.objects.new(name, data)
    collection.objects.link(armature)
    armature.show_in_front = True
    with editing(armature):
        heads = [Vector(joint) for joint in joints.tolist()]
        for index, joint_name in enumerate(JOINT_NAMES):
            bone = data.edit_bones.new(joint_name)
            bone.head = heads[index]
            bone.tail = _tail(index, heads)
            bone.align_roll(_UP if joint_name.endswith(("_ankle", "_foot")) else _FORWARD)
        for index, joint_name in enumerate(JOINT_NAMES[1:], start=1):
            parent = JOINT_NAMES[PARENTS[index]]
            data.edit_bones[joint_name].parent = data.edit_bones[parent]
            data.edit_bones[joint_name].use_connect = _POINTS_AT.get(parent) == joint_name
    assert armature.pose
    for posed in armature.pose.bones:
        posed.rotation_mode = "QUATERNION"
    return armature


def add_finger_bones(armature: bpy.types.Object, joints: np.ndarray, tips: np.ndarray) -> None:
    """Give an armature of `create_armature` thirty finger bones, named as SMPL-H's joints.

    Fingers hang on the bone of the hand, thumbs on that of the wrist; they bend about their local
    X, and left and right mirror each other.

    Parameters
    ----------
    armature : bpy.types.Object
    joints : (30, 3)
        Rest position of each joint, as those of the armature.
    tips : (10, 3)
        Where the last bones end.
    """
    data = armature.data
    assert isinstance(data, bpy.types.Armature)
    chains = np.concatenate((joints.reshape(-1, 3, 3), tips[:, None]), axis=1)
    with editing(armature):
        for index, name in enumerate(FINGER_JOINT_NAMES):
            finger, number = divmod(index, 3)
            points = [Vector(point) for point in chains[finger].tolist()]
            bone = data.edit_bones.new(name)
            bone.head, bone.tail = points[number], points[number + 1]
            # Z towards the palm: a turn about X bends the finger. A thumb shows where it bends to.
            bent = (points[3] - points[2]).normalized() - (points[1] - points[0]).normalized()
            bone.align_roll(bent if "thumb" in name else -_UP)
            parent = (
                FINGER_JOINT_NAMES[index - 1] if number else JOINT_NAMES[FINGER_CARRIERS[index]]
            )
            bone.parent = data.edit_bones[parent]
            bone.use_connect = number > 0
    assert armature.pose
    for name in FINGER_JOINT_NAMES:
        armature.pose.bones[name].rotation_mode = "QUATERNION"


def is_figure(armature: bpy.types.Object) -> bool:
    """Return whether an armature still has all bones of `create_armature`."""
    bones = rest_bones(armature)
    return all(name in bones for name in JOINT_NAMES)


def has_finger_bones(armature: bpy.types.Object) -> bool:
    """Return whether an armature has all bones of `add_finger_bones`."""
    bones = rest_bones(armature)
    return all(name in bones for name in FINGER_JOINT_NAMES)


def rest_orientations(armature: bpy.types.Object, names: Sequence[str] = JOINT_NAMES) -> np.ndarray:
    """Return the rest orientation (N, 3, 3) of bones; in SMPL order if no `names` are given."""
    bones = rest_bones(armature)
    return np.array([bones[name].matrix_local.to_3x3() for name in names], dtype=np.float64)


def rest_bones(armature: bpy.types.Object) -> bpy.types.ArmatureBones:
    """Return the bones of an armature in its rest pose."""
    assert isinstance(armature.data, bpy.types.Armature)
    return armature.data.bones


def _tail(index: int, heads: list[Vector]) -> Vector:
    name = JOINT_NAMES[index]
    if name in _POINTS_AT:
        return heads[JOINT_INDEX[_POINTS_AT[name]]]
    # The last bone of a limb: as long as looks right beside the one before it.
    before = heads[index] - heads[PARENTS[index]]
    if name == "head":
        return heads[index] + _UP * 1.6 * before.length
    if name.endswith("_foot"):
        return heads[index] + _FORWARD * 0.5 * before.length
    return heads[index] + before


@contextmanager
def editing(armature: bpy.types.Object) -> Iterator[None]:
    """Edit bones, then leave mode, active object, selection and what is hidden as they were."""
    layer = bpy.context.view_layer
    assert layer
    active, selected = layer.objects.active, list(bpy.context.selected_objects)
    mode = active.mode if active else "OBJECT"
    # Its own collection may be hidden, or left out of the view layer.
    home = layer.layer_collection.collection
    lent = home not in armature.users_collection
    if lent:
        home.objects.link(armature)
    if mode != "OBJECT":
        bpy.ops.object.mode_set(mode="OBJECT")
    hidden, disabled = armature.hide_get(), armature.hide_viewport
    armature.hide_viewport = False
    armature.hide_set(False)
    layer.objects.active = armature
    bpy.ops.object.mode_set(mode="EDIT")
    try:
        yield
    finally:
        bpy.ops.object.mode_set(mode="OBJECT")
        armature.select_set(False)
        armature.hide_set(hidden)
        armature.hide_viewport = disabled
        if lent:
            home.objects.unlink(armature)
        for other in selected:
            other.select_set(True)
        layer.objects.active = active
        if mode != "OBJECT":
            bpy.ops.object.mode_set(mode=mode)

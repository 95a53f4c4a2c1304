"""Setting the custom properties of a control rig, for good or for a look at it."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import bpy

from bake.retarget.bone_map import Setting
from core_model.errors import RigError


def apply_settings(armature: bpy.types.Object, settings: Sequence[Setting]) -> None:
    """Set custom properties of bones, each as the kind of number that it is.

    Raises
    ------
    RigError
        When there is no such property.
    """
    assert armature.pose
    for setting in settings:
        bone: Any = armature.pose.bones[setting.bone]
        before = bone.get(setting.property)
        if not isinstance(before, (bool, int, float)):
            raise RigError(
                f"The bone {setting.bone} of {armature.name} has no switch {setting.property}, "
                "which the bone map names: take it out of the map, or detect again."
            )
        bone[setting.property] = type(before)(setting.value)
    if settings:
        armature.update_tag()


@contextmanager
def switched(armature: bpy.types.Object, settings: Sequence[Setting]) -> Iterator[None]:
    """Look at a rig as it is with some properties set; they are put back after that."""
    layer, data = bpy.context.view_layer, armature.animation_data
    assert layer and armature.pose
    bones: Any = armature.pose.bones
    before = [(each, bones[each.bone].get(each.property)) for each in settings]
    pose = [(bone, bone.matrix_basis.copy()) for bone in bones] if data and settings else []
    try:
        apply_settings(armature, settings)
        layer.update()
        yield
    finally:
        for setting, value in before:
            if value is not None:
                bones[setting.bone][setting.property] = value
        if settings:
            armature.update_tag()
            layer.update()
        for bone, basis in pose:
            if bone.matrix_basis != basis:
                bone.matrix_basis = basis

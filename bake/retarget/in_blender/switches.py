"""Properties of bones that a motion needs otherwise than they are: switches, and stretching IK."""

from collections.abc import Sequence
from typing import Any

import bpy

from bake.retarget.maps.bone_map import Setting

_NAMED = 3  # bones in one sentence


def apply_settings(rig: bpy.types.Object, settings: Sequence[Setting]) -> None:
    """Set properties of bones, custom ones each as the kind of number that it is.

    Parameters
    ----------
    rig : bpy.types.Object
    settings : sequence of Setting
    """
    assert rig.pose
    for setting in settings:
        bone: Any = rig.pose.bones[setting.bone]
        if setting.index >= 0:
            getattr(bone, setting.property)[setting.index] = setting.value
            continue
        if setting.built_in:
            setattr(bone, setting.property, setting.value)
            continue
        bone[setting.property] = type(bone[setting.property])(setting.value)


def told_of_settings(rig: bpy.types.Object, settings: Sequence[Setting]) -> list[str]:
    """Return a sentence about what a rig has otherwise now; none where nothing will change.

    Parameters
    ----------
    rig : bpy.types.Object
    settings : sequence of Setting
        As they will be set and keyed.
    """
    assert rig.pose
    found: dict[tuple[str, float], list[str]] = {}
    for setting in settings:
        bone: Any = rig.pose.bones[setting.bone]
        now = getattr(bone, setting.property) if setting.built_in else bone[setting.property]
        now = now[setting.index] if setting.index >= 0 else now
        if abs(float(now) - setting.value) > 1e-6:
            found.setdefault((setting.property, setting.value), []).append(setting.bone)
    if not found:
        return []
    each = [f"{name} to {value:g} on {_listed(bones)}" for (name, value), bones in found.items()]
    return [f"{rig.name} needed other settings, which were set and keyed: {'; '.join(each)}."]


def _listed(bones: Sequence[str]) -> str:
    if len(bones) > _NAMED:
        return f"{', '.join(bones[:_NAMED])} and {len(bones) - _NAMED} more"
    return " and ".join((", ".join(bones[:-1]), bones[-1])) if bones[1:] else bones[0]

"""Which bones of a figure are selected, in every version of Blender."""

from collections.abc import Collection
from typing import Any


def is_selected(bone: Any) -> bool:
    """Return whether a pose bone is selected."""
    return bool(_holder(bone).select)


def select_bones(armature: Any, names: Collection[str], active: str) -> None:
    """Select the bones of an armature in Pose Mode that are named, and no others.

    Parameters
    ----------
    armature : bpy.types.Object
    names : collection of str
    active : str
        The one that becomes the active bone, if the armature has it.
    """
    for bone in armature.pose.bones:
        _holder(bone).select = bone.name in names
    if active in armature.data.bones:
        armature.data.bones.active = armature.data.bones[active]


def _holder(bone: Any) -> Any:
    # The selection moved from the bone to the pose bone in Blender 5.0.
    return bone if hasattr(bone, "select") else bone.bone

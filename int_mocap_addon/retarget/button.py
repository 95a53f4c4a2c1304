"""The button Retarget."""

import bpy

from ..fixing.session import is_open
from ..operators import TaskOperator, can_start
from ..settings import settings_of
from ..takes.listing import active_take
from ..tasks import Steps
from .maps import has_map, missing_bones
from .retargeting import retarget_steps

TITLE = "Retarget"
"""Of the task."""


class INT_MOCAP_OT_retarget(TaskOperator):
    """Put motion on the user's character."""

    bl_idname = "int_mocap.retarget"
    bl_label = TITLE
    bl_description = (
        "Put the motion of the source on the target: keys on the bones of its map, and on no others"
    )
    bl_options = {"REGISTER", "UNDO"}

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        reason = why_not(context)
        if reason:
            cls.poll_message_set(reason)
            return False
        return can_start(cls)

    def steps(self, context: bpy.types.Context) -> Steps:
        assert context.scene
        return retarget_steps(context.scene.name)


def why_not(context: bpy.types.Context) -> str:
    """Return why the panel's motion cannot be put on its target, "" if it can."""
    settings = settings_of(context.scene).retarget
    target, source = settings.target, settings.armature
    if settings.source != "ARMATURE":
        if active_take(context.scene) is None:
            return "There is no take yet: capture a clip or load one"
    elif source is None:
        return "Choose the armature that the motion comes from"
    elif source == target:
        return "Source and target are the same armature"
    if target is None:
        return "Choose the armature of your character as the target"
    if target.library is not None:
        return f"{target.name} is linked: make a library override of it (Object menu) first"
    for armature in [target, *([source] if settings.source == "ARMATURE" else [])]:
        if not has_map(armature):
            return f"{armature.name} has no bone map yet: press Detect, or choose one"
        missing = missing_bones(armature)
        if missing:
            return f"{armature.name} has no bone {missing[0]}, which its map names"
    if is_open(context.scene):
        return "Apply or discard the fix of the pose that is open first"
    return ""


CLASSES = (INT_MOCAP_OT_retarget,)

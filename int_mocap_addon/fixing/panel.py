"""The panel Mend, and Fix Pose in it."""

from collections.abc import Sequence
from typing import Any

import bpy

from bake.scene.marks import LAYER

from ..settings import settings_of
from ..sidebar import SidebarPanel
from ..takes.listing import active_take
from ..wording import counted
from ..wrapping import content_width, draw_text
from .ops import figure_in_hand
from .session import is_open

_LISTED = 8  # fixes, those nearest to the current frame
_NAMED = 2  # bones of a fix


class INT_MOCAP_PT_mend(SidebarPanel, bpy.types.Panel):
    """What an animator does by hand once a take is baked: all of it is in the panels below."""

    bl_label = "Mend"
    bl_idname = "INT_MOCAP_PT_mend"

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        return active_take(context.scene) is not None

    def draw(self, context: bpy.types.Context) -> None:
        pass


class INT_MOCAP_PT_fix_pose(SidebarPanel, bpy.types.Panel):
    """Poses that are mended by hand."""

    bl_label = "Fix Pose"
    bl_idname = "INT_MOCAP_PT_fix_pose"
    bl_parent_id = "INT_MOCAP_PT_mend"

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        take = figure_in_hand(context)
        return bool(take and take.armature)

    def draw(self, context: bpy.types.Context) -> None:
        layout: Any = self.layout
        scene: Any = context.scene
        fixing = settings_of(scene).fixing
        if is_open(scene):
            told = f"{fixing.armature.name}, frame {fixing.frame}: pose it, then apply"
            draw_text(layout, told, content_width(context))
            row = layout.row(align=True)
            row.operator("int_mocap.apply_fix", icon="CHECKMARK")
            row.operator("int_mocap.discard_fix", icon="X")
        else:
            layout.operator("int_mocap.fix_pose", icon="POSE_HLT")
        row = layout.row(align=True)
        row.prop(fixing, "fade")
        row.prop(fixing, "reach", text="")
        armature = figure_in_hand(context).armature
        _list(layout, _fixes(armature), scene.frame_current)
        if armature.animation_data and armature.animation_data.nla_tracks:
            layout.operator("int_mocap.merge_fixes", icon="NLA_PUSHDOWN")


def _fixes(armature: Any) -> Sequence[Any]:
    """Return what was mended; loads nothing that is heavy where nothing can have been."""
    data = armature.animation_data
    if data is None or data.action is None or data.action.get(LAYER) is None:
        return ()
    from bake.scene.by_hand.fixes import fixes_of

    return fixes_of(armature)


def _list(layout: Any, fixes: Sequence[Any], frame: int) -> None:
    nearest = sorted(fixes, key=lambda fix: abs(fix.frame - frame))[:_LISTED]
    column = layout.column(align=True)
    for fix in sorted(nearest, key=lambda fix: fix.frame):
        more = len(fix.bones) - _NAMED
        names = ", ".join(fix.bones[:_NAMED]) + (f" and {more} more" if more > 0 else "")
        row = column.row(align=True)
        shown = row.operator(
            "int_mocap.show_fix", text=f"{fix.frame}: {names}", depress=fix.frame == frame
        )
        deleted = row.operator("int_mocap.delete_fix", text="", icon="X")
        shown.frame = deleted.frame = fix.frame
    if len(fixes) > _LISTED:
        column.label(text=f"{counted(len(fixes) - _LISTED, 'more fix', 'more fixes')} elsewhere")


CLASSES = (
    INT_MOCAP_PT_mend,
    INT_MOCAP_PT_fix_pose,
)

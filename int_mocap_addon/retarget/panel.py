"""The panel Retarget, with the bone map, its options and its button."""

from typing import Any

import bpy

from .. import tasks
from ..settings import settings_of
from ..sidebar import SidebarPanel
from ..takes.listing import active_take
from ..task_view import draw_task
from ..wording import counted
from ..wrapping import content_width, draw_settings, draw_text, is_wide
from .button import TITLE
from .maps import certainty_of, has_map, is_doubtful, is_finger, is_mapped, map_settings
from .ops import listed_armature

_ROWS = 6


class INT_MOCAP_UL_bone_map(bpy.types.UIList):
    """Joints with the bones that follow them."""

    bl_idname = "INT_MOCAP_UL_bone_map"

    def draw_item(
        self,
        context: bpy.types.Context | None,
        layout: bpy.types.UILayout,
        data: Any,
        item: Any,
        icon: int | None,
        active_data: Any,
        active_property: str | None,
        index: int | None,
        flt_flag: int | None,
    ) -> None:
        wide = context is not None and is_wide(context)
        split = layout.split(factor=0.5 if wide else 0.55)
        split.label(text=item.name.replace("_", " ").capitalize(), icon=_icon(item))
        row = split.row(align=True)
        row.active = not item.locked
        armature = data.owner or data.id_data
        row.prop_search(item.bones[0], "name", armature.data, "bones", text="", icon="BONE_DATA")
        if len(item.bones) > 1:
            row.label(text=f"+{len(item.bones) - 1}")
        lock: Any = "LOCKED" if item.locked else "UNLOCKED"
        row.prop(item, "locked", text="", icon=lock, emboss=False)

    def filter_items(
        self, context: bpy.types.Context | None, data: Any, property: str | None
    ) -> Any:
        shown = [
            self.bitflag_filter_item if _is_listed(data, joint) else 0 for joint in data.joints
        ]
        return shown, []


def _icon(joint: Any) -> Any:
    if not is_mapped(joint):
        return "RADIOBUT_OFF"
    return "ERROR" if is_doubtful(joint) else "CHECKMARK"


def _is_listed(shown: Any, joint: Any) -> bool:
    if shown.only_open:
        return is_doubtful(joint) or not (is_mapped(joint) or is_finger(joint))
    return shown.fingers or not is_finger(joint)


class INT_MOCAP_PT_retarget(SidebarPanel, bpy.types.Panel):
    """Motion onto the user's own character."""

    bl_label = "Retarget"
    bl_idname = "INT_MOCAP_PT_retarget"

    def draw(self, context: bpy.types.Context) -> None:
        layout = self.layout
        assert layout
        settings = settings_of(context.scene).retarget
        take = active_take(context.scene)
        names = ("source", "armature") if settings.source == "ARMATURE" else ("source",)
        draw_settings(layout, context, settings, names)
        if settings.source == "TAKE" and take:
            draw_text(layout, take.name, content_width(context), "ANIM")
        draw_settings(layout, context, settings, ("target",))
        row = layout.row()
        row.scale_y = 1.3
        row.operator("int_mocap.retarget", icon="CON_ARMATURE")
        task = tasks.current()
        if task is None or task.title == TITLE:
            draw_task(layout, content_width(context), TITLE)


class INT_MOCAP_PT_bone_map(SidebarPanel, bpy.types.Panel):
    """Which bone is which joint."""

    bl_label = "Bone Map"
    bl_idname = "INT_MOCAP_PT_bone_map"
    bl_parent_id = "INT_MOCAP_PT_retarget"

    def draw(self, context: bpy.types.Context) -> None:
        layout: Any = self.layout
        settings = settings_of(context.scene).retarget
        if settings.source == "ARMATURE":
            layout.row().prop(settings, "listed", expand=True)
        row = layout.row(align=True)
        row.operator("int_mocap.detect_bones", icon="VIEWZOOM")
        row.operator_menu_enum("int_mocap.use_preset", "preset", text="", icon="PRESET")
        row.operator("int_mocap.load_map", text="", icon="FILE_FOLDER")
        row.operator("int_mocap.save_map", text="", icon="FILE_TICK")
        armature = listed_armature(context)
        if not has_map(armature):
            return
        shown = map_settings(armature)
        _draw_sure(layout, context, shown)
        layout.template_list(
            "INT_MOCAP_UL_bone_map", "", shown, "joints", shown, "active_joint", rows=_ROWS
        )
        row = layout.row(align=True)
        row.prop(shown, "only_open", toggle=True)
        row.prop(shown, "fingers", toggle=True)
        _draw_joint(layout, armature, shown)
        column = layout.column()
        column.use_property_split, column.use_property_decorate = is_wide(context), False
        for name in ("root", "mover"):
            column.prop_search(shown, name, armature.data, "bones", icon="BONE_DATA")
        layout.prop(settings, "show_rest", icon="GHOST_ENABLED")


def _draw_sure(layout: Any, context: bpy.types.Context, shown: Any) -> None:
    """Say what was found, how surely, and how much is left to look at."""
    body = [joint for joint in shown.joints if not is_finger(joint)]
    mapped = [certainty_of(joint) for joint in shown.joints if is_mapped(joint)]
    doubtful = sum(is_doubtful(joint) for joint in shown.joints)
    unmapped = len(body) - sum(map(is_mapped, body))
    sure = f"{shown.name}, {sum(mapped) / max(len(mapped), 1):.0%} sure"
    parts = [f"{doubtful} doubtful"] if doubtful else []
    if unmapped:
        parts.append(counted(unmapped, "joint without a bone", "joints without a bone"))
    text = f"{sure}: {', '.join(parts)}" if parts else sure
    draw_text(layout, text, content_width(context), "ERROR" if parts else "CHECKMARK")


def _draw_joint(layout: Any, armature: Any, shown: Any) -> None:
    """Draw all bones of the joint that is selected in the list."""
    joint = shown.joints[min(shown.active_joint, len(shown.joints) - 1)]
    box = layout.box().column(align=True)
    box.label(text=joint.name.replace("_", " ").capitalize())
    for index, bone in enumerate(joint.bones):
        row = box.row(align=True)
        row.prop_search(bone, "name", armature.data, "bones", text="", icon="BONE_DATA")
        for name, icon in (("pick_bone", "EYEDROPPER"), ("remove_mapped_bone", "X")):
            row.operator(f"int_mocap.{name}", text="", icon=icon).index = index
    row = box.row(align=True)
    row.operator("int_mocap.add_mapped_bone", icon="ADD")
    if len(joint.bones) > 1:
        row.prop(joint, "twist")


class INT_MOCAP_PT_retarget_options(SidebarPanel, bpy.types.Panel):
    """How the motion is put on the character."""

    bl_label = "Options"
    bl_idname = "INT_MOCAP_PT_retarget_options"
    bl_parent_id = "INT_MOCAP_PT_retarget"
    bl_options = {"DEFAULT_CLOSED"}

    def draw(self, context: bpy.types.Context) -> None:
        layout = self.layout
        assert layout
        settings = settings_of(context.scene).retarget
        way = ("keep_travel",) if settings.root == "in_place" else ()
        draw_settings(layout, context, settings, ("root", *way, "start", "limbs"))
        draw_settings(layout, context, settings, ("pin_feet", "pin_hands", "floor", "pose_as_rest"))


class INT_MOCAP_PT_retarget_keys(SidebarPanel, bpy.types.Panel):
    """Where the keys go, and how many there are."""

    bl_label = "Into"
    bl_idname = "INT_MOCAP_PT_retarget_keys"
    bl_parent_id = "INT_MOCAP_PT_retarget"
    bl_options = {"DEFAULT_CLOSED"}

    def draw(self, context: bpy.types.Context) -> None:
        layout = self.layout
        assert layout
        settings, cleanup = settings_of(context.scene).retarget, settings_of(context.scene).cleanup
        strips = ("blend_in", "blend_out") if settings.place == "strip" else ()
        draw_settings(layout, context, settings, ("place", *strips))
        names = ("angle_tolerance", "distance_tolerance") if cleanup.reduce_keys else ()
        draw_settings(layout, context, cleanup, ("reduce_keys", *names))
        if not cleanup.reduce_keys:
            draw_settings(layout, context, settings, ("step",))
        ends = ("first", "last") if settings.use_range else ()
        draw_settings(layout, context, settings, ("use_range", *ends))


CLASSES = (
    INT_MOCAP_UL_bone_map,
    INT_MOCAP_PT_retarget,
    INT_MOCAP_PT_bone_map,
    INT_MOCAP_PT_retarget_options,
    INT_MOCAP_PT_retarget_keys,
)

"""The panel Export."""

import bpy

from .. import tasks
from ..settings import settings_of
from ..sidebar import SidebarPanel
from ..task_view import draw_task
from ..wording import counted
from ..wrapping import content_width, draw_settings, draw_text
from .figures import chosen_figures
from .ops import TITLE
from .properties import WITH_BONES, WITH_MESHES

_NAMED = 3


class INT_MOCAP_PT_export(SidebarPanel, bpy.types.Panel):
    """Out to engines and other programs."""

    bl_label = "Export"
    bl_idname = "INT_MOCAP_PT_export"

    def draw(self, context: bpy.types.Context) -> None:
        layout = self.layout
        assert layout
        settings = settings_of(context.scene).export
        draw_settings(layout, context, settings, ("figures", "preset", "format"))
        figures = chosen_figures(context)
        if figures:
            names = [each.name for each in figures[:_NAMED]]
            more = len(figures) - len(names)
            text = ", ".join(names) + (f" and {counted(more, 'more', 'more')}" if more else "")
            draw_text(layout, text, content_width(context), "OUTLINER_OB_ARMATURE")
        row = layout.row()
        row.scale_y = 1.3
        row.operator("int_mocap.export", icon="EXPORT")
        task = tasks.current()
        if task is None or task.title == TITLE:
            draw_task(layout, content_width(context), TITLE)


class INT_MOCAP_PT_export_options(SidebarPanel, bpy.types.Panel):
    """What goes into the file."""

    bl_label = "Options"
    bl_idname = "INT_MOCAP_PT_export_options"
    bl_parent_id = "INT_MOCAP_PT_export"
    bl_options = {"DEFAULT_CLOSED"}

    def draw(self, context: bpy.types.Context) -> None:
        layout = self.layout
        assert layout
        settings = settings_of(context.scene).export
        names = ["with_meshes"] if settings.format in WITH_MESHES else []
        names += ["deform_only", "root"] if settings.format in WITH_BONES else []
        draw_settings(layout, context, settings, [*names, "scene_range"])
        # A stretch of the scene's time is one animation, whatever plays in it.
        strips = layout.column()
        strips.active = not settings.scene_range
        draw_settings(strips, context, settings, ["each_strip"])


class INT_MOCAP_PT_assets(SidebarPanel, bpy.types.Panel):
    """Motions as assets."""

    bl_label = "Assets"
    bl_idname = "INT_MOCAP_PT_assets"
    bl_parent_id = "INT_MOCAP_PT_export"
    bl_options = {"DEFAULT_CLOSED"}

    def draw(self, context: bpy.types.Context) -> None:
        layout = self.layout
        assert layout
        draw_settings(layout, context, settings_of(context.scene).export, ("catalogue", "tags"))
        layout.operator("int_mocap.mark_assets", icon="ASSET_MANAGER")


CLASSES = (INT_MOCAP_PT_export, INT_MOCAP_PT_export_options, INT_MOCAP_PT_assets)

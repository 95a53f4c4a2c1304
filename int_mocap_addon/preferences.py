"""The add-on's preferences: which Python captures, and where captures are kept."""

import bpy
from bpy.props import StringProperty


class MocapPreferences(bpy.types.AddonPreferences):
    """What stays the same for all files."""

    bl_idname = __package__ or ""

    engine_python: StringProperty(
        name="Engine Python",
        description="Python that has INT Mocap installed, to capture with. "
        "Leave empty to use the engine that came with the add-on",
        subtype="FILE_PATH",
    )
    takes_folder: StringProperty(
        name="Takes Folder",
        description="Where captures are kept. Leave empty to keep them in a folder beside the "
        "Blender file, or with the add-on while the file is not saved",
        subtype="DIR_PATH",
    )

    def draw(self, context: bpy.types.Context) -> None:
        from .capture.panel import draw_task

        layout = self.layout
        assert layout
        layout.use_property_split = True
        layout.prop(self, "engine_python")
        layout.prop(self, "takes_folder")
        row = layout.row()
        row.operator("int_mocap.check_engine", icon="CHECKMARK")
        row.operator("int_mocap.open_log", icon="TEXT")
        draw_task(layout)


def engine_python() -> str:
    """Return the path of the Engine Python, empty for the add-on's own."""
    return _path("engine_python")


def takes_folder() -> str:
    """Return the folder that the user chose for takes, empty for none."""
    return _path("takes_folder")


def _path(name: str) -> str:
    preferences = bpy.context.preferences
    # The add-on is no entry there while it is registered by hand.
    addon = preferences.addons.get(__package__ or "") if preferences else None
    given = getattr(addon.preferences, name) if addon else ""
    return bpy.path.abspath(given) if given else ""

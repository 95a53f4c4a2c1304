"""The add-on's preferences: which Python captures, and where captures are kept."""

import bpy
from bpy.props import StringProperty

from . import properties


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
        description="Where captures are kept. A relative folder lies beside the Blender "
        "file, or with the add-on while the file is not saved; left empty, it is called takes",
        subtype="DIR_PATH",
    )

    def draw(self, context: bpy.types.Context) -> None:
        from .capture.panel import draw_task

        layout = self.layout
        assert layout
        if not works():
            layout.label(
                text="INT Mocap is already enabled from another repository: disable one of them",
                icon="INFO",
            )
            return
        layout.use_property_split = True
        layout.prop(self, "engine_python")
        layout.prop(self, "takes_folder")
        row = layout.row()
        row.operator("int_mocap.check_engine", icon="CHECKMARK")
        row.operator("int_mocap.open_log", icon="TEXT")
        draw_task(layout)


def works() -> bool:
    """Return whether this copy of the add-on is the one that works, see `copies`."""
    return bool(getattr(properties.MocapSettings, "is_registered"))  # noqa: B009 - as in settings


def engine_python() -> str:
    """Return the path of the Engine Python, empty for the add-on's own."""
    given = _given("engine_python")
    return bpy.path.abspath(given) if given else ""


def takes_folder() -> str:
    """Return the folder that the user chose for takes, empty for none.

    A relative one is as the user wrote it, without the two slashes that Blender puts before it.
    """
    return _given("takes_folder").removeprefix("//")


def _given(name: str) -> str:
    preferences = bpy.context.preferences
    # The add-on is no entry there while it is registered by hand.
    addon = preferences.addons.get(__package__ or "") if preferences else None
    return getattr(addon.preferences, name) if addon else ""

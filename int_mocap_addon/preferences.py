"""The add-on's preferences: which Python captures, where captures are kept, and defaults."""

from pathlib import Path
from typing import Any

import bpy
from bpy.props import BoolProperty, EnumProperty, StringProperty

from .addon import ADDON, given
from .cleanup.properties import PROFILES
from .rig.properties import ROOTS


def _show_engine(preferences: "MocapPreferences", context: bpy.types.Context) -> None:
    """Let the panels say at once whether there is an engine now."""
    from .operators import redraw_panels

    redraw_panels(context)


class MocapPreferences(bpy.types.AddonPreferences):
    """What stays the same for all files."""

    bl_idname = ADDON

    engine_python: StringProperty(
        name="Engine Python",
        description="Python that has INT Mocap installed, to capture with. "
        "Leave empty to use the engine that came with the add-on",
        subtype="FILE_PATH",
        update=_show_engine,
    )
    takes_folder: StringProperty(
        name="Takes Folder",
        description="Where captures are kept. A relative folder lies beside the Blender "
        "file, or with the add-on while the file is not saved; left empty, it is called takes",
        subtype="DIR_PATH",
    )

    profile: EnumProperty(
        name="Smoothing",
        description="Smoothing that a scene begins with",
        items=PROFILES,
        default="default",
    )
    reduce_keys: BoolProperty(
        name="Fewer Keys",
        description="Whether a scene begins with few Bezier keys instead of one on every frame",
        default=True,
    )
    root: EnumProperty(
        name="Root Bone",
        description="Root bone that a scene begins with",
        items=ROOTS,
        default="ORIGIN",
    )
    colours: BoolProperty(
        name="Bone Colors",
        description="Whether a scene begins with left, right and middle in different colors",
        default=True,
    )
    bone_shapes: BoolProperty(
        name="Bone Shapes",
        description="Whether a scene begins with bones that are drawn as rings around the limbs",
        default=False,
    )
    clips_folder: StringProperty(options={"HIDDEN"})

    def draw(self, context: bpy.types.Context) -> None:
        from .task_view import draw_task
        from .wrapping import content_width

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
        draw_task(layout, content_width(context), "Check Engine")
        layout.separator()
        layout.label(text="New scenes begin with")
        defaults = layout.column()
        for name in ("profile", "reduce_keys", "root", "colours", "bone_shapes"):
            defaults.prop(self, name)


def works() -> bool:
    """Return whether this copy of the add-on is the one that works, see `copies`."""
    from . import properties

    return bool(getattr(properties.MocapSettings, "is_registered"))  # noqa: B009 - as in settings


def engine_python() -> str:
    """Return the path of the Engine Python, empty for the add-on's own."""
    chosen = given("engine_python")
    return bpy.path.abspath(chosen) if chosen else ""


def takes_folder() -> str:
    """Return the folder that the user chose for takes, empty for none.

    A relative one is as the user wrote it, without the two slashes that Blender puts before it.
    """
    return str(given("takes_folder") or "").removeprefix("//")


def clips_folder() -> str:
    """Return the folder that a clip was last opened from, empty when that is not there."""
    folder = given("clips_folder")
    return folder if folder and Path(folder).is_dir() else ""


def remember_clips_folder(folder: str) -> None:
    """Remember where a clip was opened from, for this session and later ones."""
    preferences = bpy.context.preferences
    if preferences and given("clips_folder") not in (None, folder):
        own: Any = preferences.addons[ADDON].preferences
        own.clips_folder = folder
        # Blender then keeps it when it ends, as it does with what the user sets.
        preferences.is_dirty = True

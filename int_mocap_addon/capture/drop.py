"""Files dropped onto the 3D View."""

import bpy

from core_model.results.suffixes import SUFFIXES


class _OntoView(bpy.types.FileHandler):
    """Base: takes files dropped onto the 3D View only."""

    @classmethod
    def poll_drop(cls, context: bpy.types.Context | None) -> bool:
        area = context.area if context else None
        return area is not None and area.type == "VIEW_3D"


class INT_MOCAP_FH_clip(_OntoView):
    """A video becomes the clip to capture."""

    bl_idname = "INT_MOCAP_FH_clip"
    bl_label = "Mocap Clip"
    bl_import_operator = "int_mocap.open_clip"
    bl_file_extensions = ".mp4;.mov;.avi;.mkv;.webm;.m4v;.mpg;.mpeg;.mts;.m2ts;.wmv;.gif"


class INT_MOCAP_FH_take(_OntoView):
    """A take, an AMASS file or the result of another system goes onto the list."""

    bl_idname = "INT_MOCAP_FH_take"
    bl_label = "Mocap Take"
    bl_import_operator = "int_mocap.load_takes"
    bl_file_extensions = ";".join(SUFFIXES)


CLASSES = (INT_MOCAP_FH_clip, INT_MOCAP_FH_take)

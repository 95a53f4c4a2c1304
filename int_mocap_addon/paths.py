"""Paths in a .blend: relative to it where Blender wants that said."""

import bpy

FILE_OPTIONS = {"PATH_SUPPORTS_BLEND_RELATIVE"} if bpy.app.version >= (4, 5, 0) else set()
"""Options of properties that hold the path of a file; unknown before Blender 4.5."""

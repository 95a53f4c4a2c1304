"""Where the panels are: the tab Mocap in the sidebar of the 3D View."""

from typing import Any


class SidebarPanel:
    """Base of every panel, beside `bpy.types.Panel`."""

    # Blender's stubs want literals of types that have no name.
    bl_space_type: Any = "VIEW_3D"
    bl_region_type: Any = "UI"
    bl_category = "Mocap"

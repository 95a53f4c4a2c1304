"""USD, by Blender's own exporter."""

from pathlib import Path
from typing import Any

import bpy


def write_usd(path: Path, *, animated: bool) -> None:
    """Write the scene that is shown, at its frames; textures come into a folder beside the file."""
    options: dict[str, Any] = {}
    if bpy.app.version < (5, 0, 0):
        options["visible_objects_only"] = False
    if bpy.app.version >= (4, 5, 0):
        options |= {"convert_scene_units": "METERS", "export_textures_mode": "NEW"}
    else:
        options["export_textures"] = True
    bpy.ops.wm.usd_export(
        filepath=str(path),
        selected_objects_only=False,
        export_animation=animated,
        export_armatures=True,
        only_deform_bones=False,  # only those are there
        export_shapekeys=True,
        export_meshes=True,
        export_lights=False,
        export_cameras=False,
        export_curves=False,
        export_hair=False,
        export_volumes=False,
        convert_world_material=False,
        export_custom_properties=False,
        evaluation_mode="VIEWPORT",
        root_prim_path="/root",
        **options,
    )

"""Alembic: the meshes as they are seen, every vertex at every frame, by Blender's own exporter."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import bpy

from bake.export.reading import Reading
from bake.export.stage import Stage


def put_meshes(stage: Stage, readings: Sequence[Reading]) -> None:
    """Put copies of the meshes on the stage that their own rigs move, with all their modifiers."""
    for reading in readings:
        for mesh in reading.figure.meshes:
            double: Any = mesh.copy()
            # A body that is hidden while its person is unseen is there all the time.
            for path in ("hide_viewport", "hide_render"):
                double.driver_remove(path)
                setattr(double, path, False)
            stage.made.append(double)
            stage.scene.collection.objects.link(double)
            stage.call(double, mesh.name)
    stage.scene.frame_start = int(min(each.frames[0] for each in readings))
    stage.scene.frame_end = int(max(each.frames[-1] for each in readings))


def write_alembic(path: Path, scene: Any, units: float) -> None:
    """Write the scene that is shown.

    Parameters
    ----------
    path : Path
    scene : bpy.types.Scene
    units : float
        Of the file for each of the scene.
    """
    options: dict[str, Any] = {}
    if bpy.app.version < (5, 0, 0):
        options["visible_objects_only"] = False
    bpy.ops.wm.alembic_export(
        filepath=str(path),
        start=scene.frame_start,
        end=scene.frame_end,
        selected=False,
        flatten=True,
        uvs=True,
        normals=True,
        face_sets=True,
        global_scale=units,
        export_hair=False,
        export_particles=False,
        export_custom_properties=False,
        evaluation_mode="VIEWPORT",
        as_background_job=False,
        **options,
    )

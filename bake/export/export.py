"""Figures of a scene written into a file: one call for every format and every program."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import bpy

from bake.export.cleaned import Space
from bake.export.fbx import write_fbx
from bake.export.gltf import write_gltf
from bake.export.options import ExportOptions
from bake.export.presets import PRESETS, Preset
from bake.export.reading import Reading, read_figures
from bake.export.stage import stage_for
from bake.export.staging import put_on_stage
from bake.headless import blender_failed
from bake.scene.units import units_per_metre
from core_model.errors import OutputError
from core_model.storage.atomic import replaced_when_complete

_CENTIMETRES = 100.0
"""An FBX in centimetres needs no scale on any object, which engines would keep."""

_Writer = Callable[[Path, bpy.types.Scene, Sequence[Reading], Preset, ExportOptions], list[str]]


def export(
    path: Path,
    figures: Sequence[bpy.types.Object],
    preset: str = "blender",
    options: ExportOptions = ExportOptions(),
    scene: bpy.types.Scene | None = None,
    report: Callable[[float], None] = lambda share: None,
) -> list[str]:
    """Write figures into a file, whose suffix tells the format.

    What is written is what is seen: layers, constraints and drivers included, one animation for
    each figure, named like its action. The scene stays as it was, also when something fails; the
    file appears only once it is complete.

    Parameters
    ----------
    path : Path
    figures : sequence of bpy.types.Object
        Armatures: our own and any other; their meshes come with them.
    preset : str
        One of `PRESETS`.
    options : ExportOptions
    scene : bpy.types.Scene, optional
        The current one if none is given.
    report : callable
        Is told how much is done, 0 to 1.

    Returns
    -------
    list of str
        What the user should know, one sentence each.

    Raises
    ------
    OutputError
        When the figures cannot be exported like that or the file not be written.
    """
    scene = scene or bpy.context.scene
    assert scene
    chosen, suffix = PRESETS[preset], path.suffix.lower()
    if suffix not in _WRITERS:
        raise OutputError(f"{path.name} must end in {', '.join(_WRITERS)}.")
    if not figures:
        raise OutputError("There is no figure to export.")
    add_root = chosen.root if options.root is None else options.root
    told: list[str] = []
    with _object_mode():
        found = read_figures(scene, figures, options, add_root, report)
        parts = [[each] for each in found] if holds_one(suffix, preset) else [found]
        for part in parts:
            target = path if len(parts) == 1 else path.with_stem(f"{path.stem}_{part[0].name}")
            with replaced_when_complete(target) as temporary:
                told += _written(temporary, target, scene, part, chosen, options)
    return list(dict.fromkeys(told))


def holds_one(suffix: str, preset: str) -> bool:
    """Return whether a format has room for one figure only."""
    return suffix == ".fbx" and bool(PRESETS[preset].object_name)


def _written(
    temporary: Path,
    target: Path,
    scene: bpy.types.Scene,
    readings: Sequence[Reading],
    preset: Preset,
    options: ExportOptions,
) -> list[str]:
    try:
        told = _WRITERS[target.suffix.lower()](temporary, scene, readings, preset, options)
    except RuntimeError as error:
        raise OutputError(blender_failed(f"write {target}", error)) from error
    if temporary.stat().st_size == 0:
        raise OutputError(f"Blender wrote nothing into {target}.")
    return told


def _fbx(
    path: Path,
    scene: bpy.types.Scene,
    readings: Sequence[Reading],
    preset: Preset,
    options: ExportOptions,
) -> list[str]:
    space = Space(_CENTIMETRES / units_per_metre(scene), _CENTIMETRES, y_up=preset.fbx_up == "Y")
    whole_scene = not preset.from_zero
    with stage_for(scene) as stage:
        stage.scene.unit_settings.scale_length = 1 / _CENTIMETRES
        told = put_on_stage(
            stage, readings, space, animated=options.animated, object_name=preset.object_name
        )
        stage.call(stage.scene, readings[0].figure.action)
        write_fbx(path, preset, animated=options.animated, whole_scene=whole_scene)
    return told


def _gltf(
    path: Path,
    scene: bpy.types.Scene,
    readings: Sequence[Reading],
    preset: Preset,
    options: ExportOptions,
) -> list[str]:
    space = Space(1 / units_per_metre(scene), root_y_up=True)
    with stage_for(scene) as stage:
        told = put_on_stage(stage, readings, space, animated=options.animated)
        write_gltf(path, preset, animated=options.animated)
    return told


_WRITERS: dict[str, _Writer] = {".fbx": _fbx, ".glb": _gltf}
"""What writes a file, by its suffix."""


@contextmanager
def _object_mode() -> Iterator[None]:
    """Leave the mode that the user is in, for as long: in edit mode nothing is posed."""
    layer = bpy.context.view_layer
    active = layer.objects.active if layer else None
    mode = active.mode if active else "OBJECT"
    if mode == "OBJECT":
        yield
        return
    bpy.ops.object.mode_set(mode="OBJECT")
    try:
        yield
    finally:
        bpy.ops.object.mode_set(mode=mode)

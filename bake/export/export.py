"""Figures of a scene written into a file: one call for every format and every program."""

import io
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, redirect_stdout
from pathlib import Path

import bpy

from bake.export.formats import FORMATS, Format, Job
from bake.export.options import ExportOptions
from bake.export.presets import PRESETS
from bake.export.reading import read_figures
from bake.headless import blender_failed
from core_model.errors import OutputError
from core_model.storage.atomic import replaced_when_complete

_UNSAFE = re.compile(r'[<>:"/\\|?*\x00-\x1f]+')


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
    chosen, kind = PRESETS[preset], FORMATS.get(path.suffix.lower())
    if kind is None:
        raise OutputError(f"{path.name} must end in one of {', '.join(FORMATS)}.")
    if not figures:
        raise OutputError("There is no figure to export.")
    add_root = chosen.root if options.root is None else options.root
    told: list[str] = []
    with _object_mode():
        readings = read_figures(scene, figures, options, add_root, report)
        of = dict(zip(figures, readings, strict=True))
        for target, part in files_of(path, figures, preset):
            with replaced_when_complete(target) as temporary:
                job = Job(temporary, scene, [of[each] for each in part], chosen, options)
                told += _written(kind, job, target)
            if target != path:
                told.append(f"{part[0].name} is in {target.name}.")
    return list(dict.fromkeys(told))


def files_of(
    path: Path, figures: Sequence[bpy.types.Object], preset: str
) -> list[tuple[Path, Sequence[bpy.types.Object]]]:
    """Share figures out among files: one each where a file has room for one only.

    Parameters
    ----------
    path : Path
        Its suffix tells the format.
    figures : sequence of bpy.types.Object
    preset : str
        One of `PRESETS`.
    """
    if len(figures) < 2 or not holds_one(path, preset):
        return [(path, figures)]
    names = [_UNSAFE.sub("_", each.name) for each in figures]
    return [
        (path.with_name(f"{path.stem}_{name}{path.suffix}"), [each])
        for name, each in zip(names, figures, strict=True)
    ]


def holds_one(path: Path, preset: str) -> bool:
    """Return whether a file has room for one figure only.

    In an FBX with several clips, each clip would hold all figures, the others without motion.
    """
    suffix = path.suffix.lower()
    return FORMATS[suffix].one_figure or (suffix == ".fbx" and PRESETS[preset].clips)


def _written(kind: Format, job: Job, target: Path) -> list[str]:
    try:
        # Exporters tell of themselves on Python's own standard output.
        with redirect_stdout(io.StringIO()):
            told = kind.write(job)
    except RuntimeError as error:
        raise OutputError(blender_failed(f"write {target}", error)) from error
    if job.path.stat().st_size == 0:
        raise OutputError(f"Blender wrote nothing into {target}.")
    return told


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

"""Figures of a scene written into a file: one call for every format and every program."""

import io
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass
from pathlib import Path

import bpy

from bake.export.clips import Clip, clips_of
from bake.export.formats import FORMATS, Format, Job
from bake.export.options import ExportOptions
from bake.export.presets import PRESETS
from bake.export.reading import read_figures
from bake.headless import blender_failed
from core_model.errors import OutputError
from core_model.storage.atomic import refuse_full_disk, replaced_when_complete

_UNSAFE = re.compile(r'[<>:"/\\|?*\x00-\x1f]+')


@dataclass(frozen=True)
class FileToWrite:
    """One of the files of an export.

    Parameters
    ----------
    path : Path
        Its suffix tells the format.
    figures : sequence of bpy.types.Object
    clip : Clip, optional
        The only motion of the only figure, where a format has room for one.
    """

    path: Path
    figures: Sequence[bpy.types.Object]
    clip: Clip | None = None


def export(
    path: Path,
    figures: Sequence[bpy.types.Object],
    preset: str = "blender",
    options: ExportOptions = ExportOptions(),
    scene: bpy.types.Scene | None = None,
    report: Callable[[float], None] = lambda share: None,
) -> list[str]:
    """Write figures into a file, whose suffix tells the format.

    What is written is what is seen: layers, constraints and drivers included; an animation for
    each motion of each figure, named like its action. The scene stays as it was, also when
    something fails; the file appears only once it is complete.

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
    files, told = files_of(path, figures, preset, options, scene), []
    for number, file in enumerate(files):
        before, share = number / len(files), 1 / len(files)
        told += export_file(
            file,
            preset,
            options,
            scene,
            lambda done, before=before, share=share: report(before + share * done),  # type: ignore[misc]
        )
        if len(files) > 1:
            what = file.clip.name if file.clip else file.figures[0].name
            told.append(f"{what} is in {file.path.name}.")
    return list(dict.fromkeys(told))


def export_file(
    file: FileToWrite,
    preset: str,
    options: ExportOptions,
    scene: bpy.types.Scene,
    report: Callable[[float], None] = lambda share: None,
) -> list[str]:
    """Write one of the files of `files_of`; as `export` does it.

    Parameters
    ----------
    file : FileToWrite
    preset : str
        One of `PRESETS`.
    options : ExportOptions
    scene : bpy.types.Scene
    report : callable
        Is told how much is done, 0 to 1.

    Raises
    ------
    OutputError
        When the figures cannot be exported like that or the file not be written.
    """
    chosen, kind = PRESETS[preset], FORMATS[file.path.suffix.lower()]
    add_root = chosen.root if options.root is None else options.root
    with _object_mode(), replaced_when_complete(file.path) as temporary:
        readings = read_figures(
            scene, file.figures, options, add_root, report, file.clip, kind.clips and chosen.clips
        )
        job = Job(temporary, scene, readings, chosen, options)
        return _written(kind, job, file.path)


def files_of(
    path: Path,
    figures: Sequence[bpy.types.Object],
    preset: str,
    options: ExportOptions,
    scene: bpy.types.Scene,
) -> list[FileToWrite]:
    """Share figures and their motions out among files: one each where a file has room for no more.

    In an FBX with several clips, each clip would hold all figures, the others without motion.

    Parameters
    ----------
    path : Path
        Its suffix tells the format.
    figures : sequence of bpy.types.Object
    preset : str
        One of `PRESETS`.
    options : ExportOptions
    scene : bpy.types.Scene

    Raises
    ------
    OutputError
        When there is no such format, or no figure.
    """
    kind = FORMATS.get(path.suffix.lower())
    if kind is None:
        raise OutputError(f"{path.name} must end in one of {', '.join(FORMATS)}.")
    if not figures:
        raise OutputError("There is no figure to export.")
    one = kind.one_figure or (path.suffix.lower() == ".fbx" and PRESETS[preset].clips)
    if not one:
        return [FileToWrite(path, figures)]
    files = []
    for figure in figures:
        clips = clips_of(scene, figure) if kind.one_figure and options.separate else ()
        for clip in clips if len(clips) > 1 else (None,):
            names = [figure.name] if len(figures) > 1 else []
            names += [clip.name] if clip else []
            named = "_".join([path.stem, *(_UNSAFE.sub("_", name) for name in names)])
            files.append(FileToWrite(path.with_name(f"{named}{path.suffix}"), [figure], clip))
    return files


def _written(kind: Format, job: Job, target: Path) -> list[str]:
    try:
        # Exporters tell of themselves on Python's own standard output.
        with redirect_stdout(io.StringIO()):
            told = kind.write(job)
    except RuntimeError as error:
        raise OutputError(blender_failed(f"write {target}", error)) from error
    refuse_full_disk(job.path)
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

"""The file that a bake ends in: a .blend, or what `bake.export` writes of its figures."""

import io
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, redirect_stdout
from pathlib import Path

import bpy

from bake.export.blend_file import is_whole
from bake.headless import blender_failed
from core_model.errors import OutputError
from core_model.storage.atomic import refuse_full_disk, replaced_when_complete

BLEND = ".blend"


def write_output(
    scene: bpy.types.Scene,
    figures: Sequence[bpy.types.Object],
    output: Path,
    preset: str,
    report: Callable[[str], None],
) -> list[str]:
    """Write a scene as a .blend, or its figures in another format, and return warnings.

    The file appears only once it is complete.

    Parameters
    ----------
    scene : bpy.types.Scene
    figures : sequence of bpy.types.Object
        Armatures.
    output : Path
        Its suffix tells the format.
    preset : str
        One of `bake.export.presets.PRESETS`.
    report : callable
        Is told of each file.

    Raises
    ------
    OutputError
        When it cannot be written.
    """
    if output.suffix.lower() != BLEND:
        from bake.export.export import export, files_of
        from bake.export.options import ExportOptions

        with redirect_stdout(io.StringIO()):
            told = export(output, figures, preset, scene=scene)
        for file in files_of(output, figures, preset, ExportOptions(), scene):
            report(f"saved {file.path}")
        return told
    assert bpy.context.preferences
    bpy.context.preferences.filepaths.save_version = 0  # no .blend1 beside the temporary file
    with replaced_when_complete(output) as temporary, _named(output):
        # The operator reports the temporary name through Python's own standard output.
        with redirect_stdout(io.StringIO()):
            bpy.ops.wm.save_as_mainfile(filepath=str(temporary), copy=True, compress=True)
        refuse_full_disk(temporary)
        if not is_whole(temporary):
            raise OutputError(f"Cannot write {output}: the disk is full, or fails.")
    report(f"saved {output}")
    return []


@contextmanager
def _named(output: Path) -> Iterator[None]:
    try:
        yield
    except RuntimeError as error:
        raise OutputError(blender_failed(f"save {output}", error)) from error

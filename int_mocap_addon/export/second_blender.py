"""A long export by a second Blender, on a copy of the file: exporters let nobody in meanwhile.

Both speak through files in a folder: `plan.json` says what is to be done, `said.jsonl` what has
been done, one JSON object a line.
"""

import json
import shutil
import subprocess
from collections.abc import Generator, Sequence
from pathlib import Path
from typing import Any

import bpy

from bake.export.options import ExportOptions
from core_model.errors import MocapError, OutputError

from ..names import COMMAND
from ..tasks import Progress
from ..worker_process import new_scratch_folder

VERB = "export-copy"
"""Of the command `blender --command int_mocap`, for this alone."""

_LONG = 100_000
"""Bones times frames of an export that is worth the seconds in which another Blender starts."""

_COPY, _PLAN, _SAID = "copy.blend", "plan.json", "said.jsonl"


def is_long(
    scene: bpy.types.Scene, figures: Sequence[bpy.types.Object], options: ExportOptions
) -> bool:
    """Return whether an export would keep Blender busy for long, and another one could do it.

    Parameters
    ----------
    scene : bpy.types.Scene
    figures : sequence of bpy.types.Object
    options : ExportOptions
    """
    from bake.export.clips import whole_clip

    if bpy.app.background or not bpy.app.binary_path:
        return False
    work = 0
    for each in figures:
        bones: Any = each.data
        work += len(bones.bones) * len(whole_clip(scene, each, options.frames).frames)
    return work > _LONG


def export_elsewhere(
    scene: bpy.types.Scene, names: Sequence[str], path: Path, preset: str
) -> Generator[Progress, None, list[str]]:
    """Let a second Blender export figures, as steps of a task; return what the user should know.

    Parameters
    ----------
    scene : bpy.types.Scene
        Its settings count as they are when this begins, and so does all else.
    names : sequence of str
        Of the armatures.
    path : Path
    preset : str

    Raises
    ------
    MocapError
        With the other Blender's own sentence when it fails.
    """
    folder = new_scratch_folder()
    process = None
    try:
        plan = {"scene": scene.name, "figures": list(names), "path": str(path), "preset": preset}
        (folder / _PLAN).write_text(json.dumps(plan), encoding="utf-8")
        yield Progress("Copying the file")
        try:
            bpy.ops.wm.save_as_mainfile(filepath=str(folder / _COPY), copy=True, compress=False)
        except RuntimeError as error:
            raise OutputError(f"No copy of the file can be made: {error}") from error
        command = [bpy.app.binary_path, "--command", COMMAND, VERB, str(folder)]
        with (folder / "log.txt").open("wb") as log:
            process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT
            )
        progress = Progress("Starting a second Blender")
        while process.poll() is None:
            said = _last(folder)
            if "text" in said:
                progress = Progress(said["text"], said["done"])
            yield progress
        said = _last(folder)
        if "told" in said:
            return list(said["told"])
        raise MocapError(
            said.get("error", "The second Blender ended before the export was complete.")
        )
    finally:
        if process and process.poll() is None:
            process.kill()
            process.wait()
        shutil.rmtree(folder, ignore_errors=True)


def run_copy(folder: Path) -> int:
    """Do what the plan in a folder says: this is the second Blender.

    Parameters
    ----------
    folder : Path
    """
    from bake.export.export import export_file, files_of

    from .properties import options_of

    plan = json.loads((folder / _PLAN).read_text(encoding="utf-8"))
    try:
        bpy.ops.wm.open_mainfile(filepath=str(folder / _COPY), load_ui=False)
        scene: Any = bpy.data.scenes[plan["scene"]]
        window: Any = bpy.context.window_manager.windows[0]  # type: ignore[union-attr]
        window.scene = scene
        figures = [bpy.data.objects[name] for name in plan["figures"]]
        options, path, told = options_of(scene), Path(plan["path"]), []
        files = files_of(path, figures, plan["preset"], options, scene)
        for number, file in enumerate(files):

            def show(done: float, number: int = number, name: str = file.path.name) -> None:
                text = f"Writing {name}" if done == 1 else f"Reading the motion for {name}"
                _say(folder, {"text": text, "done": (number + _READING * done) / len(files)})

            told += export_file(file, plan["preset"], options, scene, show)
            if len(files) > 1:
                what = file.clip.name if file.clip else file.figures[0].name
                told.append(f"{what} is in {file.path.name}.")
    except (MocapError, RuntimeError, LookupError) as error:
        _say(folder, {"error": str(error)})
        return 1
    _say(folder, {"told": list(dict.fromkeys(told))})
    return 0


_READING = 0.5
"""Of the time that a file takes, in which the motion is read; the rest has no measure."""


def _say(folder: Path, what: dict[str, Any]) -> None:
    with (folder / _SAID).open("a", encoding="utf-8") as file:
        file.write(json.dumps(what) + "\n")


def _last(folder: Path) -> dict[str, Any]:
    """Return the last whole line that was said."""
    try:
        lines = (folder / _SAID).read_text(encoding="utf-8").split("\n")[:-1]
    except OSError:
        return {}
    return json.loads(lines[-1]) if lines else {}

"""Solving takes again in steps: the engine works, then what it found is baked."""

import shutil
import time
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

import bpy

from core_model.engine.forecast import BAKE, SOLVE, Forecast
from core_model.errors import MocapError, OutputError

from ..pace import keep_pace, known_pace
from ..paths import blend_folder, portable
from ..scenes import SceneOfTask
from ..settings import settings_of
from ..takes.baking import bake_steps
from ..takes.listing import find_take, read_facts, show_facts, takes_of_capture
from ..tasks import Cancelled, Outcome, Progress, Steps, in_thread
from ..wording import counted, lasting
from ..worker_process import keep_spare, run_job
from .digest import concerned, digest_of
from .keeping import numbers_of, save_beside
from .kinds import NOBODY, PERSON
from .part import part_steps, parts_of
from .surfaces import look_again


def solve_steps(scene_name: str, uid: str) -> Steps:
    """Solve the takes of a capture again with all that is said of them, and bake those.

    Parameters
    ----------
    scene_name : str
    uid : str
        Of any take of the capture.
    """
    return _solve(SceneOfTask(scene_name), uid)


def _solve(where: SceneOfTask, uid: str) -> Steps:
    begin = time.monotonic()
    scene = where.find()
    take = find_take(scene, uid)
    numbers = numbers_of(scene, take)
    takes = [each for each in takes_of_capture(scene, take) if each.uid in numbers]
    for each in takes:
        look_again(each)
    wanted = [each.uid for each in takes if concerned(each) or _is_in_exchange(takes, each)]
    if not wanted:
        raise MocapError(f"Nothing is corrected of {take.name}: pose it and press Pin first.")
    digest = digest_of(takes)
    captured = Path(bpy.path.abspath(take.path)).parent
    file, said = save_beside(scene, take)
    told: tuple[str, ...] = ()
    files: dict[str, Path] = {}
    body = bpy.path.abspath(take.body_file)
    device = settings_of(scene).capture.device
    del scene, take, takes
    if said:
        folder = _new_folder(captured)
        job = {
            "kind": "solve",
            "takes": str(captured),
            "corrections": str(file),
            "folder": str(folder),
            "options": {"device": device} | ({"body": body} if body else {}),
        }
        forecast = Forecast([*SOLVE, BAKE], begin, known_pace())
        summary: dict[str, Any] = {}
        try:
            summary = (yield from run_job(job, forecast))["summary"]
        finally:
            if not summary:
                shutil.rmtree(folder, ignore_errors=True)
        keep_pace(forecast.pace())
        if not bpy.app.background:  # nobody is there who could solve again
            keep_spare()
        told = tuple(summary["warnings"])
        people = range(1, max(numbers.values()) + 1)
        kept = [number for number in people if number not in said.dropped]
        solved = dict(zip(kept, summary["people"], strict=False))
        files = {each: folder / solved[n]["file"] for each, n in numbers.items() if n in solved}
    yield from _take_over(where, wanted, files, digest)
    scene = where.find()
    only_part = settings_of(scene).corrections.bake_only == "PART"
    baked = [each for each in wanted if _is_shown(find_take(scene, each))]
    name = scene.name
    del scene
    words = f"Solved {counted(len(wanted), 'take', 'takes')} again in "
    done = words + f"{lasting(time.monotonic() - begin)}."
    if not baked:
        return Outcome("WARNING" if told else "INFO", (done, *told))
    try:
        if only_part:
            result = yield from _bake_parts(where, baked)
        else:
            result = yield from bake_steps(name, baked, "KEEP")
    except Cancelled:
        result = Outcome("INFO", ("Not baked, as you cancelled it.",))
    level = "WARNING" if told else result.level
    return Outcome(level, (done, *told, *result.sentences))


def _bake_parts(where: SceneOfTask, uids: Sequence[str]) -> Steps:
    told: list[str] = []
    for uid in uids:
        scene = where.find()
        parts = parts_of(scene, find_take(scene, uid))
        del scene
        told += (yield from part_steps(where, uid, parts)).sentences
    return Outcome("INFO", tuple(told))


def _take_over(where: SceneOfTask, uids: Sequence[str], files: dict[str, Path], digest: str) -> Any:
    """Let takes of the list be what was solved, those without be what was captured."""
    scene = where.find()
    paths = [
        files.get(each) or Path(bpy.path.abspath(find_take(scene, each).path)) for each in uids
    ]
    del scene
    reading = Progress("Reading the takes", 0.5)
    facts = yield from in_thread(reading, partial(_read_all, paths))
    scene = where.find()
    for uid, one in zip(uids, facts, strict=True):
        take = find_take(scene, uid)
        take.solved = portable(files[uid], blend_folder()) if uid in files else ""
        take.solved_with = digest
        show_facts(take, one)
        _hide(take, _is_nobody(take))


def _read_all(paths: Sequence[Path]) -> list[Any]:
    return [read_facts(path) for path in paths]


def _is_in_exchange(takes: Sequence[Any], take: Any) -> bool:
    return any(
        item.kind == PERSON and item.enabled and item.other == take.uid
        for each in takes
        for item in each.corrections
    )


def _is_nobody(take: Any) -> bool:
    return any(item.kind == NOBODY and item.enabled for item in take.corrections)


def _is_shown(take: Any) -> bool:
    return take.armature is not None and not _is_nobody(take)


def _hide(take: Any, hidden: bool) -> None:
    """Hide the figure of somebody who is nobody, or show it again."""
    for thing in (take.armature, take.body):
        if thing is not None and bool(thing.get("mocap_nobody")) != hidden:
            thing.hide_viewport = thing.hide_render = hidden
            if hidden:
                thing["mocap_nobody"] = True
            else:
                del thing["mocap_nobody"]


def _new_folder(captured: Path) -> Path:
    """Make a folder for solved takes beside those that were captured.

    Earlier ones stay: undo goes back to them, and other files may have been baked from them.
    """
    number = 1
    while True:
        folder = captured / ("solved" if number == 1 else f"solved_{number}")
        try:
            folder.mkdir()
        except FileExistsError:
            number += 1
        except OSError as error:
            raise OutputError(f"Cannot write to {captured}: {error.strerror}.") from error
        else:
            return folder

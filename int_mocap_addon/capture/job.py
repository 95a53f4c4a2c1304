"""Capturing in steps: the engine works, its takes are listed, then they are baked."""

import time
from dataclasses import replace
from functools import partial
from typing import Any

from core_model.engine.forecast import BAKE, CAPTURE, CAPTURE_VIEWS, FIND_PEOPLE, Forecast
from core_model.errors import MocapError

from ..corrections.surviving import Earlier, carry_over, said_of_clip
from ..pace import keep_pace, known_pace
from ..scenes import SceneOfTask
from ..settings import settings_of
from ..storage import (
    captures_folder,
    missing_folders,
    new_capture_folder,
    remove_capture_folder,
)
from ..takes.baking import bake_steps, until_calm
from ..takes.listing import add_take, read_facts
from ..takes.replacing import remove_takes_of_clip
from ..tasks import Cancelled, Outcome, Progress, Steps, in_thread, told_otherwise
from ..wording import counted, lasting, progress_of
from ..worker_process import new_scratch_folder, run_job
from .more_cameras import remember_answers
from .request import CaptureRequest, clip_path, part_of_clip
from .thumbnails import forget_thumbnails


def capture_steps(scene_name: str, request: CaptureRequest, replacing: bool = False) -> Steps:
    """Capture, list the takes, and bake them if wanted.

    Whatever goes wrong, the scene is as before and no folder is left.

    Parameters
    ----------
    scene_name : str
    request : CaptureRequest
    replacing : bool
        Whether earlier captures of the same clip make room, once the new one is there.
    """
    return _capture(SceneOfTask(scene_name), request, replacing)


def _capture(where: SceneOfTask, request: CaptureRequest, replacing: bool) -> Steps:
    begin = time.monotonic()
    work = CAPTURE_VIEWS if request.options.get("views") else CAPTURE
    stages = [*work, BAKE] if request.bake else work
    forecast = Forecast(stages, begin, known_pace())
    made = missing_folders(captures_folder())
    folder = new_capture_folder(request.clip)
    job = {
        "kind": "capture",
        "video": str(request.clip),
        "folder": str(folder),
        "options": request.options,
    }
    summary: dict[str, Any] = {}
    try:
        summary = (yield from run_job(job, forecast))["summary"]
    finally:
        if not summary:
            remove_capture_folder(folder, made)
    files = [folder / person["file"] for person in summary["people"]]
    forecast.reach(BAKE, 0.0, time.monotonic())
    keep_pace(forecast.pace())
    reading = progress_of("reading", forecast.at(time.monotonic()))
    facts = yield from in_thread(reading, lambda: [read_facts(path) for path in files])
    try:
        scene = where.find()
    except MocapError as error:
        raise MocapError(f"{error} The takes are in {folder}.") from error
    told: list[str] = []
    earlier: list[Earlier] = said_of_clip(scene, request.clip)
    if replacing:
        del scene
        try:
            yield from until_calm(where)
            told = remove_takes_of_clip(where.find(), request.clip)
        except Cancelled:
            told = ["Nothing was replaced or baked, as you cancelled it."]
            request = replace(request, bake=False)
        scene = where.find()
    remember_answers(settings_of(scene).capture, summary["views"])
    # The user named the clip, wherever it is.
    facts = [replace(each, asked_first="") for each in facts]
    uids = [add_take(scene, each, request.options.get("body", "")) for each in facts]
    scene_name = scene.name
    del scene
    told += yield from carry_over(where, earlier, uids)
    done = (
        f"Captured {counted(len(uids), 'person', 'people')} in {lasting(time.monotonic() - begin)}."
    )
    captured = Outcome(
        "WARNING" if summary["warnings"] else "INFO", (done, *told, *summary["warnings"])
    )
    if not request.bake:
        return captured
    try:
        baked = yield from told_otherwise(
            bake_steps(scene_name, uids), partial(_of_the_whole, forecast)
        )
    except MocapError as error:
        baked = Outcome("WARNING", (str(error),))
    except Cancelled:
        baked = Outcome("INFO", ("Not baked, as you cancelled it.",))
    level = baked.level if captured.level == "INFO" else captured.level
    return Outcome(level, captured.sentences + baked.sentences)


def _of_the_whole(forecast: Forecast, progress: Progress) -> Progress:
    """Return the progress of baking as that of the capture that it ends."""
    forecast.reach(BAKE, progress.fraction or 0.0, time.monotonic())
    standing = forecast.at(time.monotonic())
    return replace(progress, fraction=round(standing.share, 3))


def find_people_steps(scene_name: str) -> Steps:
    """Find out who is in the clip, and show them in the panel to tick."""
    return _find_people(SceneOfTask(scene_name))


def _find_people(where: SceneOfTask) -> Steps:
    clip = clip_path(where.find())
    settings = settings_of(where.find()).capture
    job = {
        "kind": "find_people",
        "video": str(clip),
        "folder": str(new_scratch_folder()),
        "options": part_of_clip(settings),
    }
    given = settings.clip
    del settings
    forecast = Forecast(FIND_PEOPLE, time.monotonic(), known_pace())
    result = yield from run_job(job, forecast)
    settings = settings_of(where.find()).capture
    if settings.clip != given:
        raise MocapError("Another clip was chosen meanwhile: find people again.")
    settings.found.clear()
    forget_thumbnails()
    for person in result["people"]:
        item = settings.found.add()
        item.number, item.thumbnail = person["number"], person["thumbnail"]
        item.start, item.end = person["start"], person["end"]
    settings.tracks = result["tracks"]
    found = counted(len(result["people"]), "person", "people")
    return Outcome("INFO", (f"Found {found}; tick whom to capture.",))


def check_engine_steps(device: str) -> Steps:
    """Let the engine load everything and run once."""
    begin = time.monotonic()
    job = {"kind": "check_engine", "options": {"device": device}}
    result = yield from run_job(job)
    versions = ", ".join(f"{name} {version}" for name, version in result["versions"].items())
    return Outcome(
        "INFO",
        (
            f"The engine works on the {result['device']}: one inference took "
            f"{result['seconds']:.1f} s, with loading {time.monotonic() - begin:.1f} s.",
            f"{versions}.",
        ),
    )

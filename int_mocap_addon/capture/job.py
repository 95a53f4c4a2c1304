"""Capturing in steps: the engine works, its takes are listed, then they are baked."""

import shutil
import time
from typing import Any

import bpy

from core_model.errors import MocapError

from ..properties import settings_of
from ..takes.baking import bake_steps
from ..takes.listing import add_take, read_facts
from ..tasks import Cancelled, Outcome, Progress, Steps, in_thread
from ..wording import counted, lasting
from ..worker_process import new_scratch_folder, run_job
from .request import CaptureRequest, clip_path, part_of_clip
from .thumbnails import forget_thumbnails


def capture_steps(scene_name: str, request: CaptureRequest) -> Steps:
    """Capture, list the takes, and bake them if wanted.

    Whatever goes wrong, the scene is as before and no folder is left.
    """
    begin = time.monotonic()
    job = {
        "kind": "capture",
        "video": str(request.clip),
        "folder": str(request.folder),
        "options": request.options,
    }
    summary: dict[str, Any] = {}
    try:
        summary = (yield from run_job(job))["summary"]
    finally:
        if not summary:
            shutil.rmtree(request.folder, ignore_errors=True)
    files = [request.folder / person["file"] for person in summary["people"]]
    facts = yield from in_thread(
        Progress("Reading the takes"), lambda: [read_facts(path) for path in files]
    )
    scene = bpy.data.scenes.get(scene_name)
    if scene is None:
        raise MocapError(f"The scene {scene_name} is gone; the takes are in {request.folder}.")
    uids = [add_take(scene, each, request.options.get("body", "")) for each in facts]
    del scene
    done = (
        f"Captured {counted(len(uids), 'person', 'people')} in {lasting(time.monotonic() - begin)}."
    )
    captured = Outcome("WARNING" if summary["warnings"] else "INFO", (done, *summary["warnings"]))
    if not request.bake:
        return captured
    try:
        baked = yield from bake_steps(scene_name, uids)
    except MocapError as error:
        baked = Outcome("WARNING", (str(error),))
    except Cancelled:
        baked = Outcome("INFO", ("Not baked, as you cancelled it.",))
    level = baked.level if captured.level == "INFO" else captured.level
    return Outcome(level, captured.sentences + baked.sentences)


def find_people_steps(scene_name: str) -> Steps:
    """Find out who is in the clip, and show them in the panel to tick."""
    scene = bpy.data.scenes[scene_name]
    clip = clip_path(scene)
    job = {
        "kind": "find_people",
        "video": str(clip),
        "folder": str(new_scratch_folder()),
        "options": part_of_clip(settings_of(scene).capture),
    }
    given = settings_of(scene).capture.clip
    del scene
    result = yield from run_job(job)
    now = bpy.data.scenes.get(scene_name)
    if now is None or settings_of(now).capture.clip != given:
        raise MocapError("Another clip was chosen meanwhile: find people again.")
    settings = settings_of(now).capture
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

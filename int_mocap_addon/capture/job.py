"""Capturing in steps: the engine works, its takes are listed, then they are baked."""

import shutil
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import bpy

from core_model.errors import MocapError

from ..properties import settings_of
from ..storage import new_capture_folder, new_scratch_folder
from ..takes.baking import bake_steps
from ..takes.listing import add_take, read_facts
from ..tasks import Cancelled, Outcome, Progress, Steps, in_thread
from ..wording import counted, lasting
from ..worker_process import run_job
from .thumbnails import forget_thumbnails


@dataclass(frozen=True)
class CaptureRequest:
    """What to capture; plain values, read from the panel before the work begins.

    Parameters
    ----------
    clip : Path
    folder : Path
        For the result; does not exist yet.
    options : dict
        Fields of `core_model.capture.CaptureOptions`.
    bake : bool
        Whether to bake at once.
    """

    clip: Path
    folder: Path
    options: dict[str, Any]
    bake: bool


def request_of(scene: bpy.types.Scene) -> CaptureRequest:
    """Read the panel Capture from Video.

    Raises
    ------
    MocapError
        When something is missing there, with what to do about it.
    """
    settings = settings_of(scene).capture
    clip = clip_path(scene)
    options = _part(settings) | {"device": settings.device}
    if not settings.refine:
        options["refine"] = False
    if settings.people == "CHOSEN":
        wanted = [person.number for person in settings.found if person.wanted]
        if not wanted:
            raise MocapError("Nobody is ticked: find people first, then tick whom to capture.")
        options |= {"people": wanted}
    elif settings.people == "LARGEST":
        options["people"] = "largest"
    if settings.tracks:
        options["tracks"] = settings.tracks
    if settings.model == "OWN":
        options["weights"] = str(_existing(settings.weights, "checkpoint"))
    if settings.body_file:
        options["body"] = str(_existing(settings.body_file, "SMPL body"))
    return CaptureRequest(clip, new_capture_folder(clip), options, settings.bake)


def _existing(given: str, what: str) -> Path:
    path = Path(bpy.path.abspath(given)) if given else None
    if path is None or not path.is_file():
        raise MocapError(f"Choose the file of your {what}, or go back to the default one.")
    return path


def clip_path(scene: bpy.types.Scene) -> Path:
    """Return the clip of the panel.

    Raises
    ------
    MocapError
        When none is chosen or it is not there.
    """
    given = settings_of(scene).capture.clip
    if not given:
        raise MocapError("Choose a clip first.")
    clip = Path(bpy.path.abspath(given)).absolute()
    if not clip.exists():
        raise MocapError(f"There is no clip at {clip}.")
    return clip


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
        "options": _part(settings_of(scene).capture),
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


def _part(settings: Any) -> dict[str, Any]:
    return {"start": settings.start, "end": settings.end} if settings.use_range else {}

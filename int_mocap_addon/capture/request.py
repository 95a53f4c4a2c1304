"""What the panel Capture asks for, as plain values."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import bpy

from core_model.errors import MocapError

from ..settings import settings_of
from .more_cameras import views_of


@dataclass(frozen=True)
class CaptureRequest:
    """What to capture; plain values, read from the panel before the work begins.

    Parameters
    ----------
    clip : Path
    options : dict
        Fields of `core_model.options.CaptureOptions`.
    bake : bool
        Whether to bake at once.
    """

    clip: Path
    options: dict[str, Any]
    bake: bool


def request_of(scene: bpy.types.Scene) -> CaptureRequest:
    """Read the panel Capture.

    Raises
    ------
    MocapError
        When something is missing there, with what to do about it.
    """
    settings = settings_of(scene).capture
    clip = clip_path(scene)
    options = part_of_clip(settings) | {"device": settings.device}
    for name in ("height", "focal"):
        if getattr(settings, name) > 0:
            options[name] = getattr(settings, name)
    if not settings.refine:
        options["refine"] = False
    if not settings.hands:
        options["hands"] = False
    if settings.people == "CHOSEN":
        wanted = [person.number for person in settings.found if person.wanted]
        if not wanted:
            raise MocapError("Nobody is ticked: find people first, then tick whom to capture.")
        options |= {"people": wanted}
    elif settings.people == "LARGEST":
        options["people"] = "largest"
    options |= views_of(settings)
    for path in options.get("views", ()):
        if not Path(path).exists():
            raise MocapError(f"There is no clip at {path}: take it off More Cameras.")
    if settings.tracks:
        options["tracks"] = settings.tracks
    if settings.model == "OWN":
        options["weights"] = str(_existing(settings.weights, "checkpoint"))
    if settings.body_file:
        options["body"] = str(_existing(settings.body_file, "SMPL body"))
    return CaptureRequest(clip, options, settings.bake)


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


def part_of_clip(settings: Any) -> dict[str, Any]:
    """Return in and out points and quality as options of a capture."""
    part = {"quality": settings.quality}
    return part | {"start": settings.start, "end": settings.end} if settings.use_range else part

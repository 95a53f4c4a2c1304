"""The clip behind the scene, in step with the motion."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import bpy
import numpy as np

from bake.motion.resample import Timeline
from bake.scene.clip.in_step import play_in_step
from core_model.storage.pictures import pictures_in, places_of

_MAKES_UPRIGHT = (4, 4, 0)
"""From this version on Blender turns a clip as its file says; it never mirrors one."""


def add_background(
    camera: bpy.types.Object,
    clip_path: Path,
    timeline: Timeline,
    size: np.ndarray,
    stored: Mapping[str, Any] | None = None,
) -> list[str]:
    """Show the clip behind the scene, in step with the motion.

    Parameters
    ----------
    camera : bpy.types.Object
    clip_path : Path
        A video, or a folder of pictures.
    timeline : Timeline
        Of the motion.
    size : (2,)
        Of the upright picture that the take was captured from.
    stored : mapping, optional
        How the clip's file differs from what is shown of it: `stored` of the take's source.

    Returns
    -------
    list of str
        What the user should know, one sentence each.
    """
    stored = stored if isinstance(stored, Mapping) else {}
    pictures = pictures_in(clip_path) if clip_path.is_dir() else []
    path = pictures[0] if pictures else _playable(clip_path, stored)
    clip = bpy.data.movieclips.load(str(path.absolute()))
    if clip.frame_duration == 0:
        bpy.data.movieclips.remove(clip)
        return [f"Blender cannot play {clip_path}; the camera has no background."]
    rate = clip.fps
    if clip.source == "SEQUENCE":
        rate = _number(stored, "rate") or timeline.rate.value
    # Blender counts from where the file begins, the take from the first picture that can be shown.
    play_in_step(clip, timeline, timeline.start + _number(stored, "lead"), rate)
    assert isinstance(camera.data, bpy.types.Camera)
    background = camera.data.background_images.new()
    background.source = "MOVIE_CLIP"
    background.clip = clip
    background.alpha = 1.0
    background.display_depth = "BACK"
    background.frame_method = "FIT"
    background.use_flip_x, background.use_flip_y = _flips(stored.get("turned"))
    camera.data.show_background_images = True
    warnings = _warnings_of_pictures(clip_path.name, pictures)
    width, height = np.array(clip.size)
    if width != size[0] or height != size[1]:
        warnings.append(
            f"Blender shows {clip_path.name} as {width} x {height}, the take was "
            f"captured from {size[0]} x {size[1]}: the background may be turned or stretched."
        )
    return warnings


def fit_background(scene: bpy.types.Scene, camera: bpy.types.Object) -> None:
    """Let the clips behind a camera be as wide as its picture, whatever the scene's proportions.

    The lens is that of the clip's width: a clip that is taller than the scene's pictures goes on
    above and below them, instead of shrinking away from the figures before it.
    """
    render = scene.render
    width = render.resolution_x * render.pixel_aspect_x
    height = render.resolution_y * render.pixel_aspect_y
    assert isinstance(camera.data, bpy.types.Camera)
    for image in camera.data.background_images:
        # Another method is the user's choice.
        if image.clip and image.frame_method in ("FIT", "CROP"):
            across, up = np.array(image.clip.size)
            image.frame_method = "FIT" if across * height >= up * width else "CROP"


def _playable(clip: Path, stored: Mapping[str, Any]) -> Path:
    """Return the copy that capture made of a clip that Blender cannot play, if it is there."""
    copy = stored.get("copy")
    return Path(copy) if isinstance(copy, str) and Path(copy).is_file() else clip


def _number(stored: Mapping[str, Any], name: str) -> float:
    """Return a number of a file that anyone may have written, 0 if it is none."""
    value = stored.get(name)
    sound = isinstance(value, int | float) and abs(value) < 1e6
    return float(value) if sound and value is not None else 0.0


def _flips(turned: Any) -> tuple[bool, bool]:
    """Return whether the background is to be flipped sideways and upside down to be upright.

    Parameters
    ----------
    turned : sequence of str
        Any of "transposed", "flip_x" and "flip_y", done to the stored picture in this order.
    """
    known = turned if isinstance(turned, Sequence) else ()
    transposed, flip_x, flip_y = (each in known for each in ("transposed", "flip_x", "flip_y"))
    if bpy.app.version < _MAKES_UPRIGHT:
        return (False, False) if transposed else (flip_x, flip_y)
    # Of a picture that is mirrored too, Blender takes the turn that leads to this.
    mirrored = transposed ^ flip_x ^ flip_y
    return mirrored and transposed, mirrored and not transposed


def _warnings_of_pictures(folder: str, pictures: Sequence[Path]) -> list[str]:
    """Tell where Blender shows others than a capture read: it counts on from the first name."""
    if not pictures:
        return []
    parts = re.fullmatch(r"(.*?)(\d*)(\D*)", pictures[0].name, re.DOTALL)
    assert parts, "every name has these three parts, empty ones included"
    before, digits, after = parts.groups()
    places = places_of(pictures)
    shown = [f"{before}{int(digits or 0) + place:0{len(digits)}}{after}" for place in places]
    if [picture.name for picture in pictures] != (shown if digits else [pictures[0].name]):
        return [
            f"Blender shows the pictures of {folder} by the last number in their names, which does "
            "not count them one by one: the background is out of step."
        ]
    missing = places[-1] + 1 - len(pictures)
    if missing:
        return [f"In {folder} {missing} pictures are missing; the background is empty there."]
    return []

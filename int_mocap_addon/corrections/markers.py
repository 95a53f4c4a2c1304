"""Pins as markers of the timeline; those of the user stay."""

from typing import Any

import bpy

from ..settings import settings_of
from ..takes.listing import active_take
from .frames import frame_of
from .kinds import PLACE, ROTATION

_PREFIX = "Pin: "
"""How our markers are known again: Blender 5 lets them carry nothing else."""

_NAMED = 2  # joints of a marker; more are counted


def refresh_pin_markers(scene: bpy.types.Scene) -> None:
    """Put markers where something of the active take is pinned, and take those of before away."""
    clear_pin_markers(scene)
    take = active_take(scene)
    if take is None or not settings_of(scene).corrections.show_marks:
        return
    frames: dict[int, list[str]] = {}
    for item in take.corrections:
        if item.enabled and item.kind in (ROTATION, PLACE):
            frames.setdefault(frame_of(scene, take, item.time), []).append(words(item.part))
    for frame, names in frames.items():
        more = len(names) - _NAMED
        named = ", ".join(names[:_NAMED]) + (f" and {more} more" if more > 0 else "")
        scene.timeline_markers.new(_PREFIX + named, frame=frame)


def clear_pin_markers(scene: bpy.types.Scene) -> None:
    """Take away all markers of ours."""
    for marker in list(scene.timeline_markers):
        if marker.name.startswith(_PREFIX) and marker.camera is None:
            scene.timeline_markers.remove(marker)


def words(part: Any) -> str:
    """Return the name of a joint or a landmark as people read it."""
    return str(part).replace("_", " ")

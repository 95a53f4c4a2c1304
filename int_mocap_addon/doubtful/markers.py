"""Doubtful ranges as markers of the timeline; those of the user stay."""

import bpy

from ..settings import settings_of
from ..takes.listing import active_take
from .frames import first_and_last

_PREFIX = "Doubtful: "
"""How our markers are known again: Blender 5 lets them carry nothing else."""


def refresh_markers(scene: bpy.types.Scene) -> None:
    """Put markers where the active take is doubtful, and take those of before away."""
    clear_markers(scene)
    take = active_take(scene)
    if not settings_of(scene).scene.doubtful_markers or take is None or take.armature is None:
        return
    parts: dict[int, list[str]] = {}
    for item in take.doubtful:
        parts.setdefault(first_and_last(scene, take, item)[0], []).append(item.name)
    for frame, names in parts.items():
        scene.timeline_markers.new(_PREFIX + ", ".join(names), frame=frame)


def clear_markers(scene: bpy.types.Scene) -> None:
    """Take away all markers of ours."""
    for marker in list(scene.timeline_markers):
        if marker.name.startswith(_PREFIX) and marker.camera is None:
            scene.timeline_markers.remove(marker)

"""The frame range of a scene: it grows and shrinks with the motions, until the user sets it."""

from collections.abc import Collection, Iterable
from typing import Any

import bpy

from bake.scene.marks import LAYER

_SET = "mocap_range"
"""Custom property of a scene: first and last frame as set here; then, if the scene had a range of
its own before, that one's first and last."""


def make_room(
    scene: bpy.types.Scene,
    own: tuple[int, int] | None,
    motions: Iterable[tuple[int, int]],
) -> None:
    """Give a scene the range of its motions, and of what else moves in it.

    Parameters
    ----------
    scene : bpy.types.Scene
    own : tuple or None
        First and last frame that are needed without the motions; None if nothing else moves. Of a
        range that was set here before, what was there first counts instead.
    motions : iterable of tuple
        First and last frame of each.
    """
    kept = _kept(scene)
    own = kept[1] if kept else own
    ends = [*motions, *([own] if own else [])]
    if not ends:
        return
    scene.frame_start, scene.frame_end = min(e[0] for e in ends), max(e[1] for e in ends)
    scene[_SET] = [scene.frame_start, scene.frame_end, *(own or ())]


def is_set_here(scene: bpy.types.Scene) -> bool:
    """Return whether the range of a scene is as `make_room` left it."""
    return _kept(scene) is not None


def ranges_of(armatures: Collection[bpy.types.Object]) -> list[tuple[int, int]]:
    """Return first and last frame of what each armature does; of one without keys nothing.

    Layers over a bake do not count: their fades may end beyond it.
    """
    ranges = []
    for armature in armatures:
        data = armature.animation_data
        if data and data.action and data.action.get(LAYER) is None:
            ends = data.action.curve_frame_range
            ranges.append((round(ends[0]), round(ends[1])))
        for track in data.nla_tracks if data else ():
            ranges += [
                (round(each.frame_start), round(each.frame_end))
                for each in track.strips
                if each.action is None or each.action.get(LAYER) is None
            ]
    return ranges


def _kept(scene: bpy.types.Scene) -> tuple[tuple[int, int], tuple[int, int] | None] | None:
    """Return the range as it was set here and as it was before; None if the user set another."""
    given: Any = scene.get(_SET)
    numbers = [int(each) for each in given] if hasattr(given, "__len__") else []
    if len(numbers) not in (2, 4) or (scene.frame_start, scene.frame_end) != tuple(numbers[:2]):
        return None
    return (numbers[0], numbers[1]), (numbers[2], numbers[3]) if len(numbers) == 4 else None

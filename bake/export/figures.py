"""What is exported of each figure: its rig, its meshes, its time and what its motion is called."""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import bpy
import numpy as np

from bake.export.meshes import meshes_of
from bake.scene.animation.action import place_of_bake, places
from bake.scene.marks import LAYER

_WHOLE = 1e-3  # of a frame


@dataclass(frozen=True)
class ExportedFigure:
    """One figure of the scene.

    Parameters
    ----------
    armature : bpy.types.Object
    meshes : list of bpy.types.Object
    action : str
        What its motion is called.
    first, last : int
        Its frames.
    """

    armature: Any
    meshes: list[Any]
    action: str
    first: int
    last: int

    @property
    def frames(self) -> np.ndarray:
        """All frames, (K,)."""
        return np.arange(self.first, self.last + 1)


def figure_in(
    scene: bpy.types.Scene,
    armature: bpy.types.Object,
    with_meshes: bool = True,
    frames: tuple[int, int] | None = None,
) -> ExportedFigure:
    """Look at an armature as it is to be exported.

    Parameters
    ----------
    scene : bpy.types.Scene
    armature : bpy.types.Object
    with_meshes : bool
    frames : tuple of int, optional
        First and last; else those of its motion.
    """
    first, last = frames or _frames_of(scene, armature)
    meshes = meshes_of(scene, armature) if with_meshes else []
    return ExportedFigure(armature, meshes, _motion_name(armature), first, last)


def named_apart(figures: Sequence[ExportedFigure]) -> list[ExportedFigure]:
    """Give motions of one name that of their figure as well: files know them by their names."""
    used = Counter(each.action for each in figures)
    return [
        replace(each, action=f"{each.action}_{each.armature.name}")
        if used[each.action] > 1
        else each
        for each in figures
    ]


def _motion_name(armature: Any) -> str:
    """Return what all that an armature does is called: by the action under its layers."""
    data = armature.animation_data
    if data is None:
        return str(armature.name)
    place = place_of_bake(data)
    named = [place] if place else [each for each in places(data) if LAYER not in each.action]
    return str(named[0].action.name) if named else str(armature.name)


def _frames_of(scene: bpy.types.Scene, armature: Any) -> tuple[int, int]:
    """Return the first and last frame of what an armature does, layers left out."""
    data = armature.animation_data
    ends: list[Sequence[float]] = []
    if data and data.action and LAYER not in data.action:
        ends.append(data.action.frame_range)
    if data and data.use_nla:
        ends += [
            (strip.frame_start, strip.frame_end)
            for track in data.nla_tracks
            if not track.mute
            for strip in track.strips
            if not strip.mute and (strip.action is None or LAYER not in strip.action)
        ]
    if not ends:
        return scene.frame_start, scene.frame_end
    first = math.floor(min(end[0] for end in ends) + _WHOLE)
    return first, max(first, math.ceil(max(end[1] for end in ends) - _WHOLE))

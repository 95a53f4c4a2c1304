"""What is exported of each figure: its rig, its meshes, and what it does when."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import bpy

from bake.export.clips import Clip
from bake.export.meshes import meshes_of


@dataclass(frozen=True)
class ExportedFigure:
    """One figure of the scene.

    Parameters
    ----------
    armature : bpy.types.Object
    meshes : list of bpy.types.Object
    clips : tuple of Clip
        At least one.
    """

    armature: Any
    meshes: list[Any]
    clips: tuple[Clip, ...]


def figure_in(
    scene: bpy.types.Scene,
    armature: bpy.types.Object,
    clips: tuple[Clip, ...],
    with_meshes: bool = True,
) -> ExportedFigure:
    """Look at an armature as it is to be exported.

    Parameters
    ----------
    scene : bpy.types.Scene
    armature : bpy.types.Object
    clips : tuple of Clip
    with_meshes : bool
    """
    return ExportedFigure(armature, meshes_of(scene, armature) if with_meshes else [], clips)


def named_apart(figures: Sequence[ExportedFigure]) -> list[ExportedFigure]:
    """Give motions of one name that of their figure as well: files know them by their names."""
    used = Counter(clip.name for each in figures for clip in each.clips)
    return [
        replace(
            each,
            clips=tuple(
                replace(clip, name=f"{clip.name}_{each.armature.name}")
                if used[clip.name] > 1
                else clip
                for clip in each.clips
            ),
        )
        for each in figures
    ]

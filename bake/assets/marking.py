"""Actions of figures marked as assets, so that they are found and used in other files."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import bpy
import numpy as np

from bake.assets.preview import SIZE, render_figure
from bake.scene.animation.action import places
from bake.scene.marks import LAYER


@dataclass(frozen=True)
class Motion:
    """An action that a figure plays.

    Parameters
    ----------
    action : bpy.types.Action
    first, last : float
        Frames of the action itself.
    shown : int
        Frame of the scene at which its middle is seen.
    """

    action: Any
    first: float
    last: float
    shown: int


def motions_of(armature: Any) -> Iterator[Motion]:
    """Give each action that an armature plays, but not layers over others."""
    data = armature.animation_data
    seen: list[Any] = []
    for place in places(data) if data else ():
        action = place.action
        if LAYER in action or action in seen:
            continue
        seen.append(action)
        first, last = action.curve_frame_range
        if isinstance(place, bpy.types.NlaStrip):
            middle = (place.frame_start + place.frame_end) / 2
        else:
            middle = (first + last) / 2
        yield Motion(action, float(first), float(last), round(middle))


def mark_motions(
    scene: bpy.types.Scene,
    armature: Any,
    meshes: Sequence[Any],
    catalogue: str,
    tags: Sequence[str],
) -> tuple[list[str], list[str]]:
    """Mark all actions of a figure as assets.

    Parameters
    ----------
    scene : bpy.types.Scene
        Of the figure; its frame stays.
    armature : bpy.types.Object
    meshes : sequence of bpy.types.Object
        What the pictures show of the figure.
    catalogue : str
        Identifier, from `catalogues.put_catalogue`.
    tags : sequence of str

    Returns
    -------
    names : list of str
        Of the actions.
    told : list of str
        What the user should know.
    """
    names, told = [], []
    for motion in list(motions_of(armature)):
        action = motion.action
        if action.library is not None:
            told.append(f"{action.name} is linked from another file: mark it there.")
            continue
        action.asset_mark()
        details = action.asset_data
        details.catalog_id = catalogue
        details.description = _described(motion, armature, scene)
        for tag in tags:
            if tag not in details.tags:  # else Blender warns on the console
                details.tags.new(tag)
        action.use_frame_range = True
        action.frame_start, action.frame_end = motion.first, motion.last
        picture = render_figure(scene, armature, meshes, motion.shown)
        if picture is None:
            told.append(f"No picture of {action.name} could be made: this machine has no graphics.")
        else:
            _show(action, picture)
        names.append(action.name)
    data = armature.animation_data
    if names and data and any(LAYER in place.action for place in places(data)):
        told.append(
            f"Layers of {armature.name} are not in the asset: Merge for Export puts them into it."
        )
    return names, told


def _described(motion: Motion, armature: Any, scene: Any) -> str:
    fps = scene.render.fps / scene.render.fps_base
    seconds = (motion.last - motion.first) / fps
    return f"{seconds:.1f} s at {fps:.6g} frames a second, for {armature.name}"


def _show(action: Any, picture: np.ndarray) -> None:
    preview = action.preview_ensure()
    preview.image_size = (SIZE, SIZE)
    preview.image_pixels_float.foreach_set(picture.astype(np.float32).ravel())

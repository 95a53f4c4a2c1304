"""Figures read from a scene: all that any format needs, before anything is written."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import bpy
import numpy as np

from bake.export.figures import ExportedFigure, figure_in, named_apart
from bake.export.meshes import carrying_bones, has_moving_shapes, weighted_bones
from bake.export.options import ExportOptions
from bake.export.sampling import Sampled, sample
from bake.export.skeleton import Skeleton, skeleton_of
from bake.retarget.in_blender.rigs import read_rig
from bake.retarget.rig import Rig


@dataclass(frozen=True)
class Reading:
    """A figure as it is seen at every frame.

    Parameters
    ----------
    figure : ExportedFigure
    rig : Rig
    skeleton : Skeleton
    posed : (K, B, 4, 4)
        All bones of the rig in its own space, in its order.
    placed : (K, 4, 4)
        The armature in the world, in the scene's units.
    shapes : dict of str to (K, S)
        Values of shape keys that move, by the name of the mesh.
    frames : (K,) int
    """

    figure: ExportedFigure
    rig: Rig
    skeleton: Skeleton
    posed: np.ndarray
    placed: np.ndarray
    shapes: dict[str, np.ndarray]
    frames: np.ndarray

    @property
    def name(self) -> str:
        """Of the figure."""
        return str(self.figure.armature.name)


def read_figures(
    scene: bpy.types.Scene,
    armatures: Sequence[bpy.types.Object],
    options: ExportOptions,
    add_root: bool,
    report: Callable[[float], None],
) -> list[Reading]:
    """Read figures of a scene, each at the frames of its own motion.

    Parameters
    ----------
    scene : bpy.types.Scene
    armatures : sequence of bpy.types.Object
    options : ExportOptions
    add_root : bool
        Give figures without a root bone one.
    report : callable
        Is told how much is done, 0 to 1.
    """
    figures = named_apart(
        [figure_in(scene, each, options.with_meshes, options.frames) for each in armatures]
    )
    shaped = [[mesh for mesh in each.meshes if has_moving_shapes(mesh)] for each in figures]
    if options.animated:
        frames = np.unique(np.concatenate([each.frames for each in figures]))
    else:
        frames = np.array([scene.frame_current])
    sampled = sample(scene, armatures, shaped, frames.tolist(), report)
    readings = []
    for figure, seen in zip(figures, sampled, strict=True):
        rig = read_rig(figure.armature)
        skeleton = skeleton_of(
            rig,
            weighted_bones(figure.armature, figure.meshes),
            carrying_bones(figure.armature, figure.meshes),
            deform_only=options.deform_only,
            add_root=add_root,
        )
        own = np.isin(frames, figure.frames) if options.animated else np.array([True])
        readings.append(_reading(figure, rig, skeleton, seen, frames, own))
    return readings


def _reading(
    figure: ExportedFigure,
    rig: Rig,
    skeleton: Skeleton,
    seen: Sampled,
    frames: np.ndarray,
    own: np.ndarray,
) -> Reading:
    places = {name: place for place, name in enumerate(seen.bones)}
    order = [places[name] for name in rig.names]
    return Reading(
        figure,
        rig,
        skeleton,
        seen.posed[own][:, order],
        seen.placed[own],
        {name: values[own] for name, values in seen.shapes.items()},
        frames[own],
    )

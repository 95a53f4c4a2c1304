"""Figures read from a scene: all that any format needs, before anything is written."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import bpy
import numpy as np

from bake.export.clips import Clip, clips_of, played_alone, whole_clip
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
        Those of all its clips, one after the other.
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

    @property
    def title(self) -> str:
        """Of its motion, or of the first of them."""
        return self.figure.clips[0].name

    def parts(self) -> list[tuple[str, slice]]:
        """Return the name of each motion and where its frames are in the arrays."""
        if len(self.frames) == 1:
            return [(self.title, slice(0, 1))]  # at rest
        ends = np.cumsum([len(clip.frames) for clip in self.figure.clips]).tolist()
        return [
            (clip.name, slice(end - len(clip.frames), end))
            for clip, end in zip(self.figure.clips, ends, strict=True)
        ]


def read_figures(
    scene: bpy.types.Scene,
    armatures: Sequence[bpy.types.Object],
    options: ExportOptions,
    add_root: bool,
    report: Callable[[float], None],
    clip: Clip | None = None,
    several: bool = False,
) -> list[Reading]:
    """Read figures of a scene, each at the frames of its own motions.

    Parameters
    ----------
    scene : bpy.types.Scene
    armatures : sequence of bpy.types.Object
    options : ExportOptions
    add_root : bool
        Give figures without a root bone one.
    report : callable
        Is told how much is done, 0 to 1.
    clip : Clip, optional
        The one that is wanted of a figure with several.
    several : bool
        Every motion of a figure by itself, instead of all that it does as one.
    """
    found = []
    for each in armatures:
        if clip is not None:
            clips: tuple[Clip, ...] = (clip,)
        elif several and options.separate:
            clips = clips_of(scene, each)
        else:
            clips = (whole_clip(scene, each, options.frames),)
        found.append(figure_in(scene, each, clips, options.with_meshes))
    figures = named_apart(found)
    total = sum(len(clip.frames) for each in figures for clip in each.clips)
    readings, done = [], 0
    for figure in figures:
        shaped = [mesh for mesh in figure.meshes if has_moving_shapes(mesh)]
        taken = []
        for part in figure.clips:
            frames = part.frames if options.animated else np.array([scene.frame_current])
            share, before = len(frames) / total, done / total
            with played_alone(figure.armature, part):
                taken += sample(
                    scene,
                    [figure.armature],
                    [shaped],
                    frames.tolist(),
                    lambda each, share=share, before=before: report(before + share * each),  # type: ignore[misc]
                )
            done += len(frames)
            if not options.animated:
                break
        readings.append(_reading(scene, figure, taken, options, add_root))
    return readings


def _reading(
    scene: bpy.types.Scene,
    figure: ExportedFigure,
    taken: Sequence[Sampled],
    options: ExportOptions,
    add_root: bool,
) -> Reading:
    rig = read_rig(figure.armature)
    skeleton = skeleton_of(
        rig,
        weighted_bones(figure.armature, figure.meshes),
        carrying_bones(figure.armature, figure.meshes),
        deform_only=options.deform_only,
        add_root=add_root,
    )
    places = {name: place for place, name in enumerate(taken[0].bones)}
    order = [places[name] for name in rig.names]
    frames = np.concatenate([clip.frames for clip in figure.clips])
    return Reading(
        figure,
        rig,
        skeleton,
        np.concatenate([each.posed for each in taken])[:, order],
        np.concatenate([each.placed for each in taken]),
        {name: np.concatenate([each.shapes[name] for each in taken]) for name in taken[0].shapes},
        frames if options.animated else np.array([scene.frame_current]),
    )

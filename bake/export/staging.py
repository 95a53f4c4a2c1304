"""Figures put onto the stage: clean skeletons, the meshes that follow them, and their motion."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from bake.export.cleaned import Space, cleaned
from bake.export.losses import told_of
from bake.export.meshes import copy_mesh
from bake.export.reading import Reading
from bake.export.stage import Stage, animate, animate_shapes, build_skeleton, turn_object


def put_on_stage(
    stage: Stage,
    readings: Sequence[Reading],
    space: Space,
    *,
    animated: bool = True,
    object_name: str = "",
    stand: bool = True,
    with_scale: bool = True,
) -> list[str]:
    """Build figures in the space of a file; return what the user should know.

    Parameters
    ----------
    stage : Stage
    readings : sequence of Reading
    space : Space
    animated : bool
    object_name : str
        Of the armature, "" for the figure's own name.
    stand : bool
        Turn the objects so that figures stand upright in Blender, whatever the space.
    with_scale : bool
        False for formats that know no scale of bones.
    """
    told: list[str] = []
    for reading in readings:
        figure = cleaned(reading.rig, reading.skeleton, reading.posed, reading.placed, space)
        told += told_of(reading)  # before the copy takes over the name
        armature = build_skeleton(stage, object_name or reading.name, reading.skeleton, figure)
        if space.y_up and stand:
            turn_object(armature, space.turn)
        for mesh in reading.figure.meshes:
            told += _put_mesh(stage, reading, mesh, armature, figure.from_rig, animated)
        if animated:
            for (title, rows), frames in zip(reading.parts(), staged_frames(reading), strict=True):
                animate(
                    stage,
                    armature,
                    reading.skeleton,
                    replace(figure, posed=figure.posed[rows]),
                    frames,
                    title,
                    with_scale,
                )
    ends = [frames for each in readings for frames in staged_frames(each)]
    stage.scene.frame_start = int(min(frames[0] for frames in ends))
    stage.scene.frame_end = int(max(frames[-1] for frames in ends))
    stage.scene.frame_set(stage.scene.frame_start - 1)
    return told


def staged_frames(reading: Reading) -> list[np.ndarray]:
    """Return the frames (K,) that each motion has on the stage.

    One keeps its own. Several come one after the other, so that none is seen in another.
    """
    found: list[np.ndarray] = []
    for _, rows in reading.parts():
        frames = reading.frames[rows]
        if found:
            frames = frames - frames[0] + found[-1][-1] + 2
        found.append(frames)
    return found


def _put_mesh(
    stage: Stage,
    reading: Reading,
    mesh: Any,
    armature: Any,
    from_rig: np.ndarray,
    animated: bool,
) -> list[str]:
    skeleton = reading.skeleton
    deform = {bone.name for bone in skeleton.bones if bone.deform}
    top = skeleton.bones[max(skeleton.root, 0)].name
    double, told = copy_mesh(mesh, reading.figure.armature, armature, deform, top, from_rig)
    values = reading.shapes.get(mesh.name)  # before the copy takes over the name
    stage.link(double)
    stage.call(double.data, mesh.data.name)
    stage.call(double, mesh.name)
    if values is not None:
        # At rest without the motion, but never in another shape.
        parts = reading.parts() if animated else []
        motions = [
            (title, rows, frames)
            for (title, rows), frames in zip(parts, staged_frames(reading), strict=False)
        ]
        animate_shapes(stage, double, values if animated else values[:1], motions)
    return told

"""Where bones are at every frame, as they are seen: after layers, constraints and drivers."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import bpy
import numpy as np


@dataclass(frozen=True)
class Sampled:
    """An armature and the shapes of its meshes over time.

    Parameters
    ----------
    bones : tuple of str
    posed : (K, B, 4, 4)
        Of each bone, in the space of the armature.
    placed : (K, 4, 4)
        Of the armature in the world.
    shapes : dict of str to (K, S)
        Values of the shape keys of each mesh object, by its name.
    """

    bones: tuple[str, ...]
    posed: np.ndarray
    placed: np.ndarray
    shapes: dict[str, np.ndarray]


def sample(
    scene: bpy.types.Scene,
    armatures: Sequence[bpy.types.Object],
    shaped: Sequence[Sequence[bpy.types.Object]],
    frames: Sequence[int],
    report: Callable[[float], None],
) -> list[Sampled]:
    """Play a scene and write down where the bones are.

    The scene's own frame stays: a scene of its own plays, in which only the armatures are.

    Parameters
    ----------
    scene : bpy.types.Scene
        Its frame rate counts.
    armatures : sequence of bpy.types.Object
        Not in edit mode.
    shaped : sequence of sequence of bpy.types.Object
        The meshes of each whose shape keys are wanted.
    frames : sequence of int
    report : callable
        Is told how much is done, 0 to 1.
    """
    names = [tuple(bone.name for bone in each.pose.bones) for each in armatures]  # type: ignore[union-attr]
    posed = [np.zeros((len(frames), len(each), 16), np.float32) for each in names]
    placed = [np.zeros((len(frames), 4, 4)) for _ in armatures]
    shapes = [
        {each.name: np.zeros((len(frames), len(_keys(each)))) for each in meshes}
        for meshes in shaped
    ]
    with _posing(armatures), _playing(scene, armatures, shaped) as stage:
        for number, frame in enumerate(frames):
            stage.frame_set(frame)
            graph = stage.view_layers[0].depsgraph
            for armature, bones, places, values, meshes in zip(
                armatures, posed, placed, shapes, shaped, strict=True
            ):
                seen: Any = armature.evaluated_get(graph)
                seen.pose.bones.foreach_get("matrix", bones[number].ravel())
                places[number] = seen.matrix_world
                for mesh in meshes:
                    keys: Any = mesh.data.shape_keys.evaluated_get(graph)  # type: ignore[union-attr]
                    values[mesh.name][number] = [
                        0.0 if key.mute else key.value for key in keys.key_blocks
                    ]
            report((number + 1) / len(frames))
    return [
        # Blender gives matrices column by column.
        Sampled(
            name,
            np.nan_to_num(bones.reshape(*bones.shape[:2], 4, 4)).swapaxes(2, 3).astype(np.float64),
            places,
            values,
        )
        for name, bones, places, values in zip(names, posed, placed, shapes, strict=True)
    ]


def _keys(mesh: Any) -> Any:
    return mesh.data.shape_keys.key_blocks


@contextmanager
def _posing(armatures: Sequence[bpy.types.Object]) -> Iterator[None]:
    """Let armatures show their pose that show their rest position."""
    resting: list[Any] = [each.data for each in armatures if each.data.pose_position == "REST"]  # type: ignore[union-attr]
    for data in resting:
        data.pose_position = "POSE"
    try:
        yield
    finally:
        for data in resting:
            data.pose_position = "REST"


@contextmanager
def _playing(
    scene: Any, armatures: Sequence[bpy.types.Object], shaped: Sequence[Sequence[bpy.types.Object]]
) -> Iterator[Any]:
    """Make a scene in which armatures play, those as well that are hidden."""
    stage: Any = bpy.data.scenes.new("export")
    made: list[Any] = []
    try:
        stage.render.fps, stage.render.fps_base = scene.render.fps, scene.render.fps_base
        for armature in armatures:
            stage.collection.objects.link(armature)
            # Of what is hidden only that is worked out which something seen goes by, bone by bone.
            witness: Any = bpy.data.objects.new("export", None)
            made.append(witness)
            for bone in armature.pose.bones:  # type: ignore[union-attr]
                follow = witness.constraints.new("COPY_TRANSFORMS")
                follow.target, follow.subtarget = armature, bone.name
            stage.collection.objects.link(witness)
        for mesh in (each for meshes in shaped for each in meshes):
            double: Any = mesh.copy()  # it has the same shape keys
            double.modifiers.clear()
            double.animation_data_clear()
            double.hide_viewport = False
            made.append(double)
            stage.collection.objects.link(double)
        yield stage
    finally:
        bpy.data.scenes.remove(stage)
        bpy.data.batch_remove(made)

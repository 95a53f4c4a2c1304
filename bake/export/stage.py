"""A scene of its own for an export: copies of figures, and nothing else of what a file holds.

All that belongs to the user stays as it is, whatever an exporter does to its scene; and when it
fails, the copies go the same way.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import bpy
import numpy as np
from mathutils import Matrix

from bake.export.channels import basis_channels
from bake.export.cleaned import CleanFigure
from bake.export.skeleton import Skeleton
from bake.scene.animation.action import bone_path, curves_in, write_curves
from core_model.errors import OutputError


@dataclass
class Stage:
    """The scene, and what was made for it.

    Parameters
    ----------
    scene : bpy.types.Scene
        The one that the window shows meanwhile.
    """

    scene: Any
    made: list[Any] = field(default_factory=list)
    lent: list[tuple[Any, str]] = field(default_factory=list)

    def keep(self, block: Any) -> Any:
        """Remember a data-block, to be taken away with the stage."""
        self.made.append(block)
        return block

    def link(self, thing: Any) -> None:
        """Put an object into the scene, with what it is made of."""
        self.scene.collection.objects.link(self.keep(thing))
        if thing.data:
            self.keep(thing.data)

    def call(self, block: Any, name: str) -> None:
        """Give something of the stage a name that something of the user's has, for as long."""
        kind = _kind_of(block)
        owner = kind.get((name, None))
        if owner is not None and owner != block and owner not in self.made:
            self.lent.append((owner, name))
            owner.name = f"{name[:50]} (export)"
        block.name = name


@contextmanager
def stage_for(scene: bpy.types.Scene) -> Iterator[Stage]:
    """Show an empty scene with the time and no other unit than metres; then all is as before."""
    window = _window()
    shown, layer = window.scene, window.view_layer
    new: Any = bpy.data.scenes.new("export")
    stage = Stage(new)
    try:
        new.render.fps, new.render.fps_base = scene.render.fps, scene.render.fps_base
        with bpy.context.temp_override(window=window):
            window.scene = new
            yield stage
    finally:
        window.scene = shown
        window.view_layer = layer
        bpy.data.scenes.remove(new)
        bpy.data.batch_remove({each for each in stage.made if _is_there(each)})
        for owner, name in reversed(stage.lent):
            owner.name = name


def _window() -> Any:
    """Return the window to show a stage in: exporters take what is shown.

    Raises
    ------
    OutputError
        When there is none, not even the one that Blender has without a screen.
    """
    manager: Any = bpy.context.window_manager
    window = bpy.context.window or next(iter(manager.windows), None)
    if window is None:
        raise OutputError("This Blender has no window to export from: open a file first.")
    return window


def build_skeleton(
    stage: Stage, name: str, skeleton: Skeleton, figure: CleanFigure
) -> bpy.types.Object:
    """Make an armature of the bones that are exported, in its rest pose."""
    data: Any = bpy.data.armatures.new("export")
    armature: Any = bpy.data.objects.new("export", data)
    stage.link(armature)
    stage.call(armature, name)
    stage.call(data, name)
    view: Any = stage.scene.view_layers[0]
    view.objects.active = armature
    bpy.ops.object.mode_set(mode="EDIT")
    try:
        for bone, rest, length in zip(skeleton.bones, figure.rest, figure.lengths, strict=True):
            new = data.edit_bones.new(bone.name)
            new.head = rest[:3, 3]
            new.tail = rest[:3, 3] + length * rest[:3, 1]
            new.align_roll(rest[:3, 2])
            new.use_deform = bone.deform
            if bone.parent >= 0:
                new.parent = data.edit_bones[skeleton.bones[bone.parent].name]
    finally:
        bpy.ops.object.mode_set(mode="OBJECT")
    for posed in armature.pose.bones:
        posed.rotation_mode = "QUATERNION"
    return armature


def rest_of(armature: Any, skeleton: Skeleton) -> np.ndarray:
    """Return the rest pose (B, 4, 4) as Blender keeps it, which is in single precision."""
    return np.array([armature.data.bones[name].matrix_local for name in skeleton.names], float)


def animate(
    stage: Stage,
    armature: Any,
    skeleton: Skeleton,
    figure: CleanFigure,
    frames: np.ndarray,
    name: str,
    with_scale: bool = True,
) -> None:
    """Give a clean skeleton its motion: one key on every frame, in one strip of the name."""
    rest = rest_of(armature, skeleton)
    location, rotation, scale = basis_channels(rest, skeleton.parents, figure.posed, with_scale)
    action = stage.keep(bpy.data.actions.new("export"))
    holder = curves_in(action, armature.name)
    straight = np.zeros(len(frames), bool)
    for number, bone in enumerate(skeleton.names):
        for channel, values in (
            ("location", location),
            ("rotation_quaternion", rotation),
            ("scale", scale),
        ):
            if values is not None:
                path = bone_path(bone, channel)
                write_curves(holder, path, bone, frames, values[:, number], straight)
    play(armature, action, frames, name)


def animate_shapes(
    stage: Stage,
    mesh: Any,
    values: np.ndarray,
    motions: Sequence[tuple[str, slice, np.ndarray]],
) -> None:
    """Give the shape keys of a mesh their values (K, S) in each motion.

    Parameters
    ----------
    stage : Stage
    mesh : bpy.types.Object
    values : (K, S)
    motions : sequence of (str, slice, (N,))
        What it is called, its rows of the values, and the frames of the stage that those have.
    """
    keys: Any = mesh.data.shape_keys
    moving = np.ptp(values, axis=0) > 1e-6
    for key, value in zip(keys.key_blocks, values[0].tolist(), strict=True):
        key.mute, key.value = False, value
    if not moving.any():
        return
    for name, rows, frames in motions:
        action = stage.keep(bpy.data.actions.new("export"))
        holder = _shape_curves(action, keys)
        straight = np.zeros(len(frames), bool)
        for index in np.flatnonzero(moving).tolist():
            key = keys.key_blocks[index]
            path = f'key_blocks["{bpy.utils.escape_identifier(key.name)}"].value'
            write_curves(
                holder, path, "Shapes", frames, values[rows][:, index : index + 1], straight
            )
        play(keys, action, frames, name)


def _shape_curves(action: Any, keys: Any) -> Any:
    if bpy.app.version < (4, 4, 0):
        return action
    slot = action.slots.new(id_type="KEY", name=keys.name)
    layer = action.layers.new("Layer")
    strip = layer.strips.new(type="KEYFRAME")
    return strip.channelbag(slot, ensure=True)


def play(animated: Any, action: Any, frames: np.ndarray, name: str) -> None:
    """Let an action play in a strip: exporters name animations after tracks and strips."""
    data: Any = animated.animation_data_create()
    track = data.nla_tracks.new()
    track.name = name
    first, last = int(frames[0]), int(frames[-1])
    strip = track.strips.new(name, first, action)
    strip.name = name
    strip.action_frame_end = max(last, first + 1)
    strip.action_frame_start = first
    strip.frame_end = max(last, first + 1)
    # Before it all is at rest, which is what exporters take for the state without animation.
    strip.extrapolation = "HOLD_FORWARD"
    if bpy.app.version >= (4, 4, 0) and strip.action_slot is None:
        strip.action_slot = action.slots[0]


def turn_object(armature: Any, turn: np.ndarray) -> None:
    """Turn an armature object back to Blender's world, when its bones are in a file's space."""
    armature.matrix_world = Matrix(turn.T.tolist()).to_4x4()


def _kind_of(block: Any) -> Any:
    kinds: Sequence[tuple[type, Any]] = (
        (bpy.types.Object, bpy.data.objects),
        (bpy.types.Armature, bpy.data.armatures),
        (bpy.types.Mesh, bpy.data.meshes),
        (bpy.types.Scene, bpy.data.scenes),
    )
    return next(found for kind, found in kinds if isinstance(block, kind))


def _is_there(block: Any) -> bool:
    try:
        return bool(block.name)
    except ReferenceError:
        return False

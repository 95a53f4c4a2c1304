"""The motion that a figure of ours shows, as a take that finishing tools understand."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

import bpy
import numpy as np

from bake.export.options import ExportOptions
from bake.export.reading import read_figures
from bake.export.smpl_take import take_of
from bake.finishing.contacts import with_touches
from bake.motion.resample import FrameRate
from bake.motion.touches import Touch
from bake.scene.animation.action import all_holders, holder_at
from bake.scene.units import units_per_metre
from core_model.body.skeleton import JOINT_NAMES
from core_model.errors import OutputError
from core_model.geometry.rotations import nearest_rotation
from core_model.take import Take

_STILL = 1e-4  # of a metre, or of a turn's matrix


@dataclass(frozen=True)
class Shown:
    """What a figure shows, layers and hand edits included.

    Parameters
    ----------
    take : Take
        In the world; where the object is scaled, its size is left out.
    rate : FrameRate
        Of the scene.
    first : int
        The frame of the take's first row.
    turn : (3, 3)
        How the object stands in the world.
    place : (3,)
        Where, metres.
    metres : float
        In a unit of the scene.
    """

    take: Take
    rate: FrameRate
    first: int
    turn: np.ndarray
    place: np.ndarray
    metres: float

    def time_of(self, frame: float) -> float:
        """Return the seconds in the take that a frame of the scene shows."""
        return float(self.take.times[0] + (frame - self.first) / self.rate.value)


def shown_motion(
    scene: bpy.types.Scene,
    armature: bpy.types.Object,
    start: float = 0.0,
    start_frame: int | None = None,
    touches: Sequence[Touch] = (),
) -> Shown:
    """Read what a figure of ours does, as it is seen.

    Parameters
    ----------
    scene : bpy.types.Scene
    armature : bpy.types.Object
        With the bones of our own, and an action or strips.
    start : float
        Seconds that the take has at `start_frame`.
    start_frame : int, optional
        The first frame of the motion if not given.
    touches : sequence of Touch
        What is known to touch, in the seconds of the take.

    Raises
    ------
    OutputError
        When the object itself moves, or its body is not to be had.
    """
    options = ExportOptions(with_meshes=False, deform_only=False, each_strip=False)
    reading = read_figures(scene, [armature], options, False, lambda share: None)[0]
    metres = 1 / units_per_metre(scene)
    size = float(np.cbrt(abs(np.linalg.det(reading.placed[0, :3, :3]))))
    placed = np.tile(np.eye(4), (len(reading.frames), 1, 1))
    placed[:, :3, :3] = reading.placed[:, :3, :3] / size
    placed[:, :3, 3] = reading.placed[:, :3, 3] / size
    if np.abs(placed - placed[0]).max() > _STILL:
        raise OutputError(
            f"{armature.name} is moved as an object as well as by its bones: apply that to the "
            "bones first, with Blender's own Bake Action."
        )
    rate = FrameRate(scene.render.fps, scene.render.fps_base)
    first = int(reading.frames[0])
    take = take_of(replace(reading, placed=placed), rate.value, metres)
    offset = start + ((first - start_frame) / rate.value if start_frame is not None else 0.0)
    take = with_touches(replace(take, times=take.times + offset), list(touches))
    turn, place = nearest_rotation(placed[0, :3, :3]), metres * placed[0, :3, 3]
    return Shown(take, rate, first, turn, place, metres)


def is_ours(armature: Any) -> bool:
    """Return whether an armature has the bones of our own."""
    return set(JOINT_NAMES) <= {bone.name for bone in armature.data.bones}


def fitting_actions(armature: Any) -> list[bpy.types.Action]:
    """Return the actions of the file, other than the active one, that move bones of a figure."""
    data = armature.animation_data
    active = data.action if data else None
    hips = f'pose.bones["{JOINT_NAMES[0]}"]'
    return [
        action
        for action in bpy.data.actions
        if action != active
        and any(
            curve.data_path.startswith(hips)
            for holder in all_holders(action)
            for curve in holder.fcurves
        )
    ]


@contextmanager
def playing(armature: Any, action: bpy.types.Action) -> Iterator[None]:
    """Let a figure play an action and nothing else, for as long.

    Parameters
    ----------
    armature : bpy.types.Object
    action : bpy.types.Action
    """
    data = armature.animation_data or armature.animation_data_create()
    names = ("use_nla", "action_blend_type", "action_influence", "action_extrapolation")
    before = {name: getattr(data, name) for name in names}
    was, slot = data.action, getattr(data, "action_slot", None)
    try:
        data.use_nla, data.action = False, action
        data.action_blend_type, data.action_influence = "REPLACE", 1.0
        holder_at(data, armature)
        yield
    finally:
        data.action = was
        if was is not None and slot is not None:
            data.action_slot = slot
        for name, value in before.items():
            setattr(data, name, value)

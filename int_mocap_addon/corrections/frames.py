"""Between seconds of the clip and frames of the scene, for one take."""

import math
from typing import Any

import bpy

from ..takes.plan import frame_rate, start_frame


def clock_of(scene: bpy.types.Scene, take: Any) -> tuple[float, int]:
    """Return frames per second and the frame at which a take's clip begins: as baked, or to be."""
    if take.baked_rate:
        return float(take.baked_rate), int(take.baked_start)
    return frame_rate(scene, [take.uid]).value, start_frame(scene)


def frame_of(scene: bpy.types.Scene, take: Any, time: float) -> int:
    """Return the frame of the scene that is nearest to a moment of the clip."""
    rate, first = clock_of(scene, take)
    return math.floor(first + (time - take.clip_start) * rate + 0.5 - 1e-3)


def time_of(scene: bpy.types.Scene, take: Any, frame: float) -> float:
    """Return the seconds in the clip that a frame of the scene shows."""
    rate, first = clock_of(scene, take)
    return float(take.clip_start + (frame - first) / rate)

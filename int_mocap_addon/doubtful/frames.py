"""Where the doubtful ranges of a take are in the scene."""

import math
from typing import Any

import bpy

from ..takes.plan import frame_rate, start_frame


def first_and_last(scene: bpy.types.Scene, take: Any, item: Any) -> tuple[int, int]:
    """Return the first and the last frame of a range: where it was baked, else will be."""
    rate, first = take.baked_rate, take.baked_start
    if not rate:
        rate, first = frame_rate(scene, [take.uid]).value, start_frame(scene)
    start = first + (item.start - take.clip_start) * rate
    end = first + (item.end - take.clip_start) * rate
    return math.ceil(start - 1e-3), max(math.ceil(start - 1e-3), math.ceil(end - 1e-3) - 1)

"""Where a motion takes place: as it was captured, on the ground, or without getting anywhere."""

from dataclasses import replace

import numpy as np

from bake.motion.local_fit import local_quadratic
from bake.motion.resample import Keys, Timeline

ROOT_MOTIONS = ("free", "ground", "in-place")
"""As it was captured; with what stands at z = 0; and like that, but without getting anywhere."""

_WAY_SECONDS = 0.5  # of smoothing: what is slower is the way, what is faster the sway of the steps


def in_place(keys: Keys, timeline: Timeline) -> Keys:
    """Take the way out that a figure goes over the ground, and leave the sway of its steps."""
    positions = keys.positions.copy()
    times = timeline.time_of(keys.frames)
    begin = keys.positions[0, :2]
    for run in keys.runs():
        sigma = np.full(run.stop - run.start, _WAY_SECONDS)
        way, _ = local_quadratic(keys.positions[run, :2], times[run], sigma)
        positions[run, :2] += begin - way
    return replace(keys, positions=positions)

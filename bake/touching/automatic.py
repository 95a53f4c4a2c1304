"""What the bake held by itself: when each foot stood, told as what somebody could have said."""

import numpy as np

from bake.feet.contacts import intervals
from bake.feet.figure import Figure, posed
from bake.motion.resample import Keys
from bake.motion.touches import Touch

_ON_FLOOR = 0.01  # metres that a sole may be above or below it


def standing_touches(
    figure: Figure, keys: Keys, times: np.ndarray, stands: np.ndarray
) -> tuple[Touch, ...]:
    """Return when feet were held where they stood, in the order of time.

    What stands on the ground is said to; what stands on something else, to stay as high as it is.

    Parameters
    ----------
    figure : Figure
    keys : Keys
        K frames of what is baked.
    times : (K,)
        Seconds.
    stands : (K, 2) bool
        Whether the left and the right foot were held.
    """
    if not stands.any():
        return ()
    soles = posed(figure, keys.quaternions, keys.positions).soles[..., 2].min(axis=2)
    found = []
    for foot, limb in enumerate(("left_foot", "right_foot")):
        for run in keys.runs():
            for first, last in intervals(stands[run, foot]):
                part = slice(run.start + first, run.start + last)
                on_floor = abs(float(np.median(soles[part, foot]))) < _ON_FLOOR
                start, end = float(times[part][0]), float(times[part][-1])
                found.append(Touch(limb, start, end, height=0.0 if on_floor else None))
    return tuple(sorted(found, key=lambda each: each.start))

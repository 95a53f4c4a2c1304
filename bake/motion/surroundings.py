"""Only the surroundings of what was corrected change: beyond, a bake is what it was before.

Where a foot stands, how high the floor is and how the body follows its feet is found from all of a
motion. What was corrected for half a second would move the rest of it by millimetres.
"""

from dataclasses import replace

import numpy as np

from bake.motion.resample import Keys, Timeline
from core_model.geometry.rotations import (
    axis_angle_to_quaternion,
    quaternion_multiply,
    quaternion_to_axis_angle,
    rotation_angle,
    without_sign_flips,
)
from core_model.take import Take

_REACH = 0.5  # seconds around what was corrected beyond which the old bake counts alone
_TURNED, _MOVED = np.radians(1.0), 0.005  # less is the end of a correction that fades out
_INVERSE = np.array([1.0, -1.0, -1.0, -1.0])


def corrected_frames(take: Take, captured: Take) -> np.ndarray | None:
    """Tell which frames (T,) of a take were solved otherwise than they were captured.

    Parameters
    ----------
    take : Take
    captured : Take

    Returns
    -------
    (T,) bool or None
        None where they do not show the same moments, or nothing is as it was.
    """
    same = len(take) == len(captured) and np.array_equal(take.times, captured.times)
    if not same or not np.array_equal(take.betas, captured.betas):
        return None
    turned = rotation_angle(take.rotations(), captured.rotations()).max(axis=1)
    moved = np.linalg.norm(take.trans - captured.trans, axis=1)
    changed = (turned > _TURNED) | (moved > _MOVED)
    changed |= take.frame_valid != captured.frame_valid
    return None if changed.all() else np.asarray(changed)


def as_before(take: Take, captured: Take) -> Take:
    """Return a captured take that says the same of what touches as the take that it became."""
    said = {name: take.source[name] for name in ("contacts",) if name in take.source}
    return replace(captured, source=captured.source | said)


def around(keys: Keys, before: Keys, timeline: Timeline, corrected: np.ndarray) -> Keys:
    """Return new keys near what was corrected, old ones beyond, without a jump between them.

    Parameters
    ----------
    keys, before : Keys
        Of the same timeline.
    timeline : Timeline
    corrected : (N,)
        Seconds of the frames that were corrected, increasing.
    """
    if not np.array_equal(keys.frames, before.frames):
        return keys  # somebody is seen for longer, or not as long
    times = timeline.time_of(keys.frames)
    if not len(corrected):
        return before
    after = np.searchsorted(corrected, times)
    nearest = [corrected[(after - back).clip(0, len(corrected) - 1)] for back in (0, 1)]
    away = np.abs(times - nearest).min(axis=0)
    way = (away / _REACH).clip(0.0, 1.0)
    share = 1 - way**3 * (10 - 15 * way + 6 * way**2)
    turns = quaternion_to_axis_angle(
        quaternion_multiply(before.quaternions * _INVERSE, keys.quaternions)
    )
    mixed = quaternion_multiply(
        before.quaternions, axis_angle_to_quaternion(turns * share[:, None, None])
    )
    moved = before.positions + share[:, None] * (keys.positions - before.positions)
    return replace(keys, quaternions=without_sign_flips(mixed), positions=moved)

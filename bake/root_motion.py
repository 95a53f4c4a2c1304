"""Where the figure stands: as it was captured, on the ground, or walking in place."""

import numpy as np

from bake.local_fit import local_quadratic, peak_nearby
from bake.resample import Keys, Timeline
from core_model.rotations import quaternion_to_matrix
from core_model.skeleton import JOINT_INDEX, SMPL_TO_WORLD, forward_kinematics

ROOT_MOTIONS = ("free", "ground", "in-place")

_FEET = ("left_ankle", "right_ankle", "left_foot", "right_foot")
_DRIFT = 0.5  # seconds of smoothing: what is slower is drift, what is faster is a step or a jump
_WINDOW = 1.0  # seconds to either side in which a foot is taken to touch the ground once
_LOWEST_SHARE = 15  # per cent of these frames
_TOLERANCE = 0.01  # metres that a sole may sink in, so that noise lifts nobody


def with_root_motion(keys: Keys, motion: str, timeline: Timeline, rest_joints: np.ndarray) -> Keys:
    """Change where a motion takes place.

    Parameters
    ----------
    keys : Keys
    motion : str
        Of `ROOT_MOTIONS`: "free" leaves it as it is; "ground" takes slow drift up and down out, so
        that the feet neither hover nor sink in, and leaves jumps; "in-place" takes the way out that
        the figure goes, and leaves the sway of the steps.
    timeline : Timeline
    rest_joints : (24, 3)
        Rest pose of the body in Blender's world, soles at z = 0, metres.
    """
    if motion == "free":
        return keys
    positions = keys.positions.copy()
    times = timeline.time_of(keys.frames)
    heights = sole_heights(keys, rest_joints) if motion == "ground" else np.empty(0)
    begin = keys.positions[0, :2]
    for run in _runs(keys):
        if motion == "ground":
            positions[run, 2] -= ground_drift(heights[run], times[run])
        else:
            way = _slow(keys.positions[run, :2], times[run])
            positions[run, :2] += begin - way
    return Keys(keys.frames, keys.quaternions, positions, keys.last_of_run)


def sole_heights(keys: Keys, rest_joints: np.ndarray) -> np.ndarray:
    """Return how high (K,) the lower foot is above z = 0, metres; below it negative.

    By ankles and balls of the feet, each less its own height above the sole at rest.
    """
    rest_in_smpl = rest_joints @ SMPL_TO_WORLD
    placed, _ = forward_kinematics(quaternion_to_matrix(keys.quaternions), rest_in_smpl)
    z = placed[..., 2] - placed[:, :1, 2] + keys.positions[:, 2:]
    feet = [JOINT_INDEX[name] for name in _FEET]
    return np.asarray((z[:, feet] - rest_joints[feet, 2]).min(axis=1))


def ground_drift(heights: np.ndarray, times: np.ndarray) -> np.ndarray:
    """Return the height (N,) of the ground under a figure, metres.

    Parameters
    ----------
    heights : (N,)
        From `sole_heights`.
    times : (N,)
        Seconds.
    """
    drift = _lowest_nearby(heights, times)
    # On a slope the lowest of a window lies beside its middle; by how much, a second look tells.
    drift = drift + _lowest_nearby(heights - drift, times)
    sunk = np.maximum(drift - heights - _TOLERANCE, 0)
    return np.asarray(drift - peak_nearby(sunk, times, _DRIFT / 4))


def _lowest_nearby(heights: np.ndarray, times: np.ndarray) -> np.ndarray:
    before = np.searchsorted(times, times - _WINDOW)
    after = np.searchsorted(times, times + _WINDOW, side="right")
    spans = zip(before, after, strict=True)
    lowest = np.array([np.percentile(heights[a:b], _LOWEST_SHARE) for a, b in spans])
    return _slow(lowest[:, None], times)[:, 0]


def _slow(values: np.ndarray, times: np.ndarray) -> np.ndarray:
    return local_quadratic(values, times, np.full(len(times), _DRIFT))[0]


def _runs(keys: Keys) -> list[slice]:
    ends = (np.flatnonzero(keys.last_of_run) + 1).tolist()
    return [slice(a, b) for a, b in zip([0, *ends[:-1]], ends, strict=True)]

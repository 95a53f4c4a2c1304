"""What people do in each frame of a motion, told by simple measures, so that it can be weighted."""

import numpy as np

from core_model.body.model import default_body
from core_model.body.skeleton import JOINT_INDEX, forward_kinematics
from train.databases.motion_library import FRAME_RATE, MotionLibrary

KINDS = ("floor", "tumbling", "low", "kick", "overhead", "turning", "fast", "standing")
"""Of kinds that a frame is of, the first counts; all else is of none.

- floor: trunk level, hips low: lying, rolling, crawling, planks
- tumbling: upside down, hips high
- low: hips low under an upright trunk: sitting, kneeling, deep squats
- kick: one foot high beside the other leg's knee, or higher
- overhead: a wrist above the head
- turning: about the vertical, faster than 120 degrees a second
- fast: a hand or a foot moves at 4 m/s and more against the pelvis
- standing: both legs straight, hardly a move
"""

OTHER = len(KINDS)

_LOW_HIPS, _KICK, _TURN, _FAST, _STILL = 0.6, 0.45, np.radians(120.0), 4.0, 0.5
_STRAIGHT = np.radians(15.0)
_AT_A_TIME = 20_000
_ENDS = [JOINT_INDEX[f"{side}_{part}"] for side in ("left", "right") for part in ("wrist", "ankle")]
_WRISTS, _ANKLES = _ENDS[::2], _ENDS[1::2]


def kinds_of(library: MotionLibrary) -> np.ndarray:
    """Return the kind of each frame (N,): a place in `KINDS`, or `OTHER`."""
    rest = default_body().rest_joints(np.zeros(10)).astype(np.float32)
    kinds = np.full(len(library.rotations), OTHER, np.int8)
    for first, end in zip(library.bounds, library.bounds[1:], strict=False):
        for start in range(first, end, _AT_A_TIME):
            part = slice(start, min(start + _AT_A_TIME, end))
            kinds[part] = _kinds(library.rotations[part], rest)
    return kinds


def _kinds(local: np.ndarray, rest: np.ndarray) -> np.ndarray:
    joints, turned = forward_kinematics(local, rest)
    lowest = joints[..., 1].min(axis=1)
    hips = joints[:, 0, 1] - lowest
    trunk = turned[:, JOINT_INDEX["spine2"], 1, 1]
    ankles = joints[:, _ANKLES, 1]
    wrists = joints[:, _WRISTS, 1].max(axis=1)
    facing = turned[:, 0, [0, 2], [2, 2]]
    heading = np.unwrap(np.arctan2(facing[:, 0], facing[:, 1]))
    ends = joints[:, _ENDS] - joints[:, :1]
    speeds = np.linalg.norm(_rate(ends), axis=-1).max(axis=1)
    knees = [JOINT_INDEX["left_knee"], JOINT_INDEX["right_knee"]]
    thighs = joints[:, knees] - joints[:, [JOINT_INDEX["left_hip"], JOINT_INDEX["right_hip"]]]
    shins = joints[:, _ANKLES] - joints[:, knees]
    lengths = np.linalg.norm(thighs, axis=-1) * np.linalg.norm(shins, axis=-1)
    straight = ((thighs * shins).sum(-1) / lengths > np.cos(_STRAIGHT)).all(axis=1)
    upright = trunk > 0.5
    return np.select(
        [
            (abs(trunk) < 0.5) & (hips < _LOW_HIPS),
            (trunk < 0) | (~upright & (turned[:, 0, 1, 1] < 0)),
            upright & (hips < _LOW_HIPS),
            upright & (ankles.max(axis=1) - ankles.min(axis=1) > _KICK),
            wrists > joints[:, JOINT_INDEX["head"], 1] + 0.1,
            upright & (abs(_rate(heading)) > _TURN),
            speeds > _FAST,
            straight & (trunk > 0.95) & (speeds < _STILL),
        ],
        range(len(KINDS)),
        OTHER,
    )


def _rate(values: np.ndarray) -> np.ndarray:
    """Return the change per second of values (T, ...), over five frames where there are as many."""
    if len(values) < 2:
        return np.zeros_like(values)
    reach = min(2, (len(values) - 1) // 2) or 1
    padded = np.pad(values, [(reach, reach)] + [(0, 0)] * (values.ndim - 1), mode="edge")
    return (padded[2 * reach :] - padded[: -2 * reach]) * (FRAME_RATE / (2 * reach))

"""Legs and arms that are straight in life, bent in a recording's skeleton: put right by its body.

A skeleton whose thighs and shins are too long by two in a hundred stands with knees bent by 25
degrees, since hips and ankles lie where the markers say. Where the leg is nearly straight a few
millimetres are many degrees; where it is bent, they are hardly any. So the mend is one of lengths:
with bones that are just long enough for a straight leg, hips and ankles stay where they are, and
the knee follows from the law of cosines. In the gaits of 14 recorded people it turns 25 degrees of
mid-stance to 5, 30 after the heel strike to 17 and 70 of the swing to 66, which are the values of
gait laboratories (Perry and Burnfield, "Gait Analysis", 2010); an angle taken off everywhere would
leave 45 of the swing.
"""

from dataclasses import dataclass

import numpy as np

from core_model.body.model import default_body
from core_model.body.skeleton import JOINT_INDEX, PARENTS, forward_kinematics
from core_model.geometry.rotations import axis_angle_to_matrix, matrix_to_axis_angle

_SOFT = np.radians(8.0)
"""How gently a limb comes to be straight: about this much of a bend is left where it bends."""

_FLAT = np.radians(8.0)
_UPRIGHT = np.cos(np.radians(30.0))
_STEP = 0.04  # metres; a foot that is higher than the other by more does not stand
_KNEE_QUANTILE, _KNEE_MOST = 0.3, np.radians(32.0)
_ELBOW_QUANTILE, _ELBOW_MOST = 0.02, np.radians(18.0)
_BACKWARDS = np.radians(25.0)  # what twisted or loosely measured arms do not reach
_ENOUGH = 60
"""Frames; of fewer nothing is concluded."""


@dataclass(frozen=True)
class Limb:
    """Joints of a leg or an arm: where it begins, its hinge and its end."""

    start: int
    hinge: int
    end: int


LEGS = tuple(
    Limb(*(JOINT_INDEX[f"{side}_{part}"] for part in ("hip", "knee", "ankle")))
    for side in ("left", "right")
)
ARMS = tuple(
    Limb(*(JOINT_INDEX[f"{side}_{part}"] for part in ("shoulder", "elbow", "wrist")))
    for side in ("left", "right")
)


def flexion(joints: np.ndarray, limb: Limb) -> np.ndarray:
    """Return how far a limb is bent (...), radians, 0 straight, from joints (..., 24, 3)."""
    upper, lower = _directions(joints, limb)
    return np.arctan2(np.linalg.norm(np.cross(upper, lower), axis=-1), (upper * lower).sum(-1))


def bends_backwards(local: np.ndarray) -> bool:
    """Tell whether both elbows bend the way that none can, for most of a motion (T, 24, 3, 3).

    A file of that kind was converted wrongly: nobody's arms fold behind the back. The forearm of
    SMPL's left arm bends about -Y, that of the right one about +Y.
    """
    turns = matrix_to_axis_angle(local[:, [arm.hinge for arm in ARMS]].astype(float))[..., 1]
    backwards = turns * [1, -1] > _BACKWARDS
    return bool((backwards.mean(axis=0) > 0.5).all())


def standing_bend(local: np.ndarray) -> float:
    """Return the bend, radians, of a body's knees where they are straight in life.

    It is a low quantile over the legs whose soles lie flat on the floor under an upright trunk:
    standing and the middle of each step.

    Parameters
    ----------
    local : (T, 24, 3, 3)
        SMPL's local rotations of all frames of one body, in a Y-up world.
    """
    joints, turned = _placed(local)
    ends = [leg.end for leg in LEGS]
    pitch = np.arcsin(np.clip(turned[:, ends, 1, 2], -1, 1))
    heights = joints[:, ends, 1]
    low = heights - heights[:, ::-1] < _STEP
    stands = low & (turned[:, JOINT_INDEX["spine2"], 1, 1] > _UPRIGHT)[:, None]
    if stands.any():
        stands &= abs(pitch - np.median(pitch[stands])) < _FLAT
    bends = np.stack([flexion(joints, leg) for leg in LEGS], axis=1)[stands]
    return _quantile(bends, _KNEE_QUANTILE, _KNEE_MOST)


def straightest_arm(local: np.ndarray) -> float:
    """Return the bend, radians, of a body's elbows where they are straight in life.

    Parameters
    ----------
    local : (T, 24, 3, 3)
    """
    joints, _ = _placed(local)
    bends = np.minimum(*(flexion(joints, arm) for arm in ARMS))
    return _quantile(bends, _ELBOW_QUANTILE, _ELBOW_MOST)


def straightened(local: np.ndarray, knees: float, elbows: float) -> np.ndarray:
    """Return a motion whose limbs are as long as they are in life.

    Hips, ankles, shoulders and wrists keep their directions from each other, feet and hands their
    rotations. A limb that was bent by `knees` or `elbows` comes out all but straight, none bends
    the other way, and a deep bend stays one.

    Parameters
    ----------
    local : (T, 24, 3, 3)
        SMPL's local rotations.
    knees, elbows : float
        Radians, of limbs that are straight in life.
    """
    joints, turned = _placed(local)
    result = local.copy()
    for limbs, slack in ((LEGS, knees), (ARMS, elbows)):
        for limb in limbs:
            _straighten(result, joints, turned, limb, slack)
    return result


def _straighten(
    result: np.ndarray, joints: np.ndarray, turned: np.ndarray, limb: Limb, slack: float
) -> None:
    upper, lower = _directions(joints, limb)
    axis = np.cross(upper, lower)
    axis /= np.maximum(np.linalg.norm(axis, axis=-1, keepdims=True), 1e-9)
    before = flexion(joints, limb)
    after = _less_bent(before, slack)
    lengths = [
        float(np.linalg.norm(joints[0, tip] - joints[0, base]))
        for base, tip in ((limb.start, limb.hinge), (limb.hinge, limb.end))
    ]
    forward = _lean(before, lengths) - _lean(after, lengths)
    backward = before - after - forward
    new_upper = axis_angle_to_matrix(forward[:, None] * axis) @ turned[:, limb.start]
    new_lower = axis_angle_to_matrix(-backward[:, None] * axis) @ turned[:, limb.hinge]
    parent = turned[:, PARENTS[limb.start]]
    result[:, limb.start] = np.swapaxes(parent, 1, 2) @ new_upper
    result[:, limb.hinge] = np.swapaxes(new_upper, 1, 2) @ new_lower
    result[:, limb.end] = np.swapaxes(new_lower, 1, 2) @ turned[:, limb.end]


def _less_bent(bend: np.ndarray, slack: float) -> np.ndarray:
    """Return bends of limbs as long as in life: near zero the law of cosines takes off squares."""
    if slack <= 0:
        return bend
    half = np.clip(np.cos(bend / 2) / np.cos(slack / 2), -1, 1)
    wanted = np.where(bend > slack, 2 * np.arccos(half), 0.0) ** 2
    wanted += np.where(bend > slack, 0.0, bend**2 - slack**2)
    return np.minimum(np.sqrt((wanted + np.hypot(wanted, _SOFT**2)) / 2), bend)


def _lean(bend: np.ndarray, lengths: list[float]) -> np.ndarray:
    """Return the angle between a limb's upper part and the line from its start to its end."""
    upper, lower = lengths
    return np.arctan2(lower * np.sin(bend), upper + lower * np.cos(bend))


def _directions(joints: np.ndarray, limb: Limb) -> tuple[np.ndarray, np.ndarray]:
    upper = joints[..., limb.hinge, :] - joints[..., limb.start, :]
    lower = joints[..., limb.end, :] - joints[..., limb.hinge, :]
    return (
        upper / np.linalg.norm(upper, axis=-1, keepdims=True),
        lower / np.linalg.norm(lower, axis=-1, keepdims=True),
    )


def _placed(local: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    rest = default_body().rest_joints(np.zeros(10))
    joints, turned = forward_kinematics(local.astype(float), rest)
    return joints, turned


def _quantile(bends: np.ndarray, share: float, most: float) -> float:
    return float(min(np.quantile(bends, share), most)) if len(bends) >= _ENOUGH else 0.0

"""Bring joints of one pose to places, by turning those that carry them."""

from collections.abc import Collection, Mapping

import numpy as np

from core_model.body.skeleton import JOINT_INDEX, PARENTS, forward_kinematics
from core_model.geometry.rotations import axis_angle_to_matrix
from core_model.solving.hinges import HINGES, not_backwards

_ROUNDS = 60
_DAMPING = 0.02  # metres: against wild turns where a limb is nearly straight
_LONGEST = 0.3  # radians a round
_THERE = 1e-4  # metres

_STIFF = {"left_collar": 0.15, "right_collar": 0.15, "spine1": 0.2, "spine2": 0.2, "spine3": 0.2}
_CARRIERS = {
    "ankle": ("knee", "hip"),
    "foot": ("knee", "hip"),
    "knee": ("hip",),
    "wrist": ("elbow", "shoulder", "collar"),
    "hand": ("elbow", "shoulder", "collar"),
    "elbow": ("shoulder", "collar"),
    "shoulder": ("collar",),
}
_TRUNK = {
    "head": ("neck", "spine3", "spine2", "spine1"),
    "neck": ("spine3", "spine2", "spine1"),
    "spine3": ("spine2", "spine1"),
    "spine2": ("spine1",),
}


def carriers(joint: int) -> tuple[int, ...]:
    """Return the joints that are turned to bring a joint somewhere; none: the body is moved.

    Parameters
    ----------
    joint : int
        SMPL's.
    """
    name = next(each for each, index in JOINT_INDEX.items() if index == joint)
    side, underscore, part = name.rpartition("_")
    if name in _TRUNK:
        return tuple(JOINT_INDEX[each] for each in _TRUNK[name])
    return tuple(JOINT_INDEX[side + underscore + each] for each in _CARRIERS.get(part, ()))


def bring_to(
    rotations: np.ndarray,
    pelvis: np.ndarray,
    rest: np.ndarray,
    places: Mapping[int, np.ndarray],
    fixed: Collection[int] = (),
) -> tuple[np.ndarray, np.ndarray]:
    """Turn limbs and trunk of one pose until joints are at places, or as near as they reach.

    Damped least squares (Wampler, 1986) on the joints that `carriers` names. A place of the
    pelvis, or of a hip, moves the whole body.

    Parameters
    ----------
    rotations : (24, 3, 3)
        Local; joint 0 from SMPL space to that of the places.
    pelvis : (3,)
        Metres.
    rest : (24, 3)
        Joints at rest.
    places : mapping
        Of joints to (3,), metres.
    fixed : collection of int
        Joints that are not turned.

    Returns
    -------
    rotations : (24, 3, 3)
    pelvis : (3,)
    """
    before, rotations, pelvis = rotations, rotations.copy(), pelvis.copy()
    moving = [joint for joint in places if not set(carriers(joint)) - set(fixed)]
    turning = [joint for joint in places if joint not in moving]
    chains = {joint: [each for each in carriers(joint) if each not in fixed] for joint in turning}
    used = sorted({each for chain in chains.values() for each in chain})
    stiffness = np.array([_STIFF.get(_name(joint), 1.0) for joint in used])
    for _ in range(_ROUNDS):
        joints, turned = forward_kinematics(rotations, rest)
        joints = joints - joints[0] + pelvis
        if moving:
            shift = np.mean([places[joint] - joints[joint] for joint in moving], axis=0)
            pelvis, joints = pelvis + shift, joints + shift
        if not turning:
            break
        away = np.concatenate([places[joint] - joints[joint] for joint in turning])
        if np.abs(away).max() < _THERE:
            break
        slopes = np.zeros((len(away), 3 * len(used)))
        for row, joint in enumerate(turning):
            for each in chains[joint]:
                arm, column = joints[joint] - joints[each], 3 * used.index(each)
                slopes[3 * row : 3 * row + 3, column : column + 3] = _cross_matrix(-arm)
        slopes *= np.repeat(stiffness, 3)
        normal = slopes @ slopes.T + _DAMPING**2 * np.eye(len(away))
        step = (slopes.T @ np.linalg.solve(normal, away)).reshape(-1, 3) * stiffness[:, None]
        step *= min(1.0, _LONGEST / max(np.linalg.norm(step, axis=1).max(), 1e-12))
        for each, turn in zip(used, step, strict=True):
            parent = turned[PARENTS[each]]
            rotations[each] = parent.T @ axis_angle_to_matrix(turn) @ parent @ rotations[each]
            if each in HINGES:
                rotations[each] = not_backwards(rotations[each], before[each], each)
    return rotations, pelvis


def _name(joint: int) -> str:
    return next(each for each, index in JOINT_INDEX.items() if index == joint)


def _cross_matrix(vector: np.ndarray) -> np.ndarray:
    """Return the matrix whose product with another vector is the cross product with it."""
    x, y, z = vector
    return np.array([[0, -z, y], [z, 0, -x], [-y, x, 0]])

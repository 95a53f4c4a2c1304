"""Files whose world has Y up, as some programs write them in the form of AMASS: found and turned.

A Take has Z up, as AMASS. In a file with Y up everybody would lie on their back; but people in
files with Z up may lie, too, with the head towards +Y by chance. So a figure is turned only if it
cannot be lying: because it moves up or down too far, or because its feet keep to a floor at the
height of nothing and nothing holds its back.
"""

from dataclasses import replace

import numpy as np

from core_model.body.model import default_body
from core_model.body.skeleton import (
    JOINT_COUNT,
    JOINT_INDEX,
    SMPL_TO_WORLD,
    forward_kinematics,
)
from core_model.geometry.rotations import axis_angle_to_matrix, matrix_to_axis_angle
from core_model.take.take import Take

UP_AXES = ("auto", "z", "y")

_UPRIGHT = np.cos(np.radians(45))
_OFTEN = 0.5
_NEARLY_NEVER = 0.02
_TRAVEL = 0.6  # metres that nobody who lies moves up or down
_FEET = (-0.25, 0.6)  # metres above the floor; SMPL's bodies have their pelvis below their origin
_STEADY = 0.15  # metres that a floor seems to move at most
_BEDS = (-0.1, 0.7)  # metres above the floor at which people lie
_MOST_FRAMES = 500  # looked at, of long takes


def upright(take: Take, up: str = "auto", careful: bool = True) -> tuple[Take, str | None]:
    """Turn a take whose world has Y up to Z up.

    Takes that were filmed have Z up always.

    Parameters
    ----------
    take : Take
    up : str
        One of `UP_AXES`: the axis that is up in the file, or `auto` to find out.
    careful : bool
        Whether a figure that may be lying is left so: in files of archives, which have Z up.

    Returns
    -------
    take : Take
        The same one if nothing was turned.
    remark : str or None
        What was found out and is not certain, to follow the name of the file in a sentence.
    """
    if up == "z" or (up == "auto" and take.from_video):
        return take, None
    if up == "y":
        return _turned(take), None
    along_y, certainly = _stands_along_y(take)
    if certainly or (along_y and not careful):
        return _turned(take), "has Y up and was turned so that the figure stands"
    if along_y:
        return take, "shows a figure that lies most of the time, its head towards Y"
    return take, None


def _stands_along_y(take: Take) -> tuple[bool, bool]:
    """Tell whether a figure is mostly upright along Y, and whether that cannot be lying."""
    some = np.unique(np.linspace(0, len(take) - 1, _MOST_FRAMES).astype(int))
    rotations = axis_angle_to_matrix(take.poses[some].reshape(-1, JOINT_COUNT, 3))
    joints, _ = forward_kinematics(rotations, default_body().rest_joints(take.betas))
    joints = joints + take.trans[some, None]
    torso = joints[:, JOINT_INDEX["neck"]] - joints[:, JOINT_INDEX["pelvis"]]
    torso = torso / np.linalg.norm(torso, axis=-1, keepdims=True)
    if (torso[:, 1] > _UPRIGHT).mean() < _OFTEN:
        return False, False
    travels = np.ptp(joints[:, 0, 2]) > _TRAVEL
    feet = np.percentile(joints[..., 1].min(axis=1), (10, 50))
    on_floor = _FEET[0] < feet[0] < _FEET[1] and feet[1] - feet[0] < _STEADY
    low, lowest, high = np.percentile(joints[..., 2].min(axis=1), (10, 50, 90))
    on_bed = high - low < _STEADY and _BEDS[0] < lowest < _BEDS[1]
    cannot_lie = travels or (on_floor and not on_bed)
    return True, bool(cannot_lie and (torso[:, 2] > _UPRIGHT).mean() <= _NEARLY_NEVER)


def _turned(take: Take) -> Take:
    poses = take.poses.copy()
    poses[:, :3] = matrix_to_axis_angle(SMPL_TO_WORLD @ axis_angle_to_matrix(poses[:, :3]))
    pelvis = default_body().rest_joints(take.betas)[0]
    # AMASS adds `trans` to the rest position of the pelvis, which does not turn with the world.
    trans = (take.trans + pelvis) @ SMPL_TO_WORLD.T - pelvis
    return replace(take, poses=poses, trans=trans)

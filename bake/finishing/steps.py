"""A step to another place, of a foot that stands elsewhere where one motion becomes another."""

from dataclasses import replace

import numpy as np

from bake.feet.figure import LEGS, figure_of, posed
from bake.finishing.frames import pelvis_of
from bake.touching.limbs import locals_of, reach_for, reaches
from core_model.body.model import Body
from core_model.geometry.rotations import axis_angle_to_quaternion, matrix_to_axis_angle
from core_model.take import Take

_APART = 0.05  # metres between two places of a foot that do not become one
_HIGH, _LOWEST, _HIGHEST = 0.12, 0.04, 0.1  # of the way of a step, within metres, it is high
_UP, _DOWN = 0.1, 0.9  # of the time of a step, before and after which it goes only up and down
_KNEE_AXIS = np.array([1.0, 0.0, 0.0])


def who_steps(feet: np.ndarray, stands: np.ndarray) -> int | None:
    """Return which foot has to step over, None where none has to: the one that has farther to go.

    Parameters
    ----------
    feet : (R, 2, 3)
        Of a motion that goes over into another, metres.
    stands : (R, 2) bool
        Which foot stands in both.
    """
    away = np.linalg.norm((feet[-1] - feet[0])[:, :2], axis=1) * stands.all(axis=0)
    return int(away.argmax()) if away.max() > _APART else None


def stepped(take: Take, body: Body, foot: int, first: int, last: int) -> Take:
    """Return a take in which a foot goes to another place in a step, not over the ground.

    Parameters
    ----------
    take : Take
    body : Body
    foot : int
        0 is the left one.
    first, last : int
        Frames in which it still stands in the one place, and stands in the other.
    """
    rows = np.arange(first, last + 1)
    turns = take.poses.reshape(len(take), -1, 3).copy()
    figure, quaternions = figure_of(body, take.betas), axis_angle_to_quaternion(turns[rows])
    pose = posed(figure, quaternions, pelvis_of(take, body)[rows])
    chain = LEGS[foot][:3]
    joints, turned = pose.joints.copy(), pose.turned.copy()
    ankle, since = joints[:, chain[2]], np.linspace(0, 1, len(rows))
    over = ((since - _UP) / (_DOWN - _UP)).clip(0, 1)
    over = over**2 * (3 - 2 * over)
    way = float(np.linalg.norm((ankle[-1] - ankle[0])[:2]))
    high = min(max(_HIGH * way, _LOWEST), _HIGHEST)
    target = ankle[0] + over[:, None] * (ankle[-1] - ankle[0])
    target[:, 2] += high * 4 * since * (1 - since)
    reach_for(joints, turned, chain, target, _KNEE_AXIS, reaches(pose, chain))
    for joint in chain:
        turns[rows, joint] = matrix_to_axis_angle(locals_of(turned, joint))
    return _in_the_air(replace(take, poses=turns.reshape(len(take), -1)), foot, rows[1:-1])


def _in_the_air(take: Take, foot: int, rows: np.ndarray) -> Take:
    """Return a take that knows that a foot does not stand in some of its frames."""
    if take.footage is None:
        return take
    stands = take.footage.foot_stands.copy()
    stands[rows, foot] = 0
    return replace(take, footage=replace(take.footage, foot_stands=stands))

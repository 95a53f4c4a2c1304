"""The way of a motion over the ground: where it starts, and what of it goes on a root bone."""

from dataclasses import replace

import numpy as np

from bake.motion.resample import Keys, Timeline, exact_rate
from bake.motion.root_path import RootPath, root_path
from bake.retarget.human import HumanMotion
from core_model.body.skeleton import SMPL_TO_WORLD
from core_model.geometry.rotations import (
    axis_angle_to_matrix,
    matrix_to_quaternion,
    quaternion_multiply,
    quaternion_to_matrix,
)


def path_of(source: HumanMotion, body: np.ndarray, hips: np.ndarray) -> RootPath:
    """Return the way of a figure over the ground, without the sway of its steps.

    Parameters
    ----------
    source : HumanMotion
    body : (3, 3)
        Left, back and up of the source at rest, in columns.
    hips : (K, 3)
        Where they are, metres.
    """
    pelvis = quaternion_to_matrix(source.turns[:, source.joints.index("pelvis")])
    upright = matrix_to_quaternion(pelvis @ body @ SMPL_TO_WORLD)
    keys = Keys(source.frames, upright[:, None], hips, source.last_of_run)
    return root_path(keys, Timeline(exact_rate(source.fps)))


def started(source: HumanMotion, path: RootPath, start: str) -> HumanMotion:
    """Turn and move a motion to where it should start.

    Parameters
    ----------
    source : HumanMotion
    path : RootPath
        Its way.
    start : str
        One of `bake.retarget.settings.STARTS`.
    """
    if start == "captured":
        return source
    heading = 2 * np.arctan2(path.turns[0, 3], path.turns[0, 0])
    angle = (np.pi if start == "+Y" else 0.0) - heading
    turn = axis_angle_to_matrix(np.array([0.0, 0.0, angle]))
    quaternion = np.broadcast_to(matrix_to_quaternion(turn), source.turns.shape)
    return replace(
        source,
        turns=quaternion_multiply(quaternion, source.turns),
        places=(source.places - path.places[0]) @ turn.T,
    )

"""Where a root bone goes that follows a figure over the ground: what engines call root motion."""

from dataclasses import dataclass

import numpy as np

from bake.motion.local_fit import local_quadratic
from bake.motion.resample import Keys, Timeline
from core_model.body.skeleton import SMPL_TO_WORLD
from core_model.geometry.rotations import matrix_to_quaternion, quaternion_multiply

ROOT = "root"
"""Name of the bone."""

ROOT_BONES = ("none", "origin", "hips")
"""No root bone; one at the world's origin, without keys; one that follows the hips."""

_SECONDS = 0.5
"""Of smoothing: the way and the turns of a figure stay, the sway of its steps does not."""

_CONJUGATE = np.array([1.0, -1.0, -1.0, -1.0])


@dataclass(frozen=True)
class RootPath:
    """The way of a figure over the ground.

    Parameters
    ----------
    places : (K, 3)
        Below the pelvis on the floor, world, metres.
    turns : (K, 4)
        About the world's Z from where the figure faces -Y; quaternions, w first.
    """

    places: np.ndarray
    turns: np.ndarray

    def seen_from(self, keys: Keys) -> tuple[np.ndarray, np.ndarray]:
        """Return pelvis positions (K, 3) and global orientations (K, 4) in the axes of the root."""
        back = self.turns * _CONJUGATE
        away = np.zeros((len(back), 4))
        away[:, 1:] = keys.positions - self.places
        away = quaternion_multiply(quaternion_multiply(back, away), self.turns)
        return away[:, 1:], quaternion_multiply(back, keys.quaternions[:, 0])


def root_path(keys: Keys, timeline: Timeline) -> RootPath:
    """Follow the pelvis over the ground: its place and its heading, without the sway of steps.

    The heading is the twist about the vertical of the pelvis's turn; it stays what it was when a
    figure bows, lies down or rolls.

    Parameters
    ----------
    keys : Keys
    timeline : Timeline
    """
    from_rest = matrix_to_quaternion(SMPL_TO_WORLD[None])[0] * _CONJUGATE
    turned = quaternion_multiply(
        keys.quaternions[:, 0], np.broadcast_to(from_rest, keys.quaternions[:, 0].shape)
    )
    w, z = turned[:, 0], turned[:, 3]
    # Twice the angle, so that the sign of a quaternion does not matter. As long as the heading can
    # be told: upside down it cannot, and counts for nothing.
    doubled = np.stack((w * w - z * z, 2 * w * z), axis=1)
    curves = np.concatenate((keys.positions[:, :2], doubled), axis=1)
    times = timeline.time_of(keys.frames)
    for run in keys.runs():
        sigma = np.full(run.stop - run.start, _SECONDS)
        curves[run], _ = local_quadratic(curves[run], times[run], sigma)
    half = 0.5 * np.unwrap(np.arctan2(curves[:, 3], curves[:, 2]))
    places, turns = np.zeros((len(curves), 3)), np.zeros((len(curves), 4))
    places[:, :2] = curves[:, :2]
    turns[:, 0], turns[:, 3] = np.cos(half), np.sin(half)
    return RootPath(places, turns)

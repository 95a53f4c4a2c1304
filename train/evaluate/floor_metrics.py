"""What an animator sees first: feet that slide, sink or hover, and a figure that drifts away.

Points in metres, in a world with Z up whose floor is at z = 0; errors go out in millimetres. NaN
frames are left out.
"""

import numpy as np

from core_model.body.model import Body
from core_model.body.skeleton import JOINT_INDEX

_MM = 1000.0
_RATE = 30.0
"""Frames per second that a slide per frame is stated at."""

_STILL = 0.08  # metres per second: a foot that truly stands hardly moves; truth has some noise
_FLAT = 0.02  # metres above the floor
_BALLS = (JOINT_INDEX["left_foot"], JOINT_INDEX["right_foot"])


def sole_heights(balls: np.ndarray, betas: np.ndarray, body: Body) -> np.ndarray:
    """Return how high the soles under the balls of the feet are (T, 2), metres.

    Parameters
    ----------
    balls : (T, 2, 3)
        The joints "left_foot" and "right_foot".
    betas : (10,)
    body : Body
    """
    above = body.rest_joints(betas)[list(_BALLS), 1] - body.rest_vertices(betas)[:, 1].min()
    return np.asarray(balls[..., 2] - above)


def standing_feet(
    balls: np.ndarray, frame_rate: float, heights: np.ndarray | None = None
) -> np.ndarray:
    """Tell from the truth when feet stand, (T, 2) bool.

    Parameters
    ----------
    balls : (T, 2, 3)
        True places of the balls of the feet.
    frame_rate : float
        Frames per second.
    heights : (T, 2), optional
        From `sole_heights`; without them a foot that keeps still is taken to stand.
    """
    speed = np.linalg.norm(np.gradient(balls, axis=0), axis=-1) * frame_rate
    still = speed < _STILL
    return np.asarray(still if heights is None else still & (np.abs(heights) < _FLAT))


def foot_slide(balls: np.ndarray, standing: np.ndarray, frame_rate: float) -> np.ndarray:
    """Return how far standing feet move along the floor, (N,), mm per frame at 30 frames a second.

    Parameters
    ----------
    balls : (T, 2, 3)
    standing : (T, 2) bool
        Of the truth; a pair of frames counts when the foot stands in both.
    frame_rate : float
    """
    both = standing[1:] & standing[:-1]
    moved = np.linalg.norm(np.diff(balls, axis=0)[..., :2], axis=-1)[both]
    return _MM * moved[np.isfinite(moved)] * frame_rate / _RATE


def root_drift(
    path: np.ndarray, truth: np.ndarray, forward: np.ndarray, true_forward: np.ndarray, first: int
) -> np.ndarray:
    """Return how far the root is from its true way, (T - first,), mm.

    The captured way is turned about the vertical, so that both cameras look the same way, and moved
    so that both agree on average over the first frames; neither its size nor its tilt is mended.

    Parameters
    ----------
    path, truth : (T, 3)
        Of the pelvis, each in its own world, Z up.
    forward, true_forward : (3,)
        Where the camera looks, each in its own world.
    first : int
        Number of frames that are laid over each other, a second's worth.
    """
    angle = np.arctan2(true_forward[1], true_forward[0]) - np.arctan2(forward[1], forward[0])
    turn = np.array(
        [[np.cos(angle), -np.sin(angle), 0], [np.sin(angle), np.cos(angle), 0], [0, 0, 1]]
    )
    apart = path @ turn.T - truth
    if not np.isfinite(apart[:first]).all(axis=1).any():
        return np.full(max(len(path) - first, 0), np.nan)
    apart = apart - np.nanmean(apart[:first], axis=0)
    return np.asarray(_MM * np.linalg.norm(apart[first:], axis=1))

"""Legs that nobody sees: they are held as they were, and turn with the body.

Of somebody behind a table the network tells legs from the trunk alone, and folds them under whoever
bends over. But who bends keeps standing, and who sits keeps sitting; so where neither knee nor
ankle is found, thighs, shins and feet keep the direction that they had when more was seen.
"""

import numpy as np
from scipy.ndimage import gaussian_filter1d

from core_model.body.landmarks import LANDMARK_INDEX
from core_model.body.skeleton import JOINT_COUNT, JOINT_INDEX, PARENTS, forward_kinematics
from core_model.geometry.rotations import (
    axis_angle_to_matrix,
    matrix_to_axis_angle,
    nearest_rotation,
)

_LEGS = [
    JOINT_INDEX[f"{side}_{part}"]
    for part in ("hip", "knee", "ankle", "foot")
    for side in ("left", "right")
]
_TELL = [
    [LANDMARK_INDEX[f"{side}_{part}"] for side in ("left", "right")]
    for part in ("hip", "knee", "ankle")
]
_SHARES = np.array([0.2, 0.4, 0.4])
"""Of hips, knees and ankles, in how much of the legs is seen."""

_SEEN, _UNSEEN = 0.6, 0.3  # visibility of the best knee or ankle: legs are seen, and not at all
_LONG = 0.7  # seconds, sigma, in which little is seen: of a moment the network knows more
_HELD = 1.0  # seconds, sigma: for so long legs stay as they were
_BENT, _LYING = np.cos(np.radians(60)), np.cos(np.radians(75))  # leaning so far, upright and not
_GUESSED = 0.02  # how much a frame counts in which nothing of them is seen


def with_unseen_legs_held(
    rotations: np.ndarray, visibility: np.ndarray, times: np.ndarray
) -> np.ndarray:
    """Return rotations (T, 24, 3, 3) with legs held where nobody sees them.

    Parameters
    ----------
    rotations : (T, 24, 3, 3)
        Local; joint 0 turns SMPL space to camera space.
    visibility : (T, 33)
        Of the landmarks, 0 to 1.
    times : (T,)
        Seconds.
    """
    if len(times) < 2:
        return rotations
    rate = 1 / float(np.median(np.diff(times)))
    parts = [visibility[:, pair] for pair in _TELL]
    best = np.concatenate(parts[1:], axis=1).max(axis=1)
    best = gaussian_filter1d(best, _LONG * rate, mode="reflect")
    unseen = (_SEEN - best) / (_SEEN - _UNSEEN)
    unseen = unseen.clip(0.0, 1.0) * _upright(rotations[:, 0])
    if not unseen.any():
        return rotations
    shown = np.stack([part.mean(axis=1) for part in parts], axis=1) @ _SHARES
    trust = (_GUESSED + shown) ** 2
    _, turned = forward_kinematics(rotations, np.zeros((JOINT_COUNT, 3)))
    heading = _headings(rotations[:, 0])[:, None]
    legs = np.swapaxes(heading, 2, 3) @ turned[:, _LEGS]
    usual = _averaged(legs, trust, _HELD * rate)
    way = matrix_to_axis_angle(usual @ np.swapaxes(legs, 2, 3)) * unseen[:, None, None]
    turned[:, _LEGS] = heading @ axis_angle_to_matrix(way) @ legs
    held = rotations.copy()
    for joint in _LEGS:
        held[:, joint] = np.swapaxes(turned[:, PARENTS[joint]], 1, 2) @ turned[:, joint]
    return np.where((unseen > 0)[:, None, None, None], held, rotations)


def _upright(pelvis: np.ndarray) -> np.ndarray:
    """Return how surely somebody stands or sits, bent or not, and does not lie (T,), 0 to 1."""
    up = -pelvis[:, 1, 1]  # of what is up for the body, in the picture
    return np.asarray(((up - _LYING) / (_BENT - _LYING)).clip(0.0, 1.0))


def _headings(pelvis: np.ndarray) -> np.ndarray:
    """Return which way a body is turned (T, 3, 3), however far its pelvis (T, 3, 3) leans."""
    up = pelvis[..., 1].mean(axis=0)
    up = up / max(float(np.linalg.norm(up)), 1e-6)
    side = pelvis[..., 0] - (pelvis[..., 0] @ up)[:, None] * up
    side = side / np.maximum(np.linalg.norm(side, axis=1, keepdims=True), 1e-6)
    upward = np.broadcast_to(up, side.shape)
    return np.stack((side, upward, np.cross(side, upward)), axis=-1)


def _averaged(turns: np.ndarray, trust: np.ndarray, sigma: float) -> np.ndarray:
    """Return means of turns (T, N, 3, 3) over time, by how far each frame is trusted (T,)."""
    weight = gaussian_filter1d(trust, sigma, mode="constant")
    total = gaussian_filter1d(trust[:, None, None, None] * turns, sigma, axis=0, mode="constant")
    return np.asarray(nearest_rotation(total / weight[:, None, None, None]))

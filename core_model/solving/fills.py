"""Stretches whose capture counts for nothing: the motion is led from before to after."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from core_model.body.landmarks import LANDMARK_JOINTS
from core_model.body.skeleton import JOINT_COUNT
from core_model.corrections.records import Fill
from core_model.geometry.rotations import axis_angle_to_matrix, matrix_to_axis_angle
from core_model.lifting.figure import Figure

_SPEED_OVER = 3  # frames on either side that tell how fast the motion comes and goes


def without_filled(landmarks: np.ndarray, times: np.ndarray, fills: Sequence[Fill]) -> np.ndarray:
    """Return landmarks (T, 33, 3) of which those of filled joints are not seen."""
    landmarks = landmarks.copy()
    for fill in fills:
        rows = _inside(times, fill)
        of_joints = np.flatnonzero(np.isin(LANDMARK_JOINTS, fill.joints))
        landmarks[rows[:, None], of_joints, 2] = 0.0
    return landmarks


def with_fills(
    figure: Figure, times: np.ndarray, fills: Sequence[Fill]
) -> tuple[Figure, np.ndarray]:
    """Lead joints through stretches as they come and go, and tell which frames that are.

    Parameters
    ----------
    figure : Figure
    times : (T,)
        Seconds.
    fills : sequence of Fill

    Returns
    -------
    figure : Figure
    filled : (T, 24)
        1 for joints in frames that were filled, else 0.
    """
    rotations, pelvis = figure.rotations.copy(), figure.pelvis.copy()
    filled = np.zeros((len(times), JOINT_COUNT))
    for fill in fills:
        rows = _inside(times, fill)
        for joint in fill.joints:
            rotations[rows, joint] = _turning(rotations[:, joint], times, rows)
            filled[rows, joint] = 1.0
        if 0 in fill.joints:
            pelvis[rows] = _moving(pelvis, times, rows)
    return replace(figure, rotations=rotations, pelvis=pelvis), filled


def _inside(times: np.ndarray, fill: Fill) -> np.ndarray:
    return np.flatnonzero((times >= fill.start - 1e-6) & (times <= fill.end + 1e-6))


def _turning(rotations: np.ndarray, times: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """Return rotations (R, 3, 3) in some rows of (T, 3, 3), from those beside them."""
    before, after = max(int(rows[0]) - 1, 0), min(int(rows[-1]) + 1, len(times) - 1)
    if rows[0] == 0 or rows[-1] == len(times) - 1:  # one side is all that is known
        only = after if rows[0] == 0 else before
        return np.repeat(rotations[only][None], len(rows), axis=0)
    base = rotations[before]
    turns = matrix_to_axis_angle(base.T @ rotations)
    return np.asarray(base @ axis_angle_to_matrix(_moving(turns, times, rows)))


def _moving(values: np.ndarray, times: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """Return values (R, N) in some rows of (T, N): a cubic that comes and goes at its speed."""
    before, after = int(rows[0]) - 1, int(rows[-1]) + 1
    if before < 0 or after >= len(times):
        only = min(after, len(times) - 1) if before < 0 else before
        return np.repeat(values[only][None], len(rows), axis=0)
    early, late = max(before - _SPEED_OVER, 0), min(after + _SPEED_OVER, len(times) - 1)
    span = times[after] - times[before]
    comes = _speed(values, times, early, before) * span
    goes = _speed(values, times, after, late) * span
    share = ((times[rows] - times[before]) / span)[:, None]
    return np.asarray(
        (1 + 2 * share) * (1 - share) ** 2 * values[before]
        + share * (1 - share) ** 2 * comes
        + share**2 * (3 - 2 * share) * values[after]
        - share**2 * (1 - share) * goes
    )


def _speed(values: np.ndarray, times: np.ndarray, first: int, last: int) -> np.ndarray:
    if first == last:
        return np.zeros(values.shape[1])
    return np.asarray((values[last] - values[first]) / (times[last] - times[first]))

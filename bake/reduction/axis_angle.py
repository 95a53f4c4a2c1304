"""An axis and an angle about it as Blender's bones turn by them, without jumps."""

import numpy as np

from core_model.geometry.rotations import without_sign_flips

_NO_TURN = 1e-6  # half of the sine: the axis of such a turn is noise

SENSITIVITY = np.sqrt(5)
"""By how much a rotation turns at most for a change of its four numbers, seen as a length: as much
as the angle changes, and twice as much as the axis."""


def axis_and_angle_to_quaternion(values: np.ndarray) -> np.ndarray:
    """Turn angle and axis, of any length, (..., 4) into unit quaternions (..., 4), w first."""
    half = values[..., :1] / 2
    length = np.linalg.norm(values[..., 1:], axis=-1, keepdims=True)
    axis = values[..., 1:] / np.where(length > 0, length, 1.0)
    return np.concatenate((np.cos(half), np.sin(half) * axis), axis=-1)


def quaternion_to_axis_and_angle(quaternions: np.ndarray) -> np.ndarray:
    """Turn rotations over time (K, 4) into angle and unit axis (K, 4).

    The axis never turns round to its opposite from one frame to the next, and the angle goes on
    beyond half a turn instead.
    """
    turns = without_sign_flips(quaternions)
    sines = np.linalg.norm(turns[:, 1:], axis=1)
    clear = sines > _NO_TURN
    if not clear.any():
        return np.concatenate(
            (np.zeros((len(turns), 1)), np.tile([0.0, 1.0, 0.0], (len(turns), 1))), 1
        )
    # Where nothing turns the axis is that of the frame before; at the beginning, the first clear.
    seen = np.maximum.accumulate(np.where(clear, np.arange(len(turns)), -1))
    seen[seen < 0] = int(np.argmax(clear))
    axes = (turns[:, 1:] / np.where(clear, sines, 1.0)[:, None])[seen]
    signs = np.cumprod(np.where((axes[1:] * axes[:-1]).sum(axis=1) < 0, -1.0, 1.0))
    axes[1:] *= signs[:, None]
    along = (turns[:, 1:] * axes).sum(axis=1)
    angles = np.unwrap(2 * np.arctan2(along, turns[:, 0]), period=4 * np.pi)
    return np.concatenate((angles[:, None], axes), axis=1)

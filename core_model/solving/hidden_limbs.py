"""Limbs that nobody saw, of a body that stands otherwise than was thought."""

from dataclasses import replace

import numpy as np

from core_model.body.skeleton import PARENTS
from core_model.geometry.rotations import (
    axis_angle_to_matrix,
    matrix_to_axis_angle,
    nearest_rotation,
    rotation_angle,
)
from core_model.lifting.figure import Figure

_GUESSED, _SEEN = 0.1, 0.3  # confidences of a joint that was guessed, and of one that was not
_OTHERWISE = np.radians(20.0)  # so far turned what carries a limb makes its guess worthless


def as_held_elsewhere(corrected: Figure, before: Figure, confidence: np.ndarray) -> Figure:
    """Return a motion whose unseen joints are as the person holds them where they are seen.

    What was guessed of an arm behind a pillar was guessed of a body that faces as it was captured.
    The further a correction turns what carries the arm, the less that guess is worth; then it is
    held as it is on average where it is seen. A joint whose own parents stay, stays.

    Parameters
    ----------
    corrected, before : Figure
        With and without what was pinned.
    confidence : (T, 24)
        Of `before`; 1 where somebody said how a joint is.
    """
    rotations = corrected.rotations.copy()
    own = np.asarray(rotation_angle(corrected.rotations, before.rotations))
    carried = np.zeros(own.shape)
    for joint, parent in enumerate(PARENTS):
        if parent < 0:
            continue
        carried[:, joint] = np.maximum(carried[:, parent], own[:, parent])
        worthless = (carried[:, joint] / _OTHERWISE).clip(max=1.0) * corrected.seen
        worthless *= ((_SEEN - confidence[:, joint]) / (_SEEN - _GUESSED)).clip(0.0, 1.0)
        trust = (confidence[:, joint] - _GUESSED).clip(0.0) ** 2
        if not worthless.any() or not trust.any():
            continue
        turns = rotations[:, joint]
        usual = nearest_rotation(np.tensordot(trust, turns, 1) / trust.sum())
        way = matrix_to_axis_angle(usual @ np.swapaxes(turns, 1, 2))
        turned = axis_angle_to_matrix(way * worthless[:, None]) @ turns
        rotations[:, joint] = np.where((worthless > 0)[:, None, None], turned, turns)
    return replace(corrected, rotations=rotations)

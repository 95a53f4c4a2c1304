"""Standing feet that do not turn faster than both their ends may move.

On the source both ankle and ball stand; a foot that is longer on the target moves more at the ends
for the same turn, wherever its middle is held. And one that was lifted out of the floor must not
sink back all at once.
"""

import numpy as np

from bake.motion.banded import SmoothFit
from bake.retarget.solving.posing import Posing
from bake.retarget.solving.soles import Sole
from core_model.geometry.rotations import axis_angle_to_matrix

_HOLDS = 1e5  # weight of a turn that is taken out against the size of what that changes
_SPREADS = 0.15  # seconds over which it is


def steady(
    posing: Posing,
    sole: Sole,
    bones: list[int],
    standing: np.ndarray,
    most: float,
    interval: float,
) -> None:
    """Turn a foot so that its ball moves by no more than `most` about its ankle while it stands.

    Parameters
    ----------
    posing : Posing
        Whose turns are changed.
    sole : Sole
    bones : list of int
        Of foot and toes.
    standing : (K - 1,) bool
        Whether both ends stand until the next frame, within one run.
    most : float
        Metres.
    interval : float
        Seconds between frames.
    """
    way = sole.ball_from_ankle(posing)
    steps = np.linalg.norm(np.diff(way, axis=0), axis=1)
    too_much = standing & (steps > most)
    if not too_much.any():
        return
    # The turn from each frame to the next that moves the ball so, in the world.
    axes = np.cross(way[:-1], way[1:]) / np.maximum((way[:-1] ** 2).sum(1), 1e-12)[:, None]
    less = 1 - most / np.maximum(steps, 1e-12)
    turned = _spread(-less[:, None] * axes, too_much, interval)
    change = axis_angle_to_matrix(turned)
    for bone in bones:
        posing.turns[bone] = change @ posing.turns[bone]
    posing.forget()


def slowed(
    places: np.ndarray, about: np.ndarray, standing: np.ndarray, most: float, interval: float
) -> np.ndarray:
    """Return by how much a foot is moved (K, 3) so that neither of its ends goes too far at once.

    Parameters
    ----------
    places : (K, 3)
        Where its ankle is, metres.
    about : (2, K, 3)
        The ways from there to its ends.
    standing : (2, K - 1) bool
        Whether each end stands until the next frame, within one run.
    most : float
        Metres from frame to frame.
    interval : float
        Seconds between frames.
    """
    steps = np.diff(places + about, axis=1)
    lengths = np.linalg.norm(steps, axis=2)
    less = np.where(standing, np.maximum(lengths - most, 0), 0) / np.maximum(lengths, 1e-12)
    too_much = (less > 0).any(axis=0)
    if not too_much.any():
        return np.zeros_like(places)
    # Of two ends that go too far the one that goes farther.
    end, step = less.argmax(axis=0), np.arange(len(too_much))
    changes = -less[end, step, None] * steps[end, step]
    return _spread(changes, too_much, interval)


def _spread(changes: np.ndarray, where: np.ndarray, interval: float) -> np.ndarray:
    """Return the smallest curves (K, 3) that make steps by `changes` (K - 1, 3) at some frames.

    What is taken out of one step is given back in small steps around it.
    """
    weights = _HOLDS * where + _SPREADS**2
    fit = SmoothFit(np.zeros(len(where) + 1), weights, bend=0.0, anchor=1.0, interval=interval)
    return fit.solve(
        np.zeros((len(where) + 1, changes.shape[1])), where[:, None] * changes / interval
    )

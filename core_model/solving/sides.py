"""Left and right, decided again by what is pinned and by what was said to be exchanged."""

from collections.abc import Callable, Mapping
from dataclasses import replace

import numpy as np

from core_model.body.landmarks import LANDMARK_INDEX, LANDMARK_MIRROR
from core_model.corrections.records import Swap
from core_model.geometry.rotations import rotation_angle
from core_model.lifting.figure import Figure

Lift = Callable[[Figure, np.ndarray], Figure]
"""Lifts a figure's landmarks anew with the network, given times (T,)."""

_ARMS = ("shoulder", "elbow", "wrist", "pinky", "index", "thumb")
_LEGS = ("hip", "knee", "ankle", "heel", "foot_index")
_CLEARLY = 3.0  # times as far off is the facing of the wrong labels where there is no doubt
_ALIKE = np.radians(3.0)  # nobody pins a facing more exactly, and the network finds none
_LEANING = 0.1
"""What it costs to go by the labels whose facing is off by e times as much."""
_CERTAIN = 1e6  # more than any way through a clip
_CONTEXT = 2.0  # seconds around a pin that the network is shown


def swapped(landmarks: np.ndarray, frames: np.ndarray, limbs: str = "all") -> np.ndarray:
    """Return landmarks (T, 33, 3) with left and right exchanged in frames (T,) bool.

    Parameters
    ----------
    limbs : str
        `all`, `arms` or `legs`.
    """
    order = np.arange(len(LANDMARK_MIRROR))
    for name, index in LANDMARK_INDEX.items():
        part = name.partition("_")[2]
        if limbs == "all" or part in (_ARMS if limbs == "arms" else _LEGS):
            order[index] = LANDMARK_MIRROR[index]
    return np.where(frames[:, None, None], landmarks[:, order], landmarks)


def with_swaps(landmarks: np.ndarray, times: np.ndarray, swaps: tuple[Swap, ...]) -> np.ndarray:
    """Return landmarks (T, 33, 3) with left and right exchanged as it was said."""
    for swap in swaps:
        inside = (times >= swap.start - 1e-6) & (times <= swap.end + 1e-6)
        landmarks = swapped(landmarks, inside, swap.limbs)
    return landmarks


def told_by_facing(
    facings: Mapping[int, np.ndarray], figure: Figure, times: np.ndarray, lift: Lift
) -> dict[int, float]:
    """Tell how surely labels are exchanged in frames of known facing, as `exchanged_frames` wants.

    Landmarks without depth are those of somebody and of his mirror image. Which of the two is seen
    the labels say: given them exchanged, the network lets him face the other way. Where that is how
    he faces, they are exchanged. Limbs tell nothing: those that were found with wrong labels agree
    with them. Seen from the side both ways of facing are much alike; then it takes how limbs go on
    from frame to frame, too.

    Parameters
    ----------
    facings : mapping of int to (3, 3)
        By frame, how the pelvis is turned from SMPL space to camera space.
    figure : Figure
    times : (T,)
        Seconds.
    lift : callable
        Lifts landmarks with the network.

    Returns
    -------
    dict of int to float
        By frame: above 0 where they are exchanged, below where they are not.
    """
    facings = {frame: facing for frame, facing in facings.items() if figure.seen[frame]}
    if not facings:
        return {}
    frames, pinned = [*facings], np.stack([*facings.values()])
    near = (np.abs(times[:, None] - times[frames]) <= _CONTEXT).any(axis=1) & figure.seen

    def off(landmarks: np.ndarray) -> np.ndarray:
        lifted = lift(replace(figure, seen=near, landmarks=landmarks), times)
        return np.asarray(rotation_angle(lifted.rotations[frames, 0], pinned)) + _ALIKE

    more = np.log(off(figure.landmarks) / off(swapped(figure.landmarks, near)))
    costs = np.where(np.abs(more) > np.log(_CLEARLY), np.sign(more) * _CERTAIN, _LEANING * more)
    return dict(zip(frames, costs.tolist(), strict=True))

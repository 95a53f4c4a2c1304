"""What the fit trusts: how far each of its terms may be off."""

from dataclasses import dataclass

from core_model.body.landmarks import LANDMARK_COUNT, LANDMARK_INDEX
from core_model.body.skeleton import JOINT_INDEX


@dataclass(frozen=True)
class FitWeights:
    """How far each term may be off, and how the search goes.

    Parameters
    ----------
    landmark : float
        Standard deviation of a landmark, as a share of the figure's median box side.
    robust : float
        Number of standard deviations from which a landmark counts ever less.
    tie, tie_ends, tie_root : float
        Degrees that a joint's rotation may leave the network's: limbs; trunk, head, hands and
        feet; the root.
    turning, moving : float
        Accelerations of rotations, rad/s^2, and of joints, m/s^2.
    bursts : float
        Number of standard deviations from which accelerations count by their size only.
    lively : float
        Acceleration that landmarks show across the picture, m/s^2, from which the joint's own is
        held back ever less.
    stance : float
        How much standing feet count.
    sliding : float
        Speed of standing feet, m/s.
    lifted : float
        Speed across the picture of a foot that stands as likely as not, m/s.
    level, balance : float
        How much it counts that standing feet are on one floor, and that the weight is over them,
        where up is known.
    unlevel, lean : float
        Metres by which such feet may be higher or lower, and the weight aside.
    shape : float
        Betas.
    iterations : int
    step : float
        Learning rate of Adam.
    """

    landmark: float = 0.009
    robust: float = 5.5
    tie: float = 13.0
    tie_ends: float = 9.0
    tie_root: float = 29.0
    turning: float = 10.0
    moving: float = 4.0
    bursts: float = 0.25
    lively: float = 20.0
    stance: float = 3.0
    sliding: float = 0.1
    lifted: float = 0.2
    level: float = 1.0
    balance: float = 2.0
    unlevel: float = 0.03
    lean: float = 0.05
    shape: float = 1.0
    iterations: int = 200
    step: float = 0.004


ENDS = [
    JOINT_INDEX[name]
    for name in (
        *("spine1", "spine2", "spine3", "neck", "head"),
        *("left_wrist", "right_wrist", "left_hand", "right_hand"),
        *("left_ankle", "right_ankle", "left_foot", "right_foot"),
    )
]
"""Joints that are held nearer to what the network says than limbs are."""


def landmark_weights() -> list[float]:
    """Return how much each landmark counts: where a detector is less exact, half or less."""
    weights = [1.0] * LANDMARK_COUNT
    for name, index in LANDMARK_INDEX.items():
        if any(part in name for part in ("heel", "foot", "pinky", "index", "thumb")):
            weights[index] = 0.5
        elif index < 11:
            weights[index] = 0.3 if name in ("nose", "left_ear", "right_ear") else 0.1
    return weights

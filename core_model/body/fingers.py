"""The joints of the fingers, as SMPL-H orders them, and how they hang on the 24 joints of the body.

Romero et al., "Embodied Hands: Modeling and Capturing Hands and Bodies Together", SIGGRAPH Asia
2017: fifteen joints on each hand, after the body's own. As there, a finger at its rest pose has
the identity for every joint, and rotations are local to the joint before it in SMPL space.
"""

from dataclasses import dataclass

import numpy as np

from core_model.body.skeleton import JOINT_INDEX
from core_model.geometry.rotations import Array, namespace

SIDES = ("left", "right")
FINGERS = ("index", "middle", "pinky", "ring", "thumb")
"""In the order of SMPL-H."""

FINGER_JOINT_NAMES = tuple(
    f"{side}_{finger}{number}" for side in SIDES for finger in FINGERS for number in (1, 2, 3)
)
FINGER_JOINT_COUNT = len(FINGER_JOINT_NAMES)
FINGERTIP_NAMES = tuple(f"{side}_{finger}" for side in SIDES for finger in FINGERS)

FINGER_CARRIERS = tuple(
    JOINT_INDEX[f"{name.partition('_')[0]}_{'wrist' if 'thumb' in name else 'hand'}"]
    for name in FINGER_JOINT_NAMES
)
"""The body's joint that carries each finger.

In SMPL-H all hang on the wrist. Here the four fingers move with `left_hand` and `right_hand`, as
the skin of the 24 joints does; both are the same wherever that joint does not turn.
"""


@dataclass(frozen=True)
class HandMotion:
    """Both hands of one person in every frame.

    Parameters
    ----------
    fingers : (T, 30, 3, 3)
        Local rotations in the order of SMPL-H; relaxed where a hand was not seen.
    confidence : (T, 2)
        0 to 1, how well the left and the right hand were seen.
    """

    fingers: np.ndarray
    confidence: np.ndarray


def place_fingers(
    rotations: Array, joints: Array, turned: Array, rest_joints: Array, rest_fingers: Array
) -> tuple[Array, Array]:
    """Place the finger joints of posed skeletons.

    Parameters
    ----------
    rotations : (..., 30, 3, 3)
        Local rotation matrices of the finger joints, numpy or torch.
    joints, turned : (..., 24, 3), (..., 24, 3, 3)
        The body, as from `core_model.body.skeleton.forward_kinematics`.
    rest_joints : (24, 3) or (..., 24, 3)
        The body's joints in the rest pose, metres.
    rest_fingers : (30, 3) or (..., 30, 3)
        The finger joints in the rest pose, metres.

    Returns
    -------
    fingers : (..., 30, 3)
        Positions in the frame of `joints`, metres.
    finger_turned : (..., 30, 3, 3)
        Rotation of each joint from the rest pose, in the same frame.
    """
    xp = namespace(rotations)
    carriers = list(FINGER_CARRIERS[::3])
    before = turned[..., carriers, :, :]
    place = joints[..., carriers, :]
    from_place = rest_joints[..., carriers, :]
    places, turns = [], []
    for number in range(3):
        rest = rest_fingers[..., number::3, :]
        place = place + (before @ (rest - from_place)[..., None])[..., 0]
        before = before @ rotations[..., number::3, :, :]
        from_place = rest
        places.append(place)
        turns.append(before)
    shape = rotations.shape[:-3]
    return (
        xp.stack(places, -2).reshape(*shape, FINGER_JOINT_COUNT, 3),
        xp.stack(turns, -3).reshape(*shape, FINGER_JOINT_COUNT, 3, 3),
    )


def without_fingers(hand_weights: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Return the skinning weights (V, 24) that are left when the fingers have their own.

    Parameters
    ----------
    hand_weights : (V, 30)
    weights : (V, 24)
        With the fingers as part of the joints that carry them.
    """
    left = weights.copy()
    for finger, carrier in enumerate(FINGER_CARRIERS):
        left[:, carrier] -= hand_weights[:, finger]
    return left

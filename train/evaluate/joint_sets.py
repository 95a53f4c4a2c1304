"""Which joints are compared: the same points of the body, from SMPL joints or from landmarks."""

import numpy as np

from core_model.body.landmarks import LANDMARK_INDEX
from core_model.body.skeleton import JOINT_INDEX

LIMB_NAMES = tuple(
    f"{side}_{part}"
    for part in ("shoulder", "elbow", "wrist", "hip", "knee", "ankle")
    for side in ("left", "right")
)
"""The 12 limb joints, which SMPL and BlazePose name alike."""

LIMB_JOINTS = tuple(JOINT_INDEX[name] for name in LIMB_NAMES)
LIMB_LANDMARKS = tuple(LANDMARK_INDEX[name] for name in LIMB_NAMES)

EVALUATION_NAMES = (*LIMB_NAMES, "neck", "head")
"""The 14 joints that pose benchmarks score, after the LSP data set; here the limbs come first."""

EVALUATION_JOINTS = tuple(JOINT_INDEX[name] for name in EVALUATION_NAMES)

HIPS = (LIMB_NAMES.index("left_hip"), LIMB_NAMES.index("right_hip"))
"""Where the hips stand in both sets; poses are compared with the middle of the hips at zero."""

LIMB_MIRROR = tuple(index ^ 1 for index in range(len(LIMB_NAMES)))
"""The limb joint that each limb joint becomes when left and right are swapped."""

EVALUATION_MIRROR = (*LIMB_MIRROR, len(LIMB_NAMES), len(LIMB_NAMES) + 1)

# Neck and head joint of a person lie on the line from the middle of the shoulders to the middle of
# the ears; how far along was measured on the rest pose of the default body.
_NECK_ALONG = 0.33
_HEAD_ALONG = 0.83


def evaluation_joints_from_landmarks(landmarks: np.ndarray) -> np.ndarray:
    """Estimate the 14 evaluation joints from BlazePose landmarks.

    The limb joints are landmarks; neck and head, which BlazePose does not have, are put between
    the shoulders and the ears where they lie on an upright person.

    Parameters
    ----------
    landmarks : (..., 33, 3)

    Returns
    -------
    (..., 14, 3)
        In the order of `EVALUATION_NAMES`.
    """
    shoulders = _middle(landmarks, "shoulder")
    to_ears = _middle(landmarks, "ear") - shoulders
    neck, head = shoulders + _NECK_ALONG * to_ears, shoulders + _HEAD_ALONG * to_ears
    limbs = landmarks[..., list(LIMB_LANDMARKS), :]
    return np.concatenate((limbs, neck[..., None, :], head[..., None, :]), axis=-2)


def _middle(landmarks: np.ndarray, part: str) -> np.ndarray:
    pair = [LANDMARK_INDEX[f"left_{part}"], LANDMARK_INDEX[f"right_{part}"]]
    return landmarks[..., pair, :].mean(axis=-2)

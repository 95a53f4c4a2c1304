"""The 33 BlazePose landmarks: names, mirror partners, and the SMPL joint that carries each."""

import numpy as np

from core_model.body.skeleton import JOINT_INDEX
from core_model.geometry.rotations import Array

LANDMARK_NAMES = (
    "nose",
    "left_eye_inner",
    "left_eye",
    "left_eye_outer",
    "right_eye_inner",
    "right_eye",
    "right_eye_outer",
    "left_ear",
    "right_ear",
    "mouth_left",
    "mouth_right",
    "left_shoulder",
    "right_shoulder",
    "left_elbow",
    "right_elbow",
    "left_wrist",
    "right_wrist",
    "left_pinky",
    "right_pinky",
    "left_index",
    "right_index",
    "left_thumb",
    "right_thumb",
    "left_hip",
    "right_hip",
    "left_knee",
    "right_knee",
    "left_ankle",
    "right_ankle",
    "left_heel",
    "right_heel",
    "left_foot_index",
    "right_foot_index",
)
LANDMARK_COUNT = len(LANDMARK_NAMES)
LANDMARK_INDEX = {name: index for index, name in enumerate(LANDMARK_NAMES)}


def _mirrored(name: str) -> str:
    swap = {"left": "right", "right": "left"}
    return "_".join(swap.get(word, word) for word in name.split("_"))


LANDMARK_MIRROR = tuple(LANDMARK_INDEX[_mirrored(name)] for name in LANDMARK_NAMES)
"""The landmark that each landmark becomes in a mirror."""

_CARRIERS = {
    "shoulder": "shoulder",
    "elbow": "elbow",
    "wrist": "wrist",
    "pinky": "wrist",
    "index": "wrist",
    "thumb": "wrist",
    "hip": "hip",
    "knee": "knee",
    "ankle": "ankle",
    "heel": "ankle",
    "foot_index": "foot",
}


def _carrier(name: str) -> int:
    side, _, part = name.partition("_")
    if part not in _CARRIERS or side not in ("left", "right"):
        return JOINT_INDEX["head"]
    return JOINT_INDEX[f"{side}_{_CARRIERS[part]}"]


LANDMARK_JOINTS = tuple(_carrier(name) for name in LANDMARK_NAMES)
"""The joint that each landmark moves with as if rigidly fixed to it."""

_SEEN_FROM_ANATOMY = {
    "nose": (0, 22, -24),
    "eye_inner": (-1, 6, -24),
    "eye": (-8, 7, -27),
    "eye_outer": (-10, 8, -27),
    "ear": (-38, -5, 40),
    "mouth": (-7, 8, -14),
    "shoulder": (-5, 0, 15),
    "elbow": (3, 5, 14),
    "wrist": (11, -4, 1),
    "pinky": (-7, -7, 31),
    "index": (-21, -5, -8),
    "thumb": (12, 14, -20),
    "hip": (-18, -15, 0),
    "knee": (-7, -11, -3),
    "ankle": (1, 28, 10),
    "heel": (-2, 9, 19),
    "foot_index": (-7, 12, -20),
}
"""Millimetres in the axes of the T-pose (x to the body's left, y up, z forward), left side."""


def _seen_from_anatomy(name: str) -> tuple[float, float, float]:
    words = name.split("_")
    part = "_".join(word for word in words if word not in ("left", "right"))
    x, y, z = _SEEN_FROM_ANATOMY[part]
    return (-x if "right" in words else x) / 1000, y / 1000, z / 1000


DETECTOR_OFFSETS = np.array([_seen_from_anatomy(name) for name in LANDMARK_NAMES])
"""Where BlazePose puts its landmarks, from the places of these names on the body, (33, 3), metres.

Hips lie lower and nearer together than the joints of the thighs, ankles above them, ears behind the
skin. Measured by least squares, in the axes of the joints that carry them, on 288 rendered pictures
of the default body in 16 shapes and motions, from all sides, and on the demo; both halves of these
agree within 9 mm for the limbs. `python -m train.calibrate.landmark_offsets` measures again on
other motions and cameras, and differs by at most 9 mm for the limbs and 15 for the face. That hips
come out some 20 mm in front was left out: a real person seen from four sides does not show it.
"""


def place_landmarks(joints: Array, global_rotations: Array, offsets: Array) -> Array:
    """Place the landmarks of posed skeletons.

    Parameters
    ----------
    joints : (..., 24, 3)
        Joint positions, metres, numpy or torch.
    global_rotations : (..., 24, 3, 3)
        As from `core_model.body.skeleton.forward_kinematics`.
    offsets : (33, 3) or (..., 33, 3)
        As from `core_model.body.model.Body.landmark_offsets`, metres.

    Returns
    -------
    (..., 33, 3)
        Metres, in the frame of `joints`.
    """
    carriers = list(LANDMARK_JOINTS)
    turned = global_rotations[..., carriers, :, :] @ offsets[..., None]
    return joints[..., carriers, :] + turned[..., 0]

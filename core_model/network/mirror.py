"""A figure's mirror image: what the keypoint INT sees of it, and what it says of it, turned back.

Left and right are alike to a body, not to weights: what they say of somebody and of his mirror
image differs by a few degrees, and the mean of both is nearer to the truth than either.
"""

import numpy as np
import torch
from torch import Tensor

from core_model.body.landmarks import LANDMARK_MIRROR
from core_model.body.skeleton import MIRROR

_SIGNS = np.array([[1.0, -1.0, -1.0], [-1.0, 1.0, 1.0], [-1.0, 1.0, 1.0]], np.float32)


def mirrored_evidence(evidence: Tensor) -> Tensor:
    """Return keypoint evidence (..., 33, 3) of the mirror image, left and right renamed."""
    signs = torch.tensor([-1.0, 1.0, 1.0], dtype=evidence.dtype, device=evidence.device)
    return evidence[..., list(LANDMARK_MIRROR), :] * signs


def mirrored_rotations(rotations: Tensor) -> Tensor:
    """Return local rotations (..., 24, 3, 3) of the mirror image, left and right renamed.

    The mirror is the plane x = 0 of SMPL space and of the world or camera that joint 0 turns to.
    """
    signs = torch.from_numpy(_SIGNS).to(rotations)
    return rotations[..., list(MIRROR), :, :] * signs

"""What training asks of the keypoint INT: rotations, joints, shape, reprojection, smoothness."""

from dataclasses import dataclass

import torch
from torch import Tensor

from core_model.body.landmarks import place_landmarks
from core_model.body.skeleton import forward_kinematics
from core_model.geometry.rotations import rot6d_to_matrix
from core_model.network import INTOutput
from train.synthetic.samples import Samples


@dataclass(frozen=True)
class LossWeights:
    """Weight of each term; 0 leaves it out."""

    joints: float = 10.0
    rotations: float = 1.0
    root: float = 3.0
    betas: float = 0.02
    reprojection: float = 0.5
    acceleration: float = 10.0


def sample_losses(
    output: INTOutput, truth: Samples, weights: LossWeights
) -> tuple[Tensor, dict[str, float]]:
    """Compare what the network says with the truth.

    - joints: mean distance in metres, pelvis-aligned, limbs of the true lengths.
    - rotations, root: mean squared difference of the 23 local and of the root's matrices.
    - betas: mean squared difference.
    - reprojection: mean distance of the landmarks under the predicted weak-perspective camera from
      the evidence, in its units, times visibility.
    - acceleration: mean norm of the second difference of the joint error, metres per frame^2.

    Returns
    -------
    total : ()
    terms : dict of float
        Each term before its weight, and `mpjpe` in millimetres.
    """
    rotations = rot6d_to_matrix(output.rot6d)
    joints, turned = forward_kinematics(rotations, truth.rest_joints[:, None])
    pelvis = joints[:, :, :1]
    error = joints - pelvis - truth.joints
    difference = (rotations - truth.rotations).square().mean((-2, -1))
    landmarks = place_landmarks(joints, turned, truth.landmark_offsets[:, None]) - pelvis
    scale, shift = output.camera[..., None, :1], output.camera[..., None, 1:]
    projected = scale * landmarks[..., :2] + shift
    visibility = truth.evidence[..., 2]
    missed = _length(projected - truth.evidence[..., :2])
    terms = {
        "joints": _length(error).mean(),
        "rotations": difference[:, :, 1:].mean(),
        "root": difference[:, :, 0].mean(),
        "betas": (output.betas - truth.betas[:, None]).square().mean(),
        "reprojection": (missed * visibility).sum() / visibility.sum().clamp(min=1.0),
    }
    if error.shape[1] > 2:
        terms["acceleration"] = _length(error[:, 2:] - 2 * error[:, 1:-1] + error[:, :-2]).mean()
    total = torch.stack([getattr(weights, name) * term for name, term in terms.items()]).sum()
    report = {name: float(term.detach()) for name, term in terms.items()}
    return total, report | {"mpjpe": 1000 * report["joints"]}


def _length(vector: Tensor) -> Tensor:
    return (vector.square().sum(-1) + 1e-8).sqrt()

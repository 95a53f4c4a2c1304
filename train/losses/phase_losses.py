"""What the INT paper's training asks of the image network, in MAED's terms.

Shape legend: B clips, T frames. Joints are SPIN's 49; c is their confidence.
"""

from dataclasses import dataclass
from typing import NamedTuple

import torch
from torch import Tensor

from core_model.geometry.rotations import axis_angle_to_matrix
from core_model.geometry.weak_perspective import CROP_SIDE
from train.databases.pictures.joints import HIPS

FOCAL = 5000.0
"""Pixels: the camera of the reference looks at the crop from afar."""


@dataclass(frozen=True)
class PhaseWeights:
    """Weight of each term; 0 leaves it out.

    Parameters
    ----------
    keypoints_2d, joints_3d, pose, betas : float
    size : float
        Of the length of all axis-angle vectors and betas, which keeps both small.
    velocity : float
        Of joints from frame to frame, clips only.
    acceleration : float
        Likewise, of second differences.
    """

    keypoints_2d: float = 300.0
    joints_3d: float = 600.0
    pose: float = 60.0
    betas: float = 0.06
    size: float = 1.0
    velocity: float = 0.0
    acceleration: float = 0.0


class Prediction(NamedTuple):
    """What the network says, as the losses see it.

    Attributes
    ----------
    keypoints_2d : (B, T, 49, 2)
        On the crop, -1 to 1.
    joints_3d : (B, T, 49, 3)
        Metres, camera space.
    rotations : (B, T, 24, 3, 3)
    angles : (B, T, 24)
        Of those rotations, radians.
    betas : (B, T, 10)
    """

    keypoints_2d: Tensor
    joints_3d: Tensor
    rotations: Tensor
    angles: Tensor
    betas: Tensor

    def part(self, chosen: slice) -> "Prediction":
        """Return that of some clips."""
        return Prediction(*(tensor[chosen] for tensor in self))


class Truth(NamedTuple):
    """What is known of the same frames.

    Attributes
    ----------
    keypoints_2d : (B, T, 49, 3)
        On the crop, -1 to 1, and confidence.
    joints_3d : (B, T, 49, 4)
        Metres, camera space, and confidence.
    theta : (B, T, 85)
        Camera, which no loss looks at, pose as axis-angle, betas.
    has_smpl : (B, T)
        1 where pose and betas are known.
    """

    keypoints_2d: Tensor
    joints_3d: Tensor
    theta: Tensor
    has_smpl: Tensor

    def to(self, device: torch.device) -> "Truth":
        """Return the same on a device."""
        return Truth(*(tensor.to(device, non_blocking=True) for tensor in self))


def clip_losses(
    said: Prediction, truth: Truth, weights: PhaseWeights, only_2d: int = 0
) -> dict[str, Tensor]:
    """Return the weighted terms of clips.

    Parameters
    ----------
    said : Prediction
    truth : Truth
    weights : PhaseWeights
    only_2d : int
        The first so many clips are of sets without 3D: only the 2D term looks at them.

    Returns
    -------
    dict of str to Tensor
        Each () ; what is left out is not there.
    """
    terms = {"keypoints_2d": keypoint_error(said.keypoints_2d, truth.keypoints_2d)}
    spatial = slice(only_2d, None)
    said, truth = said.part(spatial), Truth(*(tensor[spatial] for tensor in truth))
    if len(said.rotations):
        terms |= _spatial_terms(said, truth)
        if weights.velocity and said.joints_3d.shape[1] > 1:
            terms["velocity"] = velocity_error(said.joints_3d, truth.joints_3d)
        if weights.acceleration and said.joints_3d.shape[1] > 2:
            terms["acceleration"] = acceleration_error(said.joints_3d, truth.joints_3d)
    return {name: getattr(weights, name) * term for name, term in terms.items()}


def image_losses(said: Prediction, truth: Truth, weights: PhaseWeights) -> dict[str, Tensor]:
    """Return the weighted terms of pictures, which are clips of one frame."""
    terms = {"keypoints_2d": keypoint_error(said.keypoints_2d, truth.keypoints_2d)}
    terms |= _spatial_terms(said, truth)
    return {name: getattr(weights, name) * term for name, term in terms.items()}


def together(clips: Tensor, clip_frames: int, images: Tensor, image_count: int) -> Tensor:
    """Return the loss of a step: clips and images by how many pictures each has."""
    return (clips * clip_frames + images * image_count) / (clip_frames + image_count)


def keypoint_error(said: Tensor, truth: Tensor) -> Tensor:
    """Return the mean of c (p - g)^2 over all entries, also those of no confidence."""
    return (truth[..., 2:] * (said - truth[..., :2]).square()).mean()


def joint_error(said: Tensor, truth: Tensor) -> Tensor:
    """Return the mean of c (p - g)^2 over all entries, the hips' middle at zero in both."""
    return (truth[..., 3:] * (_from_hips(said) - _from_hips(truth[..., :3])).square()).mean()


def velocity_error(said: Tensor, truth: Tensor) -> Tensor:
    """Return the mean of c_t c_t+1 (d p - d g)^2, d from frame to frame."""
    confidence = truth[:, :-1, :, 3:] * truth[:, 1:, :, 3:]
    error = _from_hips(said) - _from_hips(truth[..., :3])
    return (confidence * error.diff(dim=1).square()).mean()


def acceleration_error(said: Tensor, truth: Tensor) -> Tensor:
    """Return the mean of squared differences of second differences.

    Both are multiplied by the fourth power of the confidence in the last of their three frames, as
    in the reference; with confidences of 0 and 1 that is no matter.
    """
    confidence = truth[:, 2:, :, 3:] ** 4
    ours, theirs = said.diff(n=2, dim=1), truth[..., :3].diff(n=2, dim=1)
    return (confidence * ours - confidence * theirs).square().mean()


def rotation_angles(rotations: Tensor) -> Tensor:
    """Return the angles (...) of rotation matrices (..., 3, 3), with a finite slope everywhere."""
    m = rotations
    axis = torch.stack(
        (
            m[..., 2, 1] - m[..., 1, 2],
            m[..., 0, 2] - m[..., 2, 0],
            m[..., 1, 0] - m[..., 0, 1],
        ),
        -1,
    )
    sine = (axis.square().sum(-1) + 1e-12).sqrt()
    return torch.atan2(sine, m.diagonal(dim1=-2, dim2=-1).sum(-1) - 1)


def project(joints: Tensor, camera: Tensor) -> Tensor:
    """Project joints (..., J, 3), metres, on the crop (..., J, 2), -1 to 1.

    Parameters
    ----------
    joints : (..., J, 3)
    camera : (..., 3)
        Weak perspective: scale, x, y.
    """
    depth = 2 * FOCAL / (CROP_SIDE * camera[..., :1] + 1e-9)
    placed = joints + torch.cat((camera[..., 1:], depth), dim=-1)[..., None, :]
    return FOCAL / (CROP_SIDE / 2) * placed[..., :2] / placed[..., 2:]


def _spatial_terms(said: Prediction, truth: Truth) -> dict[str, Tensor]:
    known = truth.has_smpl > 0
    size = (said.angles.square().sum((-2, -1)).sum() + said.betas.square().sum()).sqrt()
    terms = {
        "joints_3d": joint_error(said.joints_3d, truth.joints_3d),
        "size": size / known.numel(),
    }
    if known.any():
        theta = truth.theta[known]
        pose = axis_angle_to_matrix(theta[:, 3:75].reshape(-1, 24, 3))
        terms["pose"] = (said.rotations[known] - pose).square().mean()
        terms["betas"] = (said.betas[known] - theta[:, 75:]).square().mean()
    return terms


def _from_hips(joints: Tensor) -> Tensor:
    return joints - joints[..., list(HIPS), :].mean(-2, keepdim=True)

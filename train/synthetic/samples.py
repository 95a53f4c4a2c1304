"""Training samples: a moving body before a random camera, and what a detector sees of it.

Shape legend: B windows, T frames, J 24 joints, L 33 landmarks.
"""

import json
import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor

from core_model.body.landmarks import (
    LANDMARK_COUNT,
    LANDMARK_INDEX,
    LANDMARK_JOINTS,
    place_landmarks,
)
from core_model.body.model import Body
from core_model.body.skeleton import MIRROR, PARENTS, SMPL_TO_CAMERA, forward_kinematics
from core_model.geometry.rotations import axis_angle_to_matrix
from core_model.network.evidence import normalise_landmarks
from train.synthetic.landmark_noise import NoiseConfig, disturb
from train.synthetic.motion_sampler import MotionSampler


@dataclass(frozen=True)
class CameraConfig:
    """Ranges of the virtual cameras; angles in degrees, distances in body heights.

    Parameters
    ----------
    pitch_low, pitch_high : float
        From looking up to looking down.
    roll : float
        Standard deviation of the tilt to the side.
    near, far : float
    """

    pitch_low: float = -25.0
    pitch_high: float = 40.0
    roll: float = 12.0
    near: float = 1.3
    far: float = 8.0


@dataclass(frozen=True)
class Samples:
    """What the network sees and what it should say.

    Parameters
    ----------
    evidence : (B, T, 33, 3)
    rotations : (B, T, 24, 3, 3)
        Joint 0 turns SMPL space to the space of the camera turned to the figure.
    betas : (B, 10)
    joints : (B, T, 24, 3)
        Metres, relative to the pelvis, turned camera space.
    rest_joints : (B, 24, 3)
        Of the body that was filmed, metres.
    landmark_offsets : (B, 33, 3)
        Likewise, from the joint that carries each landmark.
    landmarks : (B, T, 33, 3)
        What the evidence was made of: x and y on the plane z = 1, and visibility.
    turns : (B, T, 3, 3)
        From camera space to the space of the turned camera.
    """

    evidence: Tensor
    rotations: Tensor
    betas: Tensor
    joints: Tensor
    rest_joints: Tensor
    landmark_offsets: Tensor
    landmarks: Tensor
    turns: Tensor


class BodyTensors:
    """The parts of a body that training needs, as tensors: joints and landmarks from betas."""

    def __init__(self, body: Body, device: torch.device) -> None:
        def tensor(array: np.ndarray) -> Tensor:
            return torch.from_numpy(array.astype(np.float32)).to(device)

        zero = np.zeros(10)
        self.joints = tensor(body.rest_joints(zero))
        self.joint_shapes = tensor(body.joint_shapedirs)
        self.offsets = tensor(body.landmark_offsets(zero))
        ones = body.landmark_offsets(np.eye(10)) - body.landmark_offsets(zero)
        self.offset_shapes = tensor(np.moveaxis(ones, 0, -1))

    def rest_joints(self, betas: Tensor) -> Tensor:
        """Return rest joints (..., 24, 3), metres, for betas (..., 10)."""
        return self.joints + torch.einsum("jcb,...b->...jc", self.joint_shapes, betas)

    def landmark_offsets(self, betas: Tensor) -> Tensor:
        """Return landmarks (..., 33, 3) from their joints, metres, for betas (..., 10)."""
        return self.offsets + torch.einsum("lcb,...b->...lc", self.offset_shapes, betas)


class SampleSource:
    """Draw samples without end, the same for the same seed."""

    def __init__(
        self,
        motions: MotionSampler,
        body: BodyTensors,
        cameras: CameraConfig,
        noise: NoiseConfig | None,
        seed: int,
    ) -> None:
        self.motions, self.body, self.cameras, self.noise = motions, body, cameras, noise
        self.device = motions.rotations.device
        self.generator = torch.Generator(self.device).manual_seed(seed)

    def draw(self, windows: int, frames: int) -> Samples:
        """Return `windows` samples of `frames` frames each."""
        local = self.motions.draw(windows, frames)
        betas = self._normal(windows, 10)
        # Limbs that no beta makes: real proportions vary more than the body's own directions.
        stretch = 1 + 0.04 * self._normal(windows, 24, 1)
        rest = self.body.rest_joints(betas)
        rest = _stretched(rest, stretch)
        world_to_camera = self._cameras(windows)
        rotations = local.clone()
        rotations[:, :, 0] = world_to_camera[:, None] @ local[:, :, 0]
        joints, turned = forward_kinematics(rotations, rest[:, None])
        offsets = self.body.landmark_offsets(betas) * stretch[:, list(LANDMARK_JOINTS)]
        landmarks = place_landmarks(joints, turned, self._as_detected(offsets)[:, None])
        landmarks = landmarks - joints[:, :1, :1]
        landmarks = landmarks + self._distances(windows)
        depths = landmarks[..., 2].clamp(min=0.2)
        flat = landmarks[..., :2] / depths[..., None]
        visibility = torch.ones_like(depths)
        if self.noise is not None:
            flat, visibility = disturb(flat, depths, self.noise, self.generator)
        rays = torch.cat((flat, torch.ones_like(flat[..., :1])), dim=-1)
        evidence, turn = normalise_landmarks(rays, visibility)
        rotations[:, :, 0] = turn @ rotations[:, :, 0]
        centered = joints - joints[:, :, :1]
        centered = torch.einsum("btij,btkj->btki", turn, centered)
        seen = torch.cat((flat, visibility[..., None]), dim=-1)
        return Samples(evidence, rotations, betas, centered, rest, offsets, seen, turn)

    def generators(self) -> dict[str, Any]:
        """Return where the random numbers stand: with it another source goes on as this one."""
        return {
            "samples": self.generator.get_state(),
            "motions": json.dumps(self.motions.generator.bit_generator.state),
        }

    def set_generators(self, state: dict[str, Any]) -> None:
        """Go on from where the random numbers of another source stood."""
        self.generator.set_state(state["samples"].cpu())
        self.motions.generator.bit_generator.state = json.loads(state["motions"])

    def _as_detected(self, offsets: Tensor) -> Tensor:
        """Return landmarks (B, 33, 3) as they lie on people who are not quite like our body."""
        if self.noise is None or not self.noise.definition:
            return offsets
        size = torch.full((LANDMARK_COUNT, 1), self.noise.definition, device=self.device)
        size[[LANDMARK_INDEX["left_hip"], LANDMARK_INDEX["right_hip"]]] *= 2
        return offsets + size * self._normal(*offsets.shape)

    def _normal(self, *shape: int) -> Tensor:
        return torch.randn(shape, generator=self.generator, device=self.device)

    def _uniform(self, count: int, low: float, high: float) -> Tensor:
        draw = torch.rand(count, generator=self.generator, device=self.device)
        return low + (high - low) * draw

    def _cameras(self, count: int) -> Tensor:
        """Return rotations (B, 3, 3) from a Y-up world to camera space."""
        config = self.cameras
        yaw = self._uniform(count, -math.pi, math.pi)
        pitch = self._uniform(
            count, math.radians(config.pitch_low), math.radians(config.pitch_high)
        )
        roll = math.radians(config.roll) * self._normal(count)
        zero = torch.zeros_like(yaw)
        upright = torch.from_numpy(SMPL_TO_CAMERA.astype(np.float32)).to(self.device)
        return (
            axis_angle_to_matrix(torch.stack((zero, zero, roll), -1))
            @ axis_angle_to_matrix(torch.stack((pitch, zero, zero), -1))
            @ upright
            @ axis_angle_to_matrix(torch.stack((zero, yaw, zero), -1))
        )

    def _distances(self, count: int) -> Tensor:
        """Return where pelvises stand before the camera (B, 1, 1, 3), metres."""
        height = 1.7
        low, high = math.log(self.cameras.near * height), math.log(self.cameras.far * height)
        depth = torch.exp(self._uniform(count, low, high))
        place = torch.zeros(count, 1, 1, 3, device=self.device)
        place[:, 0, 0, 2] = depth
        return place


def _stretched(rest: Tensor, stretch: Tensor) -> Tensor:
    """Scale each bone of rest poses (B, 24, 3) by (B, 24, 1), left and right alike."""
    even = (stretch * stretch[:, list(MIRROR)]).sqrt()
    placed = [rest[:, 0]]
    for joint in range(1, rest.shape[1]):
        bone = rest[:, joint] - rest[:, PARENTS[joint]]
        placed.append(placed[PARENTS[joint]] + even[:, joint] * bone)
    return torch.stack(placed, 1)

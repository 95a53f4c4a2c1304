"""Random poses and windows of motion, varied beyond what was captured.

Shape legend: B windows, T frames, J 24 joints.
"""

import numpy as np
import torch
from torch import Tensor

from core_model.rotations import axis_angle_to_matrix, rot6d_to_matrix
from core_model.skeleton import JOINT_COUNT, JOINT_INDEX, MIRROR, PARENTS
from train.synthetic.motion_library import MotionLibrary

_MIRROR_SIGNS = torch.tensor([[1.0, -1.0, -1.0], [-1.0, 1.0, 1.0], [-1.0, 1.0, 1.0]])
_SLOWEST, _FASTEST = 0.4, 1.6


def _below(joint: int) -> list[int]:
    """Return a joint and everything that hangs from it."""
    chain = [joint]
    for child in range(joint + 1, JOINT_COUNT):
        if PARENTS[child] in chain:
            chain.append(child)
    return chain


# Parts that can be taken from another clip without breaking the rest.
_UPPER_BODY = _below(JOINT_INDEX["spine1"])
_SWAPPABLE = (_UPPER_BODY, _below(JOINT_INDEX["left_collar"]), _below(JOINT_INDEX["right_collar"]))


class MotionSampler:
    """Draw windows of motion with random speed, mirror, mixed limbs and changed poses.

    Parameters
    ----------
    library : MotionLibrary
    device : torch.device
    seed : int
    augment : bool
        False draws the clips as they were captured.
    """

    def __init__(
        self, library: MotionLibrary, device: torch.device, seed: int, augment: bool = True
    ) -> None:
        self.rotations = torch.from_numpy(library.rotations).to(device)
        self.bounds = library.bounds
        self.augment = augment
        self.generator = np.random.default_rng(seed)
        lengths = np.diff(self.bounds)
        # Long clips repeat themselves: the square root keeps short, lively ones in the mix.
        self.clip_chances = np.sqrt(lengths) / np.sqrt(lengths).sum()

    def draw(self, windows: int, frames: int) -> Tensor:
        """Return local rotations (B, T, 24, 3, 3); joint 0 turns SMPL space to a Y-up world."""
        motion = self._windows(windows, frames)
        if not self.augment:
            return motion
        for part in _SWAPPABLE:
            chosen = torch.from_numpy(self.generator.random(windows) < 0.12).to(motion.device)
            if chosen.any():
                other = self._windows(windows, frames)
                motion[:, :, part] = torch.where(
                    chosen[:, None, None, None, None], other[:, :, part], motion[:, :, part]
                )
        motion = self._changed_poses(motion)
        mirrored = torch.from_numpy(self.generator.random(windows) < 0.5).to(motion.device)
        signs = _MIRROR_SIGNS.to(motion)
        return torch.where(
            mirrored[:, None, None, None, None], motion[:, :, list(MIRROR)] * signs, motion
        )

    def _windows(self, windows: int, frames: int) -> Tensor:
        clips = self.generator.choice(len(self.clip_chances), windows, p=self.clip_chances)
        first, last = self.bounds[clips], self.bounds[clips + 1] - 1
        low, high = (_SLOWEST, _FASTEST) if self.augment else (1.0, 1.0)
        speed = np.exp(self.generator.uniform(np.log(low), np.log(high), windows))
        speed = np.minimum(speed, (last - first) / max(frames - 1, 1))
        start = first + self.generator.random(windows) * (last - first - speed * (frames - 1))
        places = start[:, None] + speed[:, None] * np.arange(frames)
        lower = np.minimum(np.floor(places).astype(int), last[:, None])
        upper = np.minimum(lower + 1, last[:, None])
        share = torch.from_numpy((places - lower).astype(np.float32)).to(self.rotations.device)
        index = torch.from_numpy(lower).to(self.rotations.device)
        next_index = torch.from_numpy(upper).to(self.rotations.device)
        blended = torch.lerp(
            self.rotations[index], self.rotations[next_index], share[..., None, None, None]
        )
        # Neighbours are a few degrees apart: the blend is made a rotation again by Gram-Schmidt.
        return rot6d_to_matrix(blended[..., :2].flatten(-2))

    def _changed_poses(self, motion: Tensor) -> Tensor:
        """Turn every joint by an angle that drifts slowly through the window."""
        windows, frames = motion.shape[:2]
        size = np.radians(self.generator.choice([0.0, 5.0, 12.0], windows, p=[0.3, 0.5, 0.2]))
        ends = self.generator.normal(size=(2, windows, JOINT_COUNT, 3)) * size[:, None, None]
        share = np.linspace(0, 1, frames)[None, :, None, None]
        turns = ends[0][:, None] * (1 - share) + ends[1][:, None] * share
        turns[:, :, 0] = 0
        return motion @ axis_angle_to_matrix(torch.from_numpy(turns.astype(np.float32))).to(motion)

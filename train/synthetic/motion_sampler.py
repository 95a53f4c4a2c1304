"""Random poses and windows of motion, varied beyond what was captured.

Shape legend: B windows, T frames, J 24 joints.
"""

from collections.abc import Mapping

import numpy as np
import torch
from torch import Tensor

from core_model.body.skeleton import JOINT_COUNT, JOINT_INDEX, MIRROR, PARENTS
from core_model.errors import MocapError
from core_model.geometry.rotations import axis_angle_to_matrix, rot6d_to_matrix
from train.databases.motion_library import FRAME_RATE, MotionLibrary
from train.synthetic.motion_kinds import KINDS, kinds_of
from train.synthetic.posed_motion import POSES, posed_parts
from train.synthetic.timeline import eased

_MIRROR_SIGNS = torch.tensor([[1.0, -1.0, -1.0], [-1.0, 1.0, 1.0], [-1.0, 1.0, 1.0]])
_SLOWEST, _FASTEST = 0.4, 1.6
_TUMBLING = 0.05
"""Chance of a window to be turned over: handsprings, cartwheels, rolls, falls."""
_TUMBLE_SPEED = 150.0
"""Standard deviation, degrees per second."""


def _headings(rotations: Tensor) -> Tensor:
    """Return the turns about Y (..., 3, 3) that make SMPL space face where `rotations` do."""
    x, z = rotations[..., 0, 2], rotations[..., 2, 2]
    angle = torch.atan2(x, z)[..., None] * torch.tensor([0.0, 1.0, 0.0], device=x.device)
    return axis_angle_to_matrix(angle)


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
    kinds : dict of str to float
        Share of the windows that are drawn about a frame of each of `motion_kinds.KINDS`; the
        others are drawn from whole clips.

    Raises
    ------
    MocapError
        When a kind is unknown or the shares are more than all.
    """

    def __init__(
        self,
        library: MotionLibrary,
        device: torch.device,
        seed: int,
        augment: bool = True,
        kinds: Mapping[str, float] | None = None,
    ) -> None:
        self.rotations = torch.from_numpy(library.rotations).to(device)
        self.bounds = library.bounds
        self.augment = augment
        self.generator = np.random.default_rng(seed)
        lengths = np.diff(self.bounds)
        # Long clips repeat themselves: the square root keeps short, lively ones in the mix.
        self.clip_chances = np.sqrt(lengths) / np.sqrt(lengths).sum()
        self.kind_frames: list[np.ndarray] = []
        self.kind_chances = np.zeros(0)
        if kinds:
            self._weigh(library, kinds)

    def _weigh(self, library: MotionLibrary, kinds: Mapping[str, float]) -> None:
        unknown = set(kinds) - set(KINDS)
        if unknown or sum(kinds.values()) > 1:
            raise MocapError(
                f"Kinds of motion are {', '.join(KINDS)}, together at most 1: "
                f"{', '.join(f'{name} {share:g}' for name, share in kinds.items())} is not so."
            )
        found = kinds_of(library)
        frames = {name: np.flatnonzero(found == KINDS.index(name)) for name in kinds}
        there = [name for name in kinds if len(frames[name])]
        self.kind_frames = [frames[name] for name in there]
        self.kind_chances = np.array([kinds[name] for name in there])

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
        motion = self._posed(motion)
        motion = self._tumbled(self._changed_poses(motion))
        mirrored = torch.from_numpy(self.generator.random(windows) < 0.5).to(motion.device)
        signs = _MIRROR_SIGNS.to(motion)
        return torch.where(
            mirrored[:, None, None, None, None], motion[:, :, list(MIRROR)] * signs, motion
        )

    def _windows(self, windows: int, frames: int) -> Tensor:
        clips, middles = self._places(windows)
        first, last = self.bounds[clips], self.bounds[clips + 1] - 1
        low, high = (_SLOWEST, _FASTEST) if self.augment else (1.0, 1.0)
        speed = np.exp(self.generator.uniform(np.log(low), np.log(high), windows))
        speed = np.minimum(speed, (last - first) / max(frames - 1, 1))
        span = speed * (frames - 1)
        start = first + self.generator.random(windows) * (last - first - span)
        if self.kind_frames:
            around = np.clip(middles - self.generator.random(windows) * span, first, last - span)
            start = np.where(middles >= 0, around, start)
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

    def _places(self, windows: int) -> tuple[np.ndarray, np.ndarray]:
        """Draw the clip of each window (B,) and a frame (B,) to be in it; -1 for any."""
        clips = self.generator.choice(len(self.clip_chances), windows, p=self.clip_chances)
        middles = np.full(windows, -1)
        if not self.kind_frames:
            return clips, middles
        draws = self.generator.random(windows)
        chosen = np.searchsorted(np.cumsum(self.kind_chances), draws, side="right")
        for kind, frames in enumerate(self.kind_frames):
            rows = np.flatnonzero(chosen == kind)
            middles[rows] = self.generator.choice(frames, len(rows))
            clips[rows] = np.searchsorted(self.bounds, middles[rows], side="right") - 1
        return clips, middles

    def _posed(self, motion: Tensor) -> Tensor:
        """Put some windows into poses that the captured ones lack, or let them come into them."""
        windows, frames = motion.shape[:2]
        chances = [1 - sum(pose.chance for pose in POSES), *(pose.chance for pose in POSES)]
        kinds = self.generator.choice(len(chances), windows, p=chances) - 1
        moments = np.linspace(0, 1, frames) if frames > 1 else self.generator.random(1)
        motion = motion.clone()
        for kind in np.unique(kinds[kinds >= 0]):
            rows = np.flatnonzero(kinds == kind)
            parts = posed_parts(
                POSES[kind], np.broadcast_to(moments, (len(rows), frames)), self.generator
            )
            share = self._shares(len(rows), moments)[..., None, None, None]
            joints = np.array(list(parts))
            index = np.ix_(rows, np.arange(frames), joints)
            given = motion[index]
            target = torch.from_numpy(np.stack(list(parts.values()), 2).astype(np.float32))
            target = target.to(motion)
            if 0 in parts:
                root = list(parts).index(0)
                target[:, :, root] = _headings(given[:, :, root]) @ target[:, :, root]
            blended = torch.lerp(given, target, torch.from_numpy(share).to(motion))
            motion[index] = rot6d_to_matrix(blended[..., :2].flatten(-2))
        return motion

    def _shares(self, windows: int, moments: np.ndarray) -> np.ndarray:
        """Return how much of a pose is in each frame (B, T): all, or coming, or going."""
        middle = self.generator.uniform(0.2, 0.8, (windows, 1))
        duration = self.generator.uniform(0.4, 1.2, (windows, 1))
        coming = eased((moments - middle) / duration + 0.5)
        going = 1 - coming
        kind = self.generator.choice(3, (windows, 1), p=[0.6, 0.2, 0.2])
        # A pose that is held still has some of the captured motion in it.
        whole = self.generator.uniform(0.8, 1.0, (windows, 1))
        return whole * np.where(kind == 0, 1.0, np.where(kind == 1, coming, going))

    def _tumbled(self, motion: Tensor) -> Tensor:
        """Turn some figures over, about the pelvis's own sideways or forward axis mostly."""
        windows, frames = motion.shape[:2]
        chosen = self.generator.random(windows) < _TUMBLING
        axes = self.generator.normal(size=(windows, 3)) * [1.0, 0.3, 0.6]
        axes /= np.linalg.norm(axes, axis=1, keepdims=True)
        start = self.generator.uniform(-np.pi, np.pi, windows)
        speed = np.radians(_TUMBLE_SPEED) * self.generator.normal(size=windows) / FRAME_RATE
        angles = chosen[:, None] * (start[:, None] + speed[:, None] * np.arange(frames))
        turns = axis_angle_to_matrix((angles[..., None] * axes[:, None]).astype(np.float32))
        motion[:, :, 0] = motion[:, :, 0] @ torch.from_numpy(turns).to(motion)
        return motion

    def _changed_poses(self, motion: Tensor) -> Tensor:
        """Turn every joint by an angle that drifts slowly through the window."""
        windows, frames = motion.shape[:2]
        size = np.radians(self.generator.choice([0.0, 5.0, 12.0], windows, p=[0.3, 0.5, 0.2]))
        ends = self.generator.normal(size=(2, windows, JOINT_COUNT, 3)) * size[:, None, None]
        share = np.linspace(0, 1, frames)[None, :, None, None]
        turns = ends[0][:, None] * (1 - share) + ends[1][:, None] * share
        turns[:, :, 0] = 0
        return motion @ axis_angle_to_matrix(torch.from_numpy(turns.astype(np.float32))).to(motion)

"""Fit the motion of a track to its landmarks, starting from and tied to what the network says.

All frames of a stretch are optimised together: rotations, the place of the pelvis, and the shape
of the body, but for its height, which a picture cannot tell. The sum that is made small weighs
every term by how far it may be off:

- landmarks: reprojection error, by visibility, with Geman-McClure's robust function whose width
  shrinks over the first half of the iterations (graduated non-convexity);
- the network's local rotations;
- smoothness: accelerations of rotations, and of joints beyond what the picture shows of them, per
  second, so that the frame rate does not matter; large ones count by their size, not its square;
- feet that keep still in the picture keep still in space, in depth too;
- where up is known, standing feet are on one floor and the weight is over them (`Upright`);
- the shape near what the network guessed, where it is not known;
- joints that somebody holds (`Held`).
"""

import math
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from core_model.body.model import Body
from core_model.engine.side_by_side import Share
from core_model.fit.adam import Adam
from core_model.fit.held import Held
from core_model.fit.landmark_motion import (
    FEET,
    calmness,
    shown_acceleration,
    still_feet,
    usual,
    usual_size,
)
from core_model.fit.seen_elsewhere import SeenElsewhere
from core_model.fit.terms import (
    SLIPS,
    VISIBLE,
    apart,
    decay,
    grip,
    restlessness,
    robust,
    ties,
    width,
)
from core_model.fit.unknowns import UnknownMotion, to_device
from core_model.fit.upright import Upright
from core_model.fit.weights import FitWeights, landmark_weights
from core_model.geometry.camera import Camera


@dataclass(frozen=True)
class Stretch:
    """What is to be fitted: frames without long gaps.

    Parameters
    ----------
    rotations : (T, 24, 3, 3)
        From the network; joint 0 turns SMPL space to camera space.
    pelvis : (T, 3)
        First guess, metres, camera space.
    betas : (10,)
    landmarks : (T, 33, 3)
        Pixels and visibility.
    times : (T,)
        Seconds.
    held : Held, optional
        Joints that somebody knows.
    elsewhere : tuple of SeenElsewhere
        What further cameras saw in these frames.
    up : (3,), optional
        Unit vector in camera space, where it is known.
    """

    rotations: np.ndarray
    pelvis: np.ndarray
    betas: np.ndarray
    landmarks: np.ndarray
    times: np.ndarray
    held: Held | None = None
    elsewhere: tuple[SeenElsewhere, ...] = ()
    up: np.ndarray | None = None

    def part(self, which: slice) -> "Stretch":
        """Return some of the frames."""
        return Stretch(
            self.rotations[which],
            self.pelvis[which],
            self.betas,
            self.landmarks[which],
            self.times[which],
            self.held.part(which) if self.held else None,
            tuple(each.part(which) for each in self.elsewhere),
            self.up,
        )


@dataclass(frozen=True)
class Fitted:
    """What fits the landmarks of a stretch.

    Parameters
    ----------
    rotations : (T, 24, 3, 3)
        Joint 0 turns SMPL space to camera space.
    pelvis : (T, 3)
        Metres, camera space.
    betas : (10,)
    """

    rotations: np.ndarray
    pelvis: np.ndarray
    betas: np.ndarray


def fit_piece(
    piece: Stretch,
    camera: Camera,
    body: Body,
    device: torch.device,
    weights: FitWeights,
    shaped: bool,
    progress: Share,
) -> Fitted:
    """Fit a stretch of at least three frames, all of them at once.

    Parameters
    ----------
    piece : Stretch
    camera : Camera
    body : Body
    device : torch.device
    weights : FitWeights
    shaped : bool
        Whether the shape is looked for, too; else it is the stretch's.
    progress : callable
        Is told the share that is done, 0 to 1.
    """
    landmarks, times, held = piece.landmarks, piece.times, piece.held
    motion = UnknownMotion(piece.rotations, piece.pelvis, piece.betas, times, body, device, shaped)
    frames, start, shape = len(times), motion.start, motion.shape
    pictures = [_Picture(landmarks, times, camera, device)]
    pictures += [
        _Picture(each.landmarks, times, each.camera, device, (each.rotation, each.translation))
        for each in piece.elsewhere
        if each.landmarks[..., 2].any()
    ]
    steps = to_device(np.diff(times), device)
    distance = usual(piece.pelvis[:, 2], times)
    shows = (landmarks, times, camera, distance)
    still = still_feet(*shows, weights.lifted)
    upright = None if piece.up is None else Upright(piece.up, still, times, weights, device)
    stands = to_device(still, device)
    calm = to_device(calmness(*shows, weights.lively), device)
    shown = to_device(shown_acceleration(*shows), device)
    allowed = ties(weights, device)
    held_back = grip(held, device) if held else None
    if held:
        allowed = allowed * to_device(held.loose, device)
    tied = 1 / (2 * allowed.square())
    swung, pushed = calm / (math.sqrt(2) * weights.turning), calm / weights.moving
    optimizer = Adam(motion.groups(weights.step))

    for iteration in range(weights.iterations):
        passed = iteration / weights.iterations
        optimizer.forget_gradients()
        matrices, joints, points, _ = motion.pose()
        slide = (points[1:, FEET] - points[:-1, FEET]) / steps[:, None, None] / weights.sliding
        missed = [each.missed(points, weights, passed) for each in pictures]
        loss = (
            sum(missed[1:], missed[0])
            + apart(matrices, start, tied)
            + restlessness(matrices, steps, swung, weights.bursts)
            + restlessness(joints, steps, pushed, weights.bursts, shown)
            + weights.stance * (stands * robust(slide.square().sum(-1), SLIPS)).sum()
            + frames * (shape / weights.shape).square().sum() / 10
        )
        if upright:
            loss = loss + upright.misfit(points, joints, iteration, passed)
        if held_back:
            loss = loss + held_back(matrices, joints)
        loss.backward()
        optimizer.step(decay(passed))
        progress((iteration + 1) / weights.iterations)
    return Fitted(*motion.found())


class _Picture:
    """Landmarks that a camera saw; `placed` is how it stands in the space of the first one."""

    def __init__(
        self,
        landmarks: np.ndarray,
        times: np.ndarray,
        camera: Camera,
        device: torch.device,
        placed: tuple[np.ndarray, np.ndarray] | None = None,
    ) -> None:
        trust = to_device(landmarks[..., 2] ** VISIBLE, device)
        self._seen = to_device(camera.rays(landmarks[..., :2])[..., :2], device)
        self._trust = trust * to_device(np.array(landmark_weights()), device)
        self._size = to_device(usual_size(landmarks, times)[:, None] / camera.focal, device)
        self._placed = placed and tuple(to_device(each, device) for each in placed)

    def missed(self, points: Tensor, weights: FitWeights, passed: float) -> Tensor:
        """Return by how much points (T, 33, 3) of the first camera's space are off, robustly."""
        if self._placed:
            rotation, translation = self._placed
            points = points @ rotation.T + translation
        flat = points[..., :2] / points[..., 2:].clamp(min=0.1)
        off = (flat - self._seen).square().sum(-1) / (weights.landmark * self._size) ** 2
        return (self._trust * robust(off, width(weights, passed))).sum()

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
- the shape near what the network guessed, where it is not known;
- joints that somebody holds (`Held`).
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from core_model.body.landmarks import place_landmarks
from core_model.body.model import Body
from core_model.body.skeleton import JOINT_COUNT, forward_kinematics
from core_model.engine.side_by_side import Share
from core_model.fit.adam import Adam
from core_model.fit.held import Held
from core_model.fit.landmark_motion import (
    FEET,
    calmness,
    shown_acceleration,
    smoothing,
    still_feet,
)
from core_model.fit.weights import ENDS, FitWeights, landmark_weights
from core_model.geometry.camera import Camera
from core_model.geometry.rotations import matrix_to_rot6d, rot6d_to_matrix

_SCALES = ((1, 0.2), (5, 1.0), (25, 2.5))
"""Frames between knots of the increments, and how fast those may change."""
_VISIBLE = 3
"""Power of the visibility: on rendered clips the squared error of a landmark grows about so."""
_SLIPS = 9.0  # a foot that moves at three times its allowed speed, squared, does not stand


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
    """

    rotations: np.ndarray
    pelvis: np.ndarray
    betas: np.ndarray
    landmarks: np.ndarray
    times: np.ndarray
    held: Held | None = None

    def part(self, which: slice) -> "Stretch":
        """Return some of the frames."""
        return Stretch(
            self.rotations[which],
            self.pelvis[which],
            self.betas,
            self.landmarks[which],
            self.times[which],
            self.held.part(which) if self.held else None,
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


class _Coarse:
    """Increments on three time scales: every frame, and knots each 5 and 25 frames apart.

    Slow errors are then mended in few iterations, which single frames alone would need many for.
    """

    def __init__(self, frames: int, columns: int, device: torch.device) -> None:
        self.frames = frames
        self.parts = [torch.zeros(frames, columns, device=device, requires_grad=True)]
        self.mixes = []
        for spacing, _ in _SCALES[1:]:
            knots = max(2, math.ceil(frames / spacing) + 1)
            self.parts.append(torch.zeros(knots, columns, device=device, requires_grad=True))
            places = torch.linspace(0, knots - 1, frames, device=device)
            lower = places.floor().long().clamp(max=knots - 2)
            self.mixes.append((lower, (places - lower)[:, None]))

    def value(self) -> Tensor:
        """Return the sum of the scales, (T, columns)."""
        total = self.parts[0]
        for knots, (lower, share) in zip(self.parts[1:], self.mixes, strict=True):
            total = total + torch.lerp(knots[lower], knots[lower + 1], share)
        return total


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
    rotations, pelvis, betas = piece.rotations, piece.pelvis, piece.betas
    landmarks, times, held = piece.landmarks, piece.times, piece.held

    def tensor(array: np.ndarray) -> Tensor:
        return torch.from_numpy(np.ascontiguousarray(array, np.float32)).to(device)

    frames = len(times)
    start = tensor(rotations)
    # The search begins from a steadied motion: taking jitter away step by step would cost most of
    # the iterations.
    mix = tensor(smoothing(times))
    start_6d = (mix @ matrix_to_rot6d(start).flatten(1)).view(frames, JOINT_COUNT, 6)
    rest, rest_shapes = tensor(body.rest_joints(betas)), tensor(body.joint_shapedirs)
    offsets, offset_shapes = tensor(body.landmark_offsets(betas)), tensor(body.landmark_shapedirs)
    seen = tensor(camera.rays(landmarks[..., :2])[..., :2])
    trust = tensor(landmarks[..., 2] ** _VISIBLE) * tensor(np.array(landmark_weights()))
    box = np.median(np.ptp(landmarks[..., :2], axis=1).max(axis=-1)) / camera.focal
    allowed = torch.full((JOINT_COUNT,), math.radians(weights.tie), device=device)
    allowed[ENDS] = math.radians(weights.tie_ends)
    allowed[0] = math.radians(weights.tie_root)
    depth = np.maximum(pelvis[:, 2:], 0.2)
    place_start = mix @ tensor(np.concatenate((pelvis[:, :2] / depth, np.log(depth)), axis=1))
    steps = tensor(np.diff(times))
    distance = float(np.median(pelvis[:, 2]))
    stands = tensor(still_feet(landmarks, times, camera, distance, weights.lifted))
    calm = tensor(calmness(landmarks, times, camera, distance, weights.lively))[..., None]

    shown = tensor(shown_acceleration(landmarks, times, camera, distance))

    turns = _Coarse(frames, JOINT_COUNT * 6, device)
    places = _Coarse(frames, 3, device)
    shape = torch.zeros(len(betas) - 1, device=device, requires_grad=shaped)
    grip = _grip(held, tensor) if held else None
    if held:
        allowed = allowed * tensor(held.loose)
    # Single frames move in small steps, or they would first have to be calmed again.
    scales = [
        ([turn, place], scale * weights.step)
        for turn, place, (_, scale) in zip(turns.parts, places.parts, _SCALES, strict=True)
    ]
    optimizer = Adam([*scales, *([([shape], weights.step)] if shaped else [])])

    def pose() -> tuple[Tensor, Tensor, Tensor, Tensor]:
        matrices = rot6d_to_matrix(start_6d + turns.value().view(frames, JOINT_COUNT, 6))
        place = place_start + places.value()
        z = place[:, 2:].exp()
        at = torch.cat((place[:, :2] * z, z), dim=1)
        joints, turned = forward_kinematics(matrices, rest + rest_shapes[..., 1:] @ shape)
        points = place_landmarks(joints, turned, offsets + offset_shapes[..., 1:] @ shape)
        shift = (at - joints[:, 0])[:, None]
        return matrices, joints + shift, points + shift, at

    for iteration in range(weights.iterations):
        passed = iteration / weights.iterations
        decay = 1.0 if passed < 0.5 else 0.5 * (1 + math.cos(2 * math.pi * (passed - 0.5)))
        optimizer.forget_gradients()
        matrices, joints, points, _ = pose()
        flat = points[..., :2] / points[..., 2:].clamp(min=0.1)
        off = (flat - seen).square().sum(-1) / (weights.landmark * box) ** 2
        width = (weights.robust * (1 + 4 * max(0.0, 1 - 2 * passed))) ** 2
        away = (matrices - start).square().sum((-2, -1)) / (2 * allowed.square())
        swing = calm * _acceleration(matrices.flatten(2), steps) / (math.sqrt(2) * weights.turning)
        push = calm * (_acceleration(joints, steps) - shown) / weights.moving
        slide = (points[1:, FEET] - points[:-1, FEET]) / steps[:, None, None] / weights.sliding
        loss = (
            (trust * _robust(off, width)).sum()
            + away.sum()
            + _bursting(swing, weights.bursts)
            + _bursting(push, weights.bursts)
            + weights.stance * (stands * _robust(slide.square().sum(-1), _SLIPS)).sum()
            + frames * (shape / weights.shape).square().sum() / 10
        )
        if grip:
            loss = loss + grip(matrices, joints)
        loss.backward()
        optimizer.step(max(decay, 0.02))
        progress((iteration + 1) / weights.iterations)
    with torch.no_grad():
        matrices, _, _, at = pose()
    return Fitted(
        matrices.double().cpu().numpy(),
        at.double().cpu().numpy(),
        betas + np.concatenate(([0.0], shape.detach().double().cpu().numpy())),
    )


def _grip(held: Held, tensor: Callable[[np.ndarray], Tensor]) -> Callable[[Tensor, Tensor], Tensor]:
    """Return how far rotations (T, 24, 3, 3) and joints (T, 24, 3) are from what is held."""
    turned, placed = np.nonzero(held.turning), np.nonzero(held.placing)
    rotations, places = tensor(held.rotations[turned]), tensor(held.places[placed])
    turning, placing = tensor(held.turning[turned]), tensor(held.placing[placed])

    def loss(matrices: Tensor, joints: Tensor) -> Tensor:
        # Half the squared Frobenius norm of a difference is about the angle, squared.
        twisted = (matrices[turned] - rotations).square().sum((-2, -1)) / 2 * turning.square()
        return twisted.sum() + ((joints[placed] - places) * placing[:, None]).square().sum()

    return loss


def _robust(squares: Tensor, width: float) -> Tensor:
    """Return Geman and McClure's function of squared deviations, which levels off at `width`."""
    return squares * width / (squares + width)


def _bursting(deviations: Tensor, bursts: float) -> Tensor:
    """Sum Charbonnier's function of vectors (..., N): squared when short, linear from `bursts`."""
    squares = deviations.square().sum(-1) / bursts**2
    return (2 * bursts**2 * ((1 + squares).sqrt() - 1)).sum()


def _acceleration(values: Tensor, steps: Tensor) -> Tensor:
    """Return second derivatives (T - 2, J, N) of values (T, J, N) over uneven steps (T - 1,)."""
    before, after = steps[:-1, None, None], steps[1:, None, None]
    rate_before = (values[1:-1] - values[:-2]) / before
    rate_after = (values[2:] - values[1:-1]) / after
    return 2 * (rate_after - rate_before) / (before + after)

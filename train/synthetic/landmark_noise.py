"""What a pose detector gets wrong: landmarks that are off, drift, hide, jump and swap sides.

Errors are correlated in time, since a detector sees nearly the same picture twice. The sizes are
fractions of the figure's root-mean-square spread.
"""

from dataclasses import dataclass

import torch
from torch import Tensor

from core_model.landmarks import LANDMARK_COUNT, LANDMARK_INDEX, LANDMARK_MIRROR


@dataclass(frozen=True)
class NoiseConfig:
    """Sizes and chances of landmark errors.

    Parameters
    ----------
    jitter, drift, bias : float
        Error that changes every frame, that wanders through a window, and that stays for a window.
    hidden_factor : float
        How many times larger errors of hidden landmarks are.
    limb_hidden, frame_hidden : float
        Chance that a limb is hidden in part of a window, that a whole frame is missing.
    side_swap : float
        Chance that left and right are exchanged in part of a window.
    """

    jitter: float = 0.02
    drift: float = 0.035
    bias: float = 0.035
    hidden_factor: float = 4.0
    limb_hidden: float = 0.12
    frame_hidden: float = 0.02
    side_swap: float = 0.02


_LIMBS = [
    [LANDMARK_INDEX[f"{side}_{part}"] for part in parts]
    for side in ("left", "right")
    for parts in (
        ("elbow", "wrist", "pinky", "index", "thumb"),
        ("wrist", "pinky", "index", "thumb"),
        ("knee", "ankle", "heel", "foot_index"),
        ("ankle", "heel", "foot_index"),
    )
] + [list(range(11)), [23, 24, 25, 26, 27, 28, 29, 30, 31, 32]]
# Landmarks that a detector places together: most of their error is one error.
_CLUSTERS = [list(range(11))] + [
    [LANDMARK_INDEX[f"{side}_{part}"] for part in parts]
    for side in ("left", "right")
    for parts in (("wrist", "pinky", "index", "thumb"), ("ankle", "heel", "foot_index"))
]
_LEFT_SHOULDER, _RIGHT_SHOULDER, _LEFT_HIP, _RIGHT_HIP = 11, 12, 23, 24


def disturb(
    landmarks: Tensor, depths: Tensor, config: NoiseConfig, generator: torch.Generator
) -> tuple[Tensor, Tensor]:
    """Return landmarks as a detector might see them.

    Parameters
    ----------
    landmarks : (B, T, 33, 2)
        True positions on the plane z = 1.
    depths : (B, T, 33)
        Distance of each landmark from the camera plane, metres.

    Returns
    -------
    seen : (B, T, 33, 2)
    visibility : (B, T, 33)
        0 to 1.
    """
    windows, frames = landmarks.shape[:2]
    device = landmarks.device

    def normal(*shape: int) -> Tensor:
        return torch.randn(shape, generator=generator, device=device)

    def uniform(*shape: int) -> Tensor:
        return torch.rand(shape, generator=generator, device=device)

    spread = (landmarks - landmarks.mean(2, keepdim=True)).square().sum(-1).mean(-1).sqrt()
    hidden = _behind_torso(landmarks, depths) & (uniform(windows, 1, LANDMARK_COUNT) < 0.8)
    for limb in _LIMBS:
        chosen = uniform(windows, 1) < config.limb_hidden / 2
        span = _spans(uniform(windows, 2), frames)
        hidden[:, :, limb] |= (chosen & span)[..., None]
    missing = uniform(windows, frames, 1) < config.frame_hidden
    strength = 0.4 + 1.2 * uniform(windows, 1, 1, 1)
    error = config.bias * normal(windows, 1, LANDMARK_COUNT, 2)
    error = error + config.drift * _wander(normal(windows, frames, LANDMARK_COUNT, 2))
    error = _clustered(error)
    # Of hidden landmarks a detector's guess wanders, all the more; it does not jitter much more.
    error = error * torch.where(hidden, config.hidden_factor, 1.0)[..., None]
    error = error + config.jitter * _clustered(normal(windows, frames, LANDMARK_COUNT, 2))
    seen = landmarks + strength * error * spread[..., None, None]
    visibility = torch.where(
        hidden,
        0.05 + 0.6 * uniform(windows, 1, LANDMARK_COUNT),
        0.75 + 0.25 * uniform(windows, 1, LANDMARK_COUNT),
    )
    visibility = torch.where(missing, 0.0, visibility)
    swapped = (uniform(windows, 1) < config.side_swap) & _spans(uniform(windows, 2), frames)
    partner = list(LANDMARK_MIRROR)
    seen = torch.where(swapped[..., None, None], seen[:, :, partner], seen)
    visibility = torch.where(swapped[..., None], visibility[:, :, partner], visibility)
    return seen, visibility


def _clustered(error: Tensor) -> Tensor:
    """Let neighbouring landmarks (B, T, 33, 2) share most of their error, keeping its size."""
    shared = error.clone()
    for cluster in _CLUSTERS:
        shared[:, :, cluster] = 0.92 * error[:, :, cluster[:1]] + 0.39 * error[:, :, cluster]
        shared[:, :, cluster[0]] = error[:, :, cluster[0]]
    return shared


def _spans(ends: Tensor, frames: int) -> Tensor:
    """Turn pairs of numbers (B, 2) in 0..1 into stretches of time (B, T) bool."""
    low, high = ends.min(dim=1).values, ends.max(dim=1).values
    moments = (torch.arange(frames, device=ends.device) + 0.5) / frames
    return (moments >= low[:, None]) & (moments <= high[:, None])


def _wander(noise: Tensor) -> Tensor:
    """Correlate unit noise (B, T, ...) in time over about five frames, keeping its size."""
    frames = noise.shape[1]
    moments = torch.arange(frames, device=noise.device, dtype=noise.dtype)
    kernel = torch.exp(-0.5 * ((moments[:, None] - moments) / 5.0).square())
    kernel = kernel / kernel.square().sum(dim=1, keepdim=True).sqrt()
    return torch.einsum("ts,bs...->bt...", kernel, noise)


def _behind_torso(landmarks: Tensor, depths: Tensor) -> Tensor:
    """Tell which landmarks (B, T, 33) lie behind the trunk as the camera sees it."""
    corners = [_LEFT_SHOULDER, _RIGHT_SHOULDER, _LEFT_HIP, _RIGHT_HIP]
    top = landmarks[:, :, corners[:2]].mean(2, keepdim=True)
    bottom = landmarks[:, :, corners[2:]].mean(2, keepdim=True)
    axis = bottom - top
    length = axis.square().sum(-1).clamp(min=1e-8)
    along = ((landmarks - top) * axis).sum(-1) / length
    aside = (landmarks - top - along[..., None] * axis).square().sum(-1).sqrt()
    deeper = depths - depths[:, :, corners].mean(2, keepdim=True)
    inside = (along > -0.1) & (along < 1.1) & (aside < 0.3 * length.sqrt())
    return inside & (deeper > 0.07)

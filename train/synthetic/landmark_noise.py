"""What a pose detector gets wrong: landmarks that are off, drift, hide, jump and swap sides.

Errors are correlated in time, since a detector sees nearly the same picture twice. The sizes are
fractions of the figure's root-mean-square spread.
"""

from dataclasses import dataclass

import torch
from torch import Tensor

from core_model.body.landmarks import LANDMARK_COUNT, LANDMARK_INDEX, LANDMARK_MIRROR


@dataclass(frozen=True)
class NoiseConfig:
    """Sizes and chances of landmark errors.

    The values that are not chances were fitted to what BlazePose's heavier network is wrong by on
    the rendered demo and 17 rendered clips, `python -m train.calibrate.landmark_noise`. Seen
    landmarks are off by 0.029 of the figure's spread in the median and by 0.09 in one of twenty; of
    that, 0.004 in x and in y changes every frame, 0.010 wanders and 0.022 stays for a second. One
    in twenty is off by more than 0.15. Visibility follows the error: its logit is about 5.6 where
    that is small and -2.3 where it is large, give or take 2.4. Legs behind a table are drawn in to
    the body. Real clothes, hair and cameras are worse than rendered ones, so that the strengths
    reach further: half of the windows are about like the rendered clips.

    Parameters
    ----------
    jitter, drift, bias : float
        Error that changes every frame, that wanders through a window, and that stays for a window.
    weakest, strongest : float
        All errors of a window are larger or smaller by a factor between these.
    rather_weak : float
        Power of the share, evenly drawn, by which that factor lies between them.
    tails : float
        Standard deviation of the logarithm of a landmark's own factor in a window.
    definition : float
        How far a person's landmarks lie from where they are on our body: clothes, hair, build;
        metres along each axis of the joint that carries them. Hips have twice as much.
    hidden_factor : float
        How many times larger errors of hidden landmarks are.
    disbelief : float
        0 to 1: by how much that is more for some of them, and less for others.
    surest, unsurest : float
        Logits of the visibility of landmarks that are right, and of such that are not.
    noticed : float
        Error whose visibility lies in the middle between these.
    unreliable : float
        Standard deviation of these logits, which stay alike for some frames.
    limb_hidden, frame_hidden : float
        Chance that a limb is hidden in part of a window, that a whole frame is missing.
    cropped : float
        Chance that the picture's edge cuts off part of the figure.
    collapse : float
        Chance that a hidden limb is drawn in to where it is fixed.
    side_swap, limb_swap : float
        Chance that left and right of the figure, of its arms or its legs are exchanged in part of
        a window.
    """

    jitter: float = 0.0045
    drift: float = 0.012
    bias: float = 0.011
    weakest: float = 0.5
    strongest: float = 3.0
    rather_weak: float = 2.0
    tails: float = 0.5
    definition: float = 0.009
    hidden_factor: float = 7.0
    disbelief: float = 0.8
    surest: float = 5.6
    unsurest: float = -2.3
    noticed: float = 0.11
    unreliable: float = 2.4
    limb_hidden: float = 0.12
    frame_hidden: float = 0.02
    cropped: float = 0.12
    collapse: float = 0.5
    side_swap: float = 0.02
    limb_swap: float = 0.03


BENCHMARK_NOISE = NoiseConfig(
    jitter=0.02,
    drift=0.035,
    bias=0.035,
    weakest=0.4,
    strongest=1.6,
    rather_weak=1.0,
    tails=0.0,
    definition=0.0,
    hidden_factor=4.0,
    disbelief=0.0,
    cropped=0.0,
    collapse=0.0,
    limb_swap=0.0,
)
"""What weights are compared under; stays as it is, whatever training uses."""


_SUDDEN = 3.0
"""Power of the error by which visibility falls; measured, as the sizes of `NoiseConfig` are."""

_BEYOND_EDGE = 0.1
"""Visibility of what the picture's edge cuts off, at most."""

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
# Landmarks of a limb by the one at which it is fixed.
_HANGING = {
    LANDMARK_INDEX[f"{side}_{fixed}"]: [LANDMARK_INDEX[f"{side}_{part}"] for part in parts]
    for side in ("left", "right")
    for fixed, parts in (
        ("shoulder", ("elbow", "wrist", "pinky", "index", "thumb")),
        ("hip", ("knee", "ankle", "heel", "foot_index")),
    )
}
_ARMS, _LEGS = list(range(13, 23)), list(range(25, 33))
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
    known = torch.ones_like(hidden, dtype=landmarks.dtype)
    if config.cropped:
        beyond = _beyond_edge(landmarks, uniform(windows, 3), config.cropped)
        known = torch.where(beyond, _BEYOND_EDGE * uniform(windows, 1, LANDMARK_COUNT), known)
        hidden |= beyond
    missing = uniform(windows, frames, 1) < config.frame_hidden
    strength = uniform(windows, 1, 1, 1) ** config.rather_weak
    strength = strength * (config.strongest - config.weakest) + config.weakest
    error = config.bias * normal(windows, 1, LANDMARK_COUNT, 2)
    error = error + config.drift * _wander(normal(windows, frames, LANDMARK_COUNT, 2))
    error = _clustered(error)
    if config.tails:
        factor = torch.exp(config.tails * normal(windows, 1, LANDMARK_COUNT, 1))
        error = error * factor
    trembling = config.jitter * _clustered(normal(windows, frames, LANDMARK_COUNT, 2))
    # Of hidden landmarks a detector's guess wanders, all the more; it does not jitter much more.
    belief = uniform(windows, 1, LANDMARK_COUNT)
    worse = config.hidden_factor * (1 + config.disbelief * (1 - 2 * belief))
    error = error * torch.where(hidden, worse, 1.0)[..., None] + trembling
    seen = landmarks + strength * error * spread[..., None, None]
    for anchor, limb in _HANGING.items() if config.collapse else ():
        chosen = hidden[:, :, limb] & (uniform(windows, 1, 1) < config.collapse)
        left = 1 - 0.9 * uniform(windows, 1, 1, 1)
        base = seen[:, :, anchor : anchor + 1]
        drawn_in = base + left * (seen[:, :, limb] - base)
        seen[:, :, limb] = torch.where(chosen[..., None], drawn_in, seen[:, :, limb])
        shown = torch.where(chosen, uniform(windows, 1, 1), 1.0)
        known[:, :, limb] = known[:, :, limb] * shown
    off = (seen - landmarks).square().sum(-1).sqrt() / spread[..., None]
    logit = config.surest - (config.surest - config.unsurest) / (
        1 + (config.noticed / off.clamp(min=1e-4)) ** _SUDDEN
    )
    logit = logit + config.unreliable * _wander(normal(windows, frames, LANDMARK_COUNT))
    visibility = torch.where(missing, 0.0, known * logit.sigmoid())
    swapped = (uniform(windows, 1) < config.side_swap) & _spans(uniform(windows, 2), frames)
    partner = list(LANDMARK_MIRROR)
    seen = torch.where(swapped[..., None, None], seen[:, :, partner], seen)
    visibility = torch.where(swapped[..., None], visibility[:, :, partner], visibility)
    for limbs in (_ARMS, _LEGS) if config.limb_swap else ():
        swapped = (uniform(windows, 1) < config.limb_swap / 2) & _spans(uniform(windows, 2), frames)
        partner = [LANDMARK_MIRROR[landmark] for landmark in limbs]
        seen[:, :, limbs] = torch.where(
            swapped[..., None, None], seen[:, :, partner], seen[:, :, limbs]
        )
    return seen, visibility


def _beyond_edge(landmarks: Tensor, draws: Tensor, chance: float) -> Tensor:
    """Tell which landmarks (B, T, 33) an edge of the picture cuts off: the lower one mostly."""
    places = torch.cat((landmarks, -landmarks), dim=-1)
    sides = torch.bucketize(
        draws[:, 0].contiguous(), torch.tensor([0.1, 0.8, 0.9], device=draws.device)
    )
    place = places.gather(-1, sides[:, None, None, None].expand(*places.shape[:3], 1))[..., 0]
    low, high = place.amin((1, 2), keepdim=True), place.amax((1, 2), keepdim=True)
    edge = high - (0.1 + 0.5 * draws[:, 1, None, None]) * (high - low)
    return (place > edge) & (draws[:, 2, None, None] < chance)


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

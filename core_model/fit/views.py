"""One motion that explains what several cameras saw, and where these cameras stand.

The fit of one view (`core_model.fit.optimise`), with landmarks of every view, and of each further
camera its rotation, place, focal length and clock as unknowns beside the motion. People share the
cameras. Feet stand where all views say so; what is pushed is told by the views together.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from core_model.body.model import Body
from core_model.engine.side_by_side import Share
from core_model.fit.adam import Adam
from core_model.fit.landmark_motion import FEET, usual_size
from core_model.fit.optimise import Fitted
from core_model.fit.placed_camera import PlacedCamera, Sight
from core_model.fit.shown_by_views import shown_by_views
from core_model.fit.terms import (
    SLIPS,
    VISIBLE,
    apart,
    decay,
    restlessness,
    robust,
    ties,
    width,
)
from core_model.fit.unknown_camera import UnknownCamera
from core_model.fit.unknowns import UnknownMotion, to_device
from core_model.fit.upright import Upright
from core_model.fit.weights import FitWeights, landmark_weights


@dataclass(frozen=True)
class SeenByViews:
    """One person, and what the cameras saw.

    Parameters
    ----------
    rotations : (T, 24, 3, 3)
        First guess and what it is tied to; joint 0 turns SMPL space to the first camera's space.
    pelvis : (T, 3)
        First guess, metres, in that space.
    betas : (10,)
    times : (T,)
        Seconds on the clock of the first clip.
    sights : sequence of Sight
        At most one of each camera.
    up : (3,), optional
        Unit vector in the first camera's space, where it is known.
    """

    rotations: np.ndarray
    pelvis: np.ndarray
    betas: np.ndarray
    times: np.ndarray
    sights: Sequence[Sight]
    up: np.ndarray | None = None


class _Watched:
    """What one camera saw of one person, ready to be compared with a motion."""

    def __init__(
        self,
        sight: Sight,
        times: np.ndarray,
        camera: UnknownCamera,
        weights: FitWeights,
        device: torch.device,
    ) -> None:
        placed = camera.placed
        moments = placed.on_first_clock(sight.times)
        inside = (moments >= times[0] - 1e-6) & (moments <= times[-1] + 1e-6)
        landmarks, moments = sight.landmarks[inside], moments[inside]
        self.camera = camera
        self._grid = to_device(times - times[0], device)
        self._moments = to_device(moments - times[0], device)
        self._seen = to_device(placed.camera.rays(landmarks[..., :2])[..., :2], device)
        trust = to_device(landmarks[..., 2] ** VISIBLE, device)
        # A camera that takes more pictures a second does not know more than another.
        rate = min(1.0, len(times) / max(len(moments), 1))
        self._trust = trust * to_device(np.array(landmark_weights()) * rate, device)
        size = usual_size(landmarks, moments)[:, None] / placed.camera.focal
        self._size = to_device((weights.landmark * size) ** 2, device)
        self._same = len(times) == len(moments) and bool(np.abs(times - moments).max() < 1e-6)
        self.any = bool(landmarks[..., 2].any())

    def misfit(self, points: Tensor, width: float) -> Tensor:
        """Return how far landmarks are from points (T, 33, 3) of the first camera's space."""
        if not (self._same and not self.camera.late.requires_grad):
            points = self._at_moments(points)
        zoom = self.camera.zoom.exp()
        off = (self.camera.seen(points) * zoom - self._seen).square().sum(-1) / self._size
        return (self._trust * robust(off, width)).sum()

    def _at_moments(self, points: Tensor) -> Tensor:
        """Return the points when the pictures were taken."""
        moments = self._moments + self.camera.late
        index = torch.searchsorted(self._grid, moments.detach().contiguous(), right=True) - 1
        index = index.clamp(0, len(self._grid) - 2)
        before, after = self._grid[index], self._grid[index + 1]
        share = ((moments - before) / (after - before)).clamp(0, 1)[:, None, None]
        return torch.lerp(points[index], points[index + 1], share)


def fit_views(
    people: Sequence[SeenByViews],
    cameras: Sequence[PlacedCamera],
    body: Body,
    device: torch.device,
    weights: FitWeights,
    free: bool,
    shaped: bool,
    progress: Share,
) -> tuple[list[Fitted], list[PlacedCamera]]:
    """Fit motions of at least three frames to what several cameras saw, all frames at once.

    Parameters
    ----------
    people : sequence of SeenByViews
    cameras : sequence of PlacedCamera
        The first one stands still where it is.
    body : Body
    device : torch.device
    weights : FitWeights
    free : bool
        Whether cameras are looked for, too; else they stand where they are.
    shaped : bool
        Whether shapes are looked for, too.
    progress : callable
        Is told the share that is done, 0 to 1.

    Returns
    -------
    people : list of Fitted
        In the space of the first camera.
    cameras : list of PlacedCamera
    """
    middle = np.concatenate([person.pelvis for person in people]).mean(axis=0)
    first = UnknownCamera(cameras[0], free, None, middle, device)
    others = [UnknownCamera(camera, free, first, middle, device) for camera in cameras[1:]]
    unknown = [first, *others]
    far = float(middle[2])
    motions = [_Person(person, unknown, body, device, weights, shaped, far) for person in people]
    groups = [group for each in motions for group in each.motion.groups(weights.step)]
    groups += [group for each in unknown for group in each.groups()]
    optimizer = Adam(groups)
    frames = sum(each.motion.frames for each in motions)
    for iteration in range(weights.iterations):
        passed = iteration / weights.iterations
        optimizer.forget_gradients()
        missed = [each.misfit(iteration, passed) for each in motions]
        torch.stack(missed + [each.misfit(frames) for each in unknown]).sum().backward()
        optimizer.step(decay(passed))
        progress((iteration + 1) / weights.iterations)
    return (
        [Fitted(*each.motion.found(first.zoom)) for each in motions],
        [each.found() for each in unknown],
    )


class _Person:
    """The unknown motion of one person, and all that it has to explain."""

    def __init__(
        self,
        person: SeenByViews,
        cameras: Sequence[UnknownCamera],
        body: Body,
        device: torch.device,
        weights: FitWeights,
        shaped: bool,
        middle: float,
    ) -> None:
        times = person.times
        self._weights, self._zoom = weights, cameras[0].zoom
        self.motion = UnknownMotion(
            person.rotations, person.pelvis, person.betas, times, body, device, shaped, middle
        )
        watched = [
            _Watched(sight, times, cameras[sight.camera], weights, device)
            for sight in person.sights
        ]
        self._watched = [each for each in watched if each.any]
        placed = [camera.placed for camera in cameras]
        shown = shown_by_views(person.sights, placed, times, person.pelvis, weights)
        self._stands = to_device(shown.stands, device)
        standing = (shown.stands, times, weights, device)
        self._upright = None if person.up is None else Upright(person.up, *standing)
        calm = to_device(shown.calm, device)
        self._swung = calm / (math.sqrt(2) * weights.turning)
        self._pushed = calm / weights.moving
        self._shown = to_device(shown.acceleration, device)
        self._steps = to_device(np.diff(times), device)
        self._tied = 1 / (2 * ties(weights, device).square())

    def misfit(self, iteration: int, passed: float) -> Tensor:
        """Return how far the motion is from what is known of it."""
        weights, steps = self._weights, self._steps
        matrices, joints, points, _ = self.motion.pose(self._zoom)
        slide = (points[1:, FEET] - points[:-1, FEET]) / steps[:, None, None] / weights.sliding
        loss = (
            apart(matrices, self.motion.start, self._tied)
            + restlessness(matrices, steps, self._swung, weights.bursts)
            + restlessness(joints, steps, self._pushed, weights.bursts, self._shown)
            + weights.stance * (self._stands * robust(slide.square().sum(-1), SLIPS)).sum()
            + self.motion.frames * (self.motion.shape / weights.shape).square().sum() / 10
        )
        for each in self._watched:
            loss = loss + each.misfit(points, width(weights, passed))
        if self._upright:
            loss = loss + self._upright.misfit(points, joints, iteration, passed)
        return loss

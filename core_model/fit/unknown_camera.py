"""A camera of several, which the fit looks for beside the motion that it saw."""

import math
from dataclasses import replace

import numpy as np
import torch
from torch import Tensor

from core_model.fit.placed_camera import PlacedCamera
from core_model.fit.unknowns import to_device
from core_model.geometry.rotations import axis_angle_to_matrix

_CAMERA_STEP, _FOCAL_STEP, _CLOCK_STEP = 0.01, 0.012, 0.004
"""Learning rates of Adam: radians and metres, logarithm, seconds."""

_LENS = 0.3
"""Of a frame: what is known of a camera weighs against it, as a figure errs alike in all."""


class UnknownCamera:
    """A camera that the fit looks for, beginning where it is thought to stand.

    Parameters
    ----------
    placed : PlacedCamera
    free : bool
        Whether it is looked for; else it stands where it is.
    first : UnknownCamera or None
        The one in whose space everything is; None for that one itself.
    middle : (3,)
        Of all people in that space, metres.
    device : torch.device

    Attributes
    ----------
    turn, shift : (3,)
        Rotation vector, radians, after the rotation that it begins with, and metres, in its space.
    zoom : (1,)
        Logarithm by which its focal length is longer.
    late : (1,)
        Seconds by which its clock is later.
    """

    def __init__(
        self,
        placed: PlacedCamera,
        free: bool,
        first: "UnknownCamera | None",
        middle: np.ndarray,
        device: torch.device,
    ) -> None:
        self.placed, self.free, self._first = placed, free, first
        self._rotation = to_device(placed.rotation, device)
        # It turns about where people are, and a longer lens takes it further away from them:
        # then each of its unknowns changes the picture in a way of its own.
        self._middle = to_device(middle, device)
        self._away = to_device(placed.from_first(middle), device)
        self._leaning = to_device(placed.leaning, device)
        wanted = free and first is not None
        self.turn = torch.zeros(3, device=device, requires_grad=wanted)
        self.shift = torch.zeros(3, device=device, requires_grad=wanted)
        self.zoom = torch.zeros(1, device=device, requires_grad=free and placed.focal_spread > 0)
        self.late = torch.zeros(1, device=device, requires_grad=wanted and placed.clock_free)

    def groups(self) -> list[tuple[list[Tensor], float]]:
        """Return what is looked for, in groups with their learning rates."""
        wanted = (
            ([self.turn, self.shift], _CAMERA_STEP),
            ([self.zoom], _FOCAL_STEP),
            ([self.late], _CLOCK_STEP),
        )
        return [(each, rate) for each, rate in wanted if each[0].requires_grad]

    def seen(self, points: Tensor) -> Tensor:
        """Return where points (..., 3) of the first camera's space are on the plane z = 1."""
        if self._first is not None:
            turn = axis_angle_to_matrix(self.turn) @ self._rotation
            middle = _further(self._middle, self._first.zoom)
            points = (points - middle) @ turn.T + _further(self._away, self.zoom) + self.shift
        return points[..., :2] / points[..., 2:].clamp(min=0.1)

    def misfit(self, frames: int) -> Tensor:
        """Return how unlikely focal length and turn are, against what so many frames show."""
        expected = self.zoom * self._leaning[1]
        if self._first is not None:
            expected = expected + self._first.zoom * self._leaning[0]
        unlikely = ((self.turn - expected) / self.placed.turn_spread).square().sum()
        if self.zoom.requires_grad:
            unlikely = unlikely + (self.zoom / self.placed.focal_spread).square().sum()
        return frames * _LENS * unlikely

    def found(self) -> PlacedCamera:
        """Return the camera where the search is."""
        if not self.free:
            return self.placed
        camera = self.placed.camera
        rotation, translation = self.placed.rotation, self.placed.translation
        if self._first is not None:
            turn = axis_angle_to_matrix(self.turn.detach().double().cpu().numpy())
            rotation = np.asarray(turn @ rotation)
            away = _further(self._away, self.zoom) + self.shift
            middle, there = (
                each.detach().double().cpu().numpy()
                for each in (_further(self._middle, self._first.zoom), away)
            )
            translation = there - rotation @ middle
        return replace(
            self.placed,
            camera=replace(camera, focal=camera.focal * math.exp(self.zoom.item())),
            rotation=rotation,
            translation=translation,
            offset=self.placed.offset + self.late.item(),
        )


def _further(place: Tensor, zoom: Tensor) -> Tensor:
    """Return a place (3,) before a camera as far away as it is through a longer lens."""
    return torch.cat((place[:2], place[2:] * zoom.exp()))

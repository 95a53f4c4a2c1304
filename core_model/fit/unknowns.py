"""What a fit looks for: a motion near a first guess, changed on three time scales at once."""

import math

import numpy as np
import torch
from torch import Tensor

from core_model.body.model import Body
from core_model.body.skeleton import JOINT_COUNT
from core_model.fit.landmark_motion import smoothing
from core_model.fit.posing import posed
from core_model.geometry.rotations import matrix_to_rot6d

_NEAREST = 0.2  # metres before the camera
_SCALES = ((1, 0.2), (5, 1.0), (25, 2.5))
"""Frames between knots of the increments, and how fast those may change."""

_USUAL_RATE, _MOST_APART = 30.0, 2.0
"""Frames a second up to which that is so; of more knots are further apart, twice as far at most."""


class Increments:
    """Increments on three time scales: every frame, and knots each 5 and 25 frames apart or more.

    Slow errors are then mended in few iterations, which single frames alone would need many for.
    """

    def __init__(self, rows: int, frames: int, rate: float, device: torch.device) -> None:
        wider = float(np.clip(rate / _USUAL_RATE, 1.0, _MOST_APART))
        self.parts = [torch.zeros(rows, frames, device=device, requires_grad=True)]
        self._mixes = []
        for spacing, _ in _SCALES[1:]:
            knots = max(2, math.ceil(frames / (wider * spacing)) + 1)
            self.parts.append(torch.zeros(rows, knots, device=device, requires_grad=True))
            places = torch.linspace(0, knots - 1, frames, device=device)
            apart = (places - torch.arange(knots, device=device)[:, None]).abs()
            self._mixes.append((1 - apart).clamp(min=0))

    def value(self) -> Tensor:
        """Return the sum of the scales, (rows, T)."""
        total = self.parts[0]
        for knots, mix in zip(self.parts[1:], self._mixes, strict=True):
            total = torch.addmm(total, knots, mix)
        return total


def to_device(array: np.ndarray, device: torch.device) -> Tensor:
    """Return an array as a tensor of single precision."""
    return torch.from_numpy(np.ascontiguousarray(array, np.float32)).to(device)


class UnknownMotion:
    """The motion of one person that a fit looks for, and where the search is.

    Parameters
    ----------
    rotations : (T, 24, 3, 3)
        First guess; joint 0 turns SMPL space to camera space.
    pelvis : (T, 3)
        First guess, metres, camera space.
    betas : (10,)
        Shape; all but the height may be changed.
    times : (T,)
        Seconds.
    body : Body
    device : torch.device
    shaped : bool
        Whether the shape is looked for, too.
    middle : float
        Metres from the camera to the middle of all people, where its lens may change: they move
        away together then, since other cameras show how far apart they are.
    """

    def __init__(
        self,
        rotations: np.ndarray,
        pelvis: np.ndarray,
        betas: np.ndarray,
        times: np.ndarray,
        body: Body,
        device: torch.device,
        shaped: bool,
        middle: float = 0.0,
    ) -> None:
        frames = len(times)
        self.frames = frames
        start = to_device(rotations, device)
        # As `pose` returns them: frame by frame to look at, in memory with time as the last axis.
        self.start = start.permute(2, 3, 1, 0).contiguous().permute(3, 2, 0, 1)
        # The search begins from a steadied motion: taking jitter away step by step would cost most
        # of the iterations.
        mix = to_device(smoothing(times), device)
        steadied = (mix @ matrix_to_rot6d(start).flatten(1)).view(frames, JOINT_COUNT, 6)
        self._start_6d = steadied.permute(2, 1, 0).contiguous()
        self._rest = to_device(body.rest_joints(betas), device)
        self._rest_shapes = to_device(body.joint_shapedirs, device)
        self._offsets = to_device(body.landmark_offsets(betas), device)
        self._offset_shapes = to_device(body.landmark_shapedirs, device)
        depth = np.maximum(pelvis[:, 2:], _NEAREST)
        place = np.concatenate((pelvis[:, :2] / depth, np.log(depth)), axis=1)
        self._place_start = (mix @ to_device(place, device)).T.contiguous()
        self._betas = betas
        rate = 1 / float(np.median(np.diff(times)))
        self._turns = Increments(6 * JOINT_COUNT, frames, rate, device)
        self._places = Increments(3, frames, rate, device)
        self.shape = torch.zeros(len(betas) - 1, device=device, requires_grad=shaped)
        self._shaped, self._middle = shaped, middle

    def groups(self, step: float) -> list[tuple[list[Tensor], float]]:
        """Return what is looked for, in groups with their learning rates.

        Single frames move in small steps, or they would first have to be calmed again.
        """
        scales = [
            ([turn, place], scale * step)
            for turn, place, (_, scale) in zip(
                self._turns.parts, self._places.parts, _SCALES, strict=True
            )
        ]
        return [*scales, *([([self.shape], step)] if self._shaped else [])]

    def pose(self, zoom: Tensor | None = None) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """Return rotations (T, 24, 3, 3), joints, landmarks (T, 33, 3) and pelvis (T, 3).

        In memory, time is the last axis of all of them.

        Parameters
        ----------
        zoom : tensor, optional
            Logarithm by which the focal length is longer than thought: who looks as large in the
            middle is so much further away.
        """
        turns = self._start_6d + self._turns.value().view(6, JOINT_COUNT, self.frames)
        place = self._place_start + self._places.value()
        z = place[2:].exp()
        at = torch.cat((place[:2] * z, z))
        if zoom is not None:
            longer = zoom.exp()
            far = (z + self._middle * (longer - 1)).clamp(min=_NEAREST)
            at = torch.cat((place[:2] * far / longer, far))
        rest = self._rest + self._rest_shapes[..., 1:] @ self.shape
        offsets = self._offsets + self._offset_shapes[..., 1:] @ self.shape
        matrices, joints, points = posed(turns, rest, offsets)
        shift = (at - joints[:, 0])[:, None]
        return (
            matrices.permute(3, 2, 0, 1),
            (joints + shift).permute(2, 1, 0),
            (points + shift).permute(2, 1, 0),
            at.T,
        )

    def found(self, zoom: Tensor | None = None) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return rotations (T, 24, 3, 3), pelvis (T, 3) and betas (10,) where the search is.

        Parameters
        ----------
        zoom : tensor, optional
            As in `pose`.
        """
        with torch.no_grad():
            matrices, _, _, at = self.pose(zoom)
        shape = self.shape.detach().double().cpu().numpy()
        return (
            matrices.double().cpu().numpy(),
            at.double().cpu().numpy(),
            self._betas + np.concatenate(([0.0], shape)),
        )

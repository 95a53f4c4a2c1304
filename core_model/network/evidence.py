"""Landmarks made independent of where the figure stands in the picture and how large it is.

The camera is turned, without rolling, to look straight at the figure; what it sees is measured in
units of the figure's own spread. Training and capture share this one function.
"""

import torch
from torch import Tensor

BODY_LANDMARKS = slice(11, 33)
"""Shoulders to toes: the face clusters eleven landmarks in one place and is left out."""


def normalise_landmarks(rays: Tensor, visibility: Tensor) -> tuple[Tensor, Tensor]:
    """Turn sight rays of landmarks into the network's keypoint evidence.

    Parameters
    ----------
    rays : (..., 33, 3)
        Points on the plane z = 1 of camera space (x right, y down, z forward).
    visibility : (..., 33)
        0 to 1.

    Returns
    -------
    evidence : (..., 33, 3)
        x, y in units of the figure's root-mean-square spread about its centre, visibility.
    turn : (..., 3, 3)
        Rotation from camera space to the space of the turned camera.
    """
    center = rays[..., BODY_LANDMARKS, :].mean(-2)
    turn = _turn_to(center)
    seen = (turn[..., None, :, :] @ rays[..., None])[..., 0]
    flat = seen[..., :2] / seen[..., 2:].clamp(min=0.05)
    body = flat[..., BODY_LANDMARKS, :]
    middle = body.mean(-2, keepdim=True)
    spread = (body - middle).square().sum(-1).mean(-1).sqrt()[..., None, None]
    evidence = torch.cat(((flat - middle) / spread.clamp(min=1e-6), visibility[..., None]), dim=-1)
    return evidence, turn


def _turn_to(direction: Tensor) -> Tensor:
    """Return the smallest rotation that brings `direction` (..., 3), z > 0, onto the z axis."""
    x, y, z = torch.nn.functional.normalize(direction, dim=-1).unbind(-1)
    # Rodrigues' formula for the rotation from d to z about d x z, written out.
    k = 1 / (1 + z)
    rows = (
        torch.stack((1 - k * x * x, -k * x * y, -x), -1),
        torch.stack((-k * x * y, 1 - k * y * y, -y), -1),
        torch.stack((x, y, z), -1),
    )
    return torch.stack(rows, -2)

"""How tall a body stands, and figures made as tall as somebody is known to be.

One camera cannot tell a tall person from a short one who is nearer: a height that is known sets the
scale of everything.
"""

import numpy as np

from core_model.body.model import Body
from core_model.errors import AssetError, MocapError
from core_model.lifting.figure import Figure

SHORTEST, TALLEST = 0.4, 2.6
"""Metres between which a person's height may be."""

_RIDGE = 1e-3  # square metres that a unit of shape must bring nearer to the wanted proportions
_ROUNDS = 8


def check_height(height: float | None) -> None:
    """Refuse what is no height of a person.

    Raises
    ------
    MocapError
        When `height` is given and not between `SHORTEST` and `TALLEST` metres.
    """
    if height is not None and not SHORTEST <= height <= TALLEST:
        raise MocapError(
            f"A person's height is given in metres, from {SHORTEST:g} to {TALLEST:g}; "
            f"{height:g} is not."
        )


def stature(body: Body, betas: np.ndarray) -> float:
    """Return how tall the body of `betas` (10,) is in its rest pose, metres."""
    return float(np.ptp(body.rest_vertices(betas)[:, 1]))


def with_stature(body: Body, betas: np.ndarray, height: float) -> np.ndarray:
    """Return betas (10,) of a body as tall as `height`, metres, with nearly the same proportions.

    Raises
    ------
    AssetError
        When the body's shapes change no height.
    """
    bones = body.rest_joints(betas) - body.rest_joints(betas)[0]
    effects = (body.joint_shapedirs - body.joint_shapedirs[:1]).reshape(-1, len(betas))
    wanted = (height / stature(body, betas) - 1) * bones.ravel()
    normal = effects.T @ effects + _RIDGE * np.eye(len(betas))
    grown = betas + np.linalg.solve(normal, effects.T @ wanted)
    taller = np.eye(len(betas))[0]
    for _ in range(_ROUNDS):
        per_unit = stature(body, grown + taller) - stature(body, grown)
        if abs(per_unit) < 1e-3:
            raise AssetError("The height cannot be used: no shape of this body makes it taller.")
        grown = grown + (height - stature(body, grown)) / per_unit * taller
    return grown


def set_stature(figure: Figure, body: Body, height: float) -> None:
    """Make a figure as tall as `height`, metres, in place, where it looks as large as before."""
    betas = with_stature(body, figure.betas, height)
    figure.pelvis = figure.pelvis * growth(body, figure.betas, betas)
    figure.betas = betas


def growth(body: Body, before: np.ndarray, after: np.ndarray) -> float:
    """Return how many times as large the body of other betas (10,) is, and so as far away."""
    bones, grown = (each - each[0] for each in (body.rest_joints(before), body.rest_joints(after)))
    return float((bones * grown).sum() / (bones * bones).sum())

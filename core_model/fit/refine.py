"""The fit of whole figures: each stretch of their motion between long gaps."""

from collections.abc import Sequence

import numpy as np
import torch

from core_model.body.model import Body
from core_model.engine.side_by_side import Share, untold
from core_model.fit.follow_together import followed_together
from core_model.fit.optimise import Stretch
from core_model.fit.pieces import fit_to_landmarks
from core_model.geometry.camera import Camera
from core_model.lifting.figure import Figure
from core_model.tracking.gaps import bridged, bridged_places, stretches


def refine(
    figures: Sequence[Figure],
    times: np.ndarray,
    camera: Camera,
    device: torch.device,
    body: Body,
    progress: Share = untold,
    up: np.ndarray | None = None,
) -> None:
    """Fit the motion of figures to their landmarks, in place; each stretch between gaps alone.

    Parameters
    ----------
    figures : sequence of Figure
    times : (T,)
        Seconds of all frames of the clip.
    camera : Camera
    device : torch.device
    body : Body
    progress : callable
        Is told the share that is done, 0 to 1.
    up : (3,), optional
        Unit vector in camera space, where it is known.
    """
    parts = [stretches(each.first + np.flatnonzero(each.seen), times) for each in figures]
    wanted = [
        _stretch(figure, frames, times, up)
        for figure, own in zip(figures, parts, strict=True)
        for frames in own
    ]
    found = iter(fit_to_landmarks(wanted, camera, body, device, progress=progress))
    given = iter(wanted)
    for figure, own in zip(figures, parts, strict=True):
        shapes = []
        for frames in own:
            stretch, fitted = next(given), next(found)
            inside = slice(frames[0] - figure.first, frames[-1] - figure.first + 1)
            figure.rotations[inside] = fitted.rotations
            figure.pelvis[inside] = followed_together(
                fitted.pelvis,
                fitted.rotations,
                fitted.betas,
                stretch.landmarks,
                stretch.times,
                camera,
                body,
            )
            shapes.append(fitted.betas)
        if shapes:
            figure.betas = np.average(shapes, axis=0, weights=[len(frames) for frames in own])


def _stretch(
    figure: Figure, frames: np.ndarray, times: np.ndarray, up: np.ndarray | None
) -> Stretch:
    """Return a figure in `frames` (N,) of the clip and between them."""
    inside = slice(frames[0] - figure.first, frames[-1] - figure.first + 1)
    return Stretch(
        figure.rotations[inside],
        bridged_places(frames - frames[0], figure.pelvis[frames - figure.first]),
        figure.betas,
        bridged(frames, figure.landmarks[frames - figure.first], times),
        times[frames[0] : frames[-1] + 1],
        up=up,
    )

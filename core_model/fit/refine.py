"""The fit of a whole figure: each stretch of its motion between long gaps."""

import numpy as np
import torch

from core_model.body.model import Body
from core_model.fit.follow_together import followed_together
from core_model.fit.optimise import fit_to_landmarks
from core_model.fit.shares import Share, part_of, untold
from core_model.geometry.camera import Camera
from core_model.lifting.figure import Figure
from core_model.network.devices import one_thread
from core_model.tracking.gaps import bridged, bridged_places, stretches


@one_thread()
def refine(
    figure: Figure,
    times: np.ndarray,
    camera: Camera,
    device: torch.device,
    body: Body,
    progress: Share = untold,
) -> None:
    """Fit a figure's motion to its landmarks, in place; each stretch between long gaps alone.

    Parameters
    ----------
    progress : callable
        Is told the share that is done, 0 to 1.
    """
    shapes, lengths = [], []
    parts = stretches(figure.first + np.flatnonzero(figure.seen), times)
    whole, done = sum(len(frames) for frames in parts), 0
    for frames in parts:
        inside = slice(frames[0] - figure.first, frames[-1] - figure.first + 1)
        landmarks = bridged(frames, figure.landmarks[frames - figure.first], times)
        fitted = fit_to_landmarks(
            figure.rotations[inside],
            bridged_places(frames - frames[0], figure.pelvis[frames - figure.first]),
            figure.betas,
            landmarks,
            times[frames[0] : frames[-1] + 1],
            camera,
            body,
            device,
            progress=part_of(progress, done / whole, (done + len(frames)) / whole),
        )
        figure.rotations[inside] = fitted.rotations
        figure.pelvis[inside] = followed_together(
            fitted.pelvis,
            fitted.rotations,
            fitted.betas,
            landmarks,
            times[frames[0] : frames[-1] + 1],
            camera,
            body,
        )
        shapes.append(fitted.betas)
        lengths.append(len(frames))
        done += len(frames)
    if shapes:
        figure.betas = np.average(shapes, axis=0, weights=lengths)

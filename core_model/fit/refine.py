"""The fit of a whole figure: each stretch of its motion between long gaps."""

import numpy as np
import torch

from core_model.body.model import Body
from core_model.fit.optimise import fit_to_landmarks
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
) -> None:
    """Fit a figure's motion to its landmarks, in place; each stretch between long gaps alone."""
    shapes, lengths = [], []
    for frames in stretches(figure.first + np.flatnonzero(figure.seen), times):
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
        )
        figure.rotations[inside] = fitted.rotations
        figure.pelvis[inside] = fitted.pelvis
        shapes.append(fitted.betas)
        lengths.append(len(frames))
    if shapes:
        figure.betas = np.average(shapes, axis=0, weights=lengths)

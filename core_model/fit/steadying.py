"""Figures before a camera that turns, as one that stands still would have seen them."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import torch

from core_model.body.model import Body
from core_model.engine.side_by_side import Share, untold
from core_model.fit.refine import refine
from core_model.geometry.camera import Camera
from core_model.lifting.figure import Figure

_WIDEST = np.cos(np.radians(65))  # from the still camera's axis: further out, pictures are useless


def turned(figure: Figure, turns: np.ndarray) -> Figure:
    """Return a figure whose rotations and places are turned in every frame, by (T, 3, 3)."""
    rotations = figure.rotations.copy()
    rotations[:, 0] = turns @ rotations[:, 0]
    return replace(figure, rotations=rotations, pelvis=(turns @ figure.pelvis[..., None])[..., 0])


def refine_steadied(
    figures: Sequence[Figure],
    turns: Sequence[np.ndarray | None],
    times: np.ndarray,
    camera: Camera,
    device: torch.device,
    body: Body,
    progress: Share = untold,
    up: np.ndarray | None = None,
) -> None:
    """Fit figures to their landmarks as `refine` does, in place, the camera's turning taken out.

    The fit ties the motion together over time, where a turning camera would look like a motion of
    the person. A camera that turns too far to be one picture is left as it is.

    Parameters
    ----------
    figures : sequence of Figure
    turns : sequence of (T, 3, 3) or None
        Of each figure: from camera space in each of its frames to that of a still camera.
    times : (T,)
        Seconds of all frames of the clip.
    camera : Camera
    device : torch.device
    body : Body
    progress : callable
        Is told the share that is done, 0 to 1.
    up : (3,), optional
        Unit vector in the space of the still camera, where it is known.
    """
    fitted = [_steadied(*each, camera) for each in zip(figures, turns, strict=True)]
    refine(
        [still or own for own, still in zip(figures, fitted, strict=True)],
        times,
        camera,
        device,
        body,
        progress,
        up,
    )
    for figure, turn, still in zip(figures, turns, fitted, strict=True):
        if turn is not None and still is not None:
            back = turned(still, np.swapaxes(turn, 1, 2))
            figure.rotations, figure.pelvis, figure.betas = back.rotations, back.pelvis, still.betas


def _steadied(figure: Figure, turns: np.ndarray | None, camera: Camera) -> Figure | None:
    """Return a figure as a still camera would have seen it, None where it is left as it is."""
    landmarks = None if turns is None else seen_by_still_camera(figure.landmarks, turns, camera)
    if turns is None or landmarks is None:
        return None
    return replace(turned(figure, turns), landmarks=landmarks)


def through_one_lens(landmarks: np.ndarray, zoom: np.ndarray, camera: Camera) -> np.ndarray:
    """Return landmarks (T, 33, 3) of a camera that zoomed as its one lens shows them.

    Parameters
    ----------
    landmarks : (T, 33, 3)
        Pixels of the clip's pictures, and visibility.
    zoom : (T,) or (0,)
        Focal length as a multiple of the camera's; empty if that never changed.
    camera : Camera
    """
    if not np.size(zoom):
        return landmarks
    pixels = camera.through_one_lens(landmarks[..., :2], zoom)
    return np.concatenate((pixels, landmarks[..., 2:]), axis=-1)


def seen_by_still_camera(
    landmarks: np.ndarray, turns: np.ndarray, camera: Camera
) -> np.ndarray | None:
    """Return landmarks (T, 33, 3) as a still camera sees them, None where it would not."""
    rays = camera.rays(landmarks[..., :2]) @ np.swapaxes(turns, 1, 2)
    visible = landmarks[..., 2] > 0
    ahead = rays[..., 2] / np.linalg.norm(rays, axis=-1)
    if (ahead[visible] < _WIDEST).any():
        return None
    rays[..., 2] = np.where(visible, rays[..., 2], np.maximum(rays[..., 2], 0.1))
    return np.concatenate((camera.project(rays), landmarks[..., 2:]), axis=-1)

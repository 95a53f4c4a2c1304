"""A person on the way from a track to a Take: rotations, shape and place before the camera."""

from dataclasses import dataclass

import numpy as np

from core_model.body.fingers import HandMotion
from core_model.body.landmarks import LANDMARK_COUNT
from core_model.body.skeleton import JOINT_COUNT
from core_model.geometry.camera import Camera
from core_model.tracking.tracks import Track


@dataclass
class Figure:
    """One person on the way from a track to a Take; T frames from first to last sight.

    Parameters
    ----------
    first : int
        Index of the first frame in the clip.
    seen : (T,) bool
    landmarks : (T, 33, 3)
        Pixels, through the one lens of a camera that may have zoomed, and visibility; zeros where
        not seen.
    bbox : (T, 4)
        Pixels of the clip's pictures.
    rotations : (T, 24, 3, 3)
        Joint 0 turns SMPL space to camera space.
    betas : (10,)
    pelvis : (T, 3)
        Metres, camera space.
    hands : HandMotion or None
        None where nobody looked for hands.
    score : float
        0 to 1, how sure the detector was at best that this is a person.
    """

    first: int
    seen: np.ndarray
    landmarks: np.ndarray
    bbox: np.ndarray
    rotations: np.ndarray
    betas: np.ndarray
    pelvis: np.ndarray
    hands: HandMotion | None = None
    score: float = 0.0


def new_figure(track: Track, camera: Camera) -> Figure:
    """Return the figure of a track that is not lifted yet: at rest, at the camera."""
    first, last = int(track.frames[0]), int(track.frames[-1])
    count = last - first + 1
    figure = Figure(
        first=first,
        seen=np.isin(np.arange(first, last + 1), track.frames),
        landmarks=np.zeros((count, LANDMARK_COUNT, 3)),
        bbox=np.zeros((count, 4)),
        rotations=np.tile(np.eye(3), (count, JOINT_COUNT, 1, 1)),
        betas=np.zeros(10),
        pelvis=np.zeros((count, 3)),
        score=track.score,
    )
    figure.landmarks[figure.seen] = track.landmarks
    figure.landmarks[figure.seen, :, :2] = camera.through_one_lens(
        figure.landmarks[figure.seen, :, :2], track.zoom
    )
    figure.bbox[figure.seen] = track.bbox
    return figure


def landmarks_in_clip(figure: Figure, camera: Camera, zoom: np.ndarray) -> np.ndarray:
    """Return a figure's landmarks (T, 33, 3) in pixels of the clip's pictures.

    Parameters
    ----------
    figure : Figure
    camera : Camera
    zoom : (T,) or (0,)
        Focal length in its frames as a multiple of the camera's; empty if that never changed.
    """
    landmarks = figure.landmarks
    if np.size(zoom):
        landmarks = landmarks.copy()
        seen = figure.seen
        landmarks[seen, :, :2] = camera.through_zoom(landmarks[seen, :, :2], zoom[seen])
    return landmarks

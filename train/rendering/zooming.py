"""Clips as a camera would have filmed them that zooms, and sways in a hand: by cutting."""

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import cv2
import numpy as np

from core_model.geometry.rotations import axis_angle_to_matrix
from core_model.video.clip import open_video
from train.rendering.video_writing import video_writer

_CRF = 16
_BEGIN, _IN, _STAY = 0.08, 0.4, 0.06  # shares of the clip: until it zooms in, in, and stays there
_SWAYS = ((0.7, 1.0, 0.0), (1.3, 0.4, 0.9), (2.1, 0.2, 2.2))  # per second, share, phase
_ROOM = 1.25  # how much is cut off for a hand to sway


def zoom_at(times: np.ndarray, most: float) -> np.ndarray:
    """Return focal lengths (T,) of a lens that zooms in and out again, as multiples of the first.

    Parameters
    ----------
    times : (T,)
        Seconds, the whole clip.
    most : float
        The longest, as a multiple.
    """
    share = (times - times[0]) / max(times[-1] - times[0], 1e-9)
    there = np.clip((share - _BEGIN) / _IN, 0, 1)
    return np.asarray(most ** (there - np.clip((share - _BEGIN - _IN - _STAY) / _IN, 0, 1)))


def sways_at(times: np.ndarray, degrees: float) -> np.ndarray:
    """Return turns (T, 3, 3) of a camera that somebody holds, by up to so many degrees."""
    turn = sum(share * np.sin(2 * np.pi * often * times + phase) for often, share, phase in _SWAYS)
    angles = np.radians(degrees) * np.asarray(turn)[:, None] * np.array([0.6, 1.0, 0.4])
    return np.asarray(axis_angle_to_matrix(angles))


def write_zoomed(video: Path, path: Path, most: float, sway: float) -> None:
    """Write a clip anew as a camera shows it that zooms and sways.

    Parameters
    ----------
    video : Path
    path : Path
    most : float
        The longest focal length as a multiple of the first; 1 for none.
    sway : float
        Degrees.

    Raises
    ------
    VideoError
        When the clip cannot be read.
    OutputError
        When the file cannot be written.
    """
    clip = open_video(video)
    rate = Fraction(clip.frame_rate).limit_denominator(1001)
    with video_writer(path, rate, _CRF) as add:
        for picture in zoomed_pictures(video, most, sway):
            height, width = (side // 2 * 2 for side in picture.shape[:2])
            add(np.ascontiguousarray(picture[:height, :width]))


def zoomed_pictures(video: Path, most: float, sway: float) -> Iterator[np.ndarray]:
    """Yield the pictures (H, W, 3) uint8 of a clip as `write_zoomed` writes them."""
    times = np.array([frame.time for frame in open_video(video)])
    room = _ROOM if sway else 1.0
    zoom, turns = room * zoom_at(times, most), sways_at(times, sway)
    for frame, own, turn in zip(open_video(video), zoom, turns, strict=True):
        height, width = frame.image.shape[:2]
        before, after = (_lens(width, height, each) for each in (1.0, own))
        seen = after @ turn.T @ np.linalg.inv(before)
        yield cv2.warpPerspective(frame.image, seen, (width, height), flags=cv2.INTER_LINEAR)


def _lens(width: int, height: int, zoom: float) -> np.ndarray:
    """Return (3, 3), from camera space to pixels as OpenCV counts them, from a pixel's middle."""
    focal = zoom * max(width, height)
    return np.array([[focal, 0, (width - 1) / 2], [0, focal, (height - 1) / 2], [0, 0, 1.0]])

"""What Blender itself knows of a clip: length, size and rate, without the engine."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import bpy

PICTURES = {".png", ".jpg", ".jpeg", ".tif", ".tiff", ".bmp", ".webp", ".exr"}
"""Endings of the pictures that a folder may hold."""


@dataclass(frozen=True)
class ClipFacts:
    """What is known of a clip; zeros where it is not.

    Parameters
    ----------
    frames : int
    rate : float
        Frames per second; the mean one where it varies.
    width, height : int
        Pixels.
    picture : str
        Path of the file that shows what is in it.
    """

    frames: int = 0
    rate: float = 0.0
    width: int = 0
    height: int = 0
    picture: str = ""

    @property
    def seconds(self) -> float:
        """Its length."""
        return self.frames / self.rate if self.rate else 0.0


def read_clip(path: Path) -> ClipFacts:
    """Return what Blender knows of a video or a folder of pictures.

    Only the head of the video is read, or one picture. Nothing stays in the file.
    """
    if path.is_dir():
        return _of_pictures(path)
    return _of_video(path) if path.is_file() else ClipFacts()


def _of_video(path: Path) -> ClipFacts:
    try:
        clip = bpy.data.movieclips.load(str(path))
    except RuntimeError:
        return ClipFacts()
    try:
        return ClipFacts(clip.frame_duration, clip.fps, *_size(clip), str(path))
    finally:
        bpy.data.movieclips.remove(clip)


def _of_pictures(folder: Path) -> ClipFacts:
    files = sorted(each for each in folder.iterdir() if each.suffix.lower() in PICTURES)
    if not files:
        return ClipFacts()
    try:
        image = bpy.data.images.load(str(files[0]))
    except RuntimeError:
        return ClipFacts(frames=len(files))
    try:
        return ClipFacts(len(files), 0.0, *_size(image), str(files[0]))
    finally:
        bpy.data.images.remove(image)


def _size(pictures: Any) -> tuple[int, int]:
    return int(pictures.size[0]), int(pictures.size[1])

"""A folder of pictures read as a clip: natural order, a fixed frame rate."""

import math
import re
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np

from core_model.errors import VideoError

SUFFIXES = {".png", ".jpg", ".jpeg", ".bmp", ".tif", ".tiff", ".webp"}


class PictureFolder:
    """The pictures of a folder, `frame_rate` of them a second.

    Raises
    ------
    VideoError
        When the folder holds no picture that can be read.
    """

    def __init__(self, path: Path, frame_rate: float) -> None:
        self.path = path
        self.frame_rate = frame_rate
        self.warnings: list[str] = []
        self.files = sorted(
            (
                file
                for file in path.iterdir()
                if file.suffix.lower() in SUFFIXES and not file.name.startswith(".")
            ),
            key=_natural,
        )
        if not self.files:
            raise VideoError(f"The folder {path} holds no pictures.")
        first = next((image for file in self.files if (image := _read(file)) is not None), None)
        if first is None:
            raise VideoError(f"None of the pictures in {path} can be read.")
        self.height, self.width = first.shape[:2]
        self.duration: float | None = len(self.files) / frame_rate

    def frames(self, start: float) -> Iterator[tuple[float, np.ndarray]]:
        """Yield seconds and RGB picture (H, W, 3) from `start` on.

        A picture that cannot be read leaves a gap and a warning.

        Raises
        ------
        VideoError
            When a picture has another size than the first.
        """
        self.warnings.clear()
        for index in range(math.ceil(start * self.frame_rate), len(self.files)):
            file = self.files[index]
            image = _read(file)
            if image is None:
                self.warnings.append(f"{file.name} cannot be read and was left out.")
                continue
            height, width = image.shape[:2]
            if (height, width) != (self.height, self.width):
                raise VideoError(
                    f"The pictures differ in size: {file.name} has {width} x {height} pixels, "
                    f"those before it {self.width} x {self.height}."
                )
            yield index / self.frame_rate, image


def _natural(file: Path) -> list[tuple[int, int, str]]:
    """Order `frame_2` before `frame_10`."""
    parts = re.split(r"(\d+)", file.name.lower())
    return [(0, int(part), "") if part.isdecimal() else (1, 0, part) for part in parts]


def _read(file: Path) -> np.ndarray | None:
    # Through memory, because OpenCV does not open every path on Windows.
    data = np.frombuffer(file.read_bytes(), np.uint8)
    image = cv2.imdecode(data, cv2.IMREAD_COLOR) if len(data) else None
    return None if image is None else cv2.cvtColor(image, cv2.COLOR_BGR2RGB)

"""A folder of pictures read as a clip: natural order, a fixed frame rate."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from core_model.errors import VideoError
from core_model.storage.pictures import pictures_in, places_of


class PictureFolder:
    """The pictures of a folder, `frame_rate` of them a second.

    Numbers that are missing in the names are missing time.

    Raises
    ------
    VideoError
        When the folder holds no picture that can be read.
    """

    def __init__(self, path: Path, frame_rate: float) -> None:
        self.path = path
        self.frame_rate = frame_rate
        self.warnings: list[str] = []
        try:
            self.files = pictures_in(path)
        except PermissionError as error:
            raise VideoError(f"{path} may not be read: permission denied.") from error
        if not self.files:
            raise VideoError(f"The folder {path} holds no pictures.")
        self._places = places_of(self.files)
        first = next((image for file in self.files if (image := _read(file)) is not None), None)
        if first is None:
            raise VideoError(f"None of the pictures in {path} can be read.")
        self.height, self.width = first.shape[:2]
        self._length = (self._places[-1] + 1) / frame_rate
        self.duration: float | None = self._length
        self.plays_in_blender = True
        self.stored: dict[str, Any] = {"rate": frame_rate}
        self.sound_start: float | None = None
        self.told_focal: float | None = None

    def ends_before(self, start: float) -> bool:
        """Tell whether nothing is left from `start` on, seconds."""
        return start >= self._length

    def frames(self, start: float) -> Iterator[tuple[float, np.ndarray]]:
        """Yield seconds and RGB picture (H, W, 3) from `start` on.

        A picture that cannot be read leaves a gap and a warning.

        Raises
        ------
        VideoError
            When a picture has another size than the first.
        """
        self.warnings.clear()
        missing = self._places[-1] + 1 - len(self.files)
        if missing:
            self.warnings.append(
                f"In {self.path.name} {missing} of {self._places[-1] + 1} numbers are missing; "
                "the time of those pictures is left empty."
            )
        for place, file in zip(self._places, self.files, strict=True):
            if place / self.frame_rate < start:
                continue
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
            yield place / self.frame_rate, image


def _read(file: Path) -> np.ndarray | None:
    # Through memory, because OpenCV does not open every path on Windows.
    data = np.frombuffer(file.read_bytes(), np.uint8)
    try:
        image = cv2.imdecode(data, cv2.IMREAD_COLOR) if len(data) else None
    except cv2.error:  # it claims more than `core_model.MOST_PIXELS`
        image = None
    return None if image is None else cv2.cvtColor(image, cv2.COLOR_BGR2RGB)

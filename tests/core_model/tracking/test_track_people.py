"""The pass over a clip: what the camera does tells people from what hangs on the wall."""

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
import pytest

from core_model.tracking.track_people import track_people
from core_model.video.clip import Frame, open_video


@dataclass
class Pictures:
    """Pictures in memory as a clip."""

    images: list[np.ndarray]
    rate: float

    @property
    def width(self) -> int:
        return self.images[0].shape[1]

    @property
    def height(self) -> int:
        return self.images[0].shape[0]

    @property
    def frame_count(self) -> int:
        return len(self.images)

    def __iter__(self):
        return (Frame(index / self.rate, image) for index, image in enumerate(self.images))


@pytest.mark.shared
@pytest.mark.parametrize("camera", ["cam01", pytest.param("cam02", marks=pytest.mark.long)])
def test_the_onlooker_is_none_before_a_swaying_hand_either(shared, camera):
    """She stands in the background, a fifth of the picture tall; her place in it sways."""
    clip = open_video(shared / "data" / "clips" / "pose2sim_single" / f"{camera}.mp4")
    images = []
    for index, frame in enumerate(clip):
        height, width = frame.image.shape[:2]
        move = cv2.getRotationMatrix2D((width / 2, height / 2), 0.4 * np.sin(index / 9), 1.12)
        aside = 0.02 * width * np.array([np.sin(index / 13), np.cos(index / 11)])
        move = np.column_stack((move[:, :2], move[:, 2] + aside))
        images.append(cv2.warpAffine(frame.image, move, (width, height)))
    shaken: Any = Pictures(images, 60)
    tracks = track_people(shaken, quality="fast").tracks
    assert len(tracks) == 1 and len(tracks[0].frames) >= 98

"""Single pictures of a clip are those that reading all of it gives."""

from collections.abc import Iterator
from fractions import Fraction

import numpy as np
import pytest

from core_model.video.clip import Frame, open_video
from core_model.video.pictures import Pictures
from tests.core_model.video.clips import write_greys


def counted(frames: list[Frame], read: list[float]) -> Iterator[Frame]:
    for frame in frames:
        read.append(frame.time)
        yield frame


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    path = tmp_path_factory.mktemp("clip") / "clip.mp4"
    return write_greys(path, count=100, rate=Fraction(10))


def test_any_picture_is_the_one_of_its_number_whether_near_or_far(path):
    every = list(open_video(path))
    times = np.array([frame.time for frame in every])
    pictures = Pictures(open_video(path), times)
    for number in (3, 3, 4, 9, 60, 61, 98, 99):
        np.testing.assert_array_equal(pictures.image(number), every[number].image)
    pictures.close()


def test_a_part_of_a_clip_counts_from_its_own_first_picture(path):
    part = open_video(path, 2.0, 9.5)
    every = list(part)
    pictures = Pictures(part, np.array([frame.time for frame in every]))
    for number in (0, 60):
        np.testing.assert_array_equal(pictures.image(number), every[number].image)
    pictures.close()


def test_no_more_is_read_than_is_asked_for(path):
    read: list[float] = []
    every = [Frame(number / 10, np.full((2, 2, 3), number, np.uint8)) for number in range(50)]
    pictures = Pictures(counted(every, read), np.arange(50) / 10)
    assert not read
    assert pictures.image(5)[0, 0, 0] == 5
    pictures.close()
    assert len(read) < 12

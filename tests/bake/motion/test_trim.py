"""In and out points."""

import numpy as np
import pytest

from bake.motion.resample import FrameRate, Timeline
from bake.motion.trim import Trim
from bake.scene.animation.motion import motion_of
from core_model.errors import TakeError
from tests.bake.motions import filmed_from_the_front, tiny_body, walking

TIMELINE = Timeline(FrameRate(30, 1.0), 0.0)


def test_what_is_left_is_as_without_trimming():
    take = walking(frames=90, camera=filmed_from_the_front())
    take.frame_valid[30:60] = False
    whole = motion_of(take, TIMELINE, body=tiny_body())
    part = motion_of(take, TIMELINE, body=tiny_body(), trim=Trim(0.5, 0.9))
    assert part.keys.frames.tolist() == list(range(16, 29))
    assert np.array_equal(part.keys.quaternions, whole.keys.quaternions[15:28])
    assert np.array_equal(part.confidence, whole.confidence[15:28])
    assert np.flatnonzero(part.keys.last_of_run).tolist() == [12]


def test_both_ends_are_included_and_may_be_left_open():
    times = np.arange(5) / 10
    assert Trim().part(times) == slice(0, 5)
    assert Trim(0.1, 0.3).part(times) == slice(1, 4)
    assert Trim(start=0.25).part(times) == slice(3, 5)


@pytest.mark.parametrize("trim", [Trim(3, 4), Trim(0.3, 0.1), Trim(end=-1)])
def test_nothing_left_is_one_sentence(trim):
    with pytest.raises(TakeError, match="is in the clip from 0.00 s to 0.40 s"):
        trim.part(np.arange(5) / 10)

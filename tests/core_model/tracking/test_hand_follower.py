"""How often anyone looks for hands."""

import numpy as np
import pytest

from core_model.tracking.hand_follower import HandFollower, share_looked_at
from core_model.tracking.hand_tracker import _BRIDGED

RATES = (8, 10, 12, 15, 16, 17, 24, 25, 29.97, 30, 33, 48, 50, 59.94, 60, 120)


@pytest.mark.parametrize("quality", ["fast", "best"])
@pytest.mark.parametrize("rate", RATES)
def test_hands_are_looked_at_as_often_as_is_told_ahead(rate, quality):
    follower, body = HandFollower(quality), np.zeros((33, 3))
    looked = [time for time in np.arange(240) / rate if follower.begin(body, float(time))]
    assert len(looked) == np.ceil(240 * share_looked_at(rate, quality))
    assert np.diff(looked).max() < _BRIDGED or rate <= 1 / _BRIDGED, "hands would vanish between"
    assert len(looked) / (240 / rate) <= (17 if quality == "fast" else 31)


def test_video_at_30_frames_per_second_is_looked_at_whole_only_where_it_is_to_be_good():
    assert share_looked_at(30, "best") == 1
    assert share_looked_at(30, "fast") == 0.5

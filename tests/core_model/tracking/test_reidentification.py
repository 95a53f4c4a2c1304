"""Pieces in which somebody was followed become people."""

import pytest

from core_model.tracking.reidentification import join_tracklets
from core_model.tracking.steadied import Steadied
from tests.core_model.tracking.test_going_on import right, tracklet


@pytest.mark.parametrize(("seen", "joined"), [(1, False), (8, False), (9, True), (20, True)])
def test_nobody_is_known_again_by_a_glimpse_a_second_ago(seen, joined):
    """It may have been anybody, such as the legs of somebody else for a picture."""
    pieces = [tracklet(1, range(seen), right), tracklet(2, range(seen + 30, 120), right)]
    (track,) = join_tracklets(pieces, 120, 4.0, Steadied())
    assert (track.frames[0] == 0) == joined


@pytest.mark.parametrize("missed", [2, 5, 10])
def test_a_glimpse_bridges_a_short_miss(missed):
    pieces = [
        tracklet(1, range(40), right),
        tracklet(2, range(40 + missed, 41 + missed), right),
        tracklet(3, range(41 + 2 * missed, 120), right),
    ]
    (track,) = join_tracklets(pieces, 120, 4.0, Steadied())
    assert len(track.frames) == 120 - 2 * missed


@pytest.mark.parametrize(("every", "people"), [(1, 2), (2, 1)])
def test_frames_that_show_nobody_are_none_in_which_somebody_was_seen(every, people):
    """Twelve pictures are long enough, six of twelve are too few."""
    pieces = [tracklet(1, range(120), right), tracklet(2, range(0, 12, every), right)]
    assert len(join_tracklets(pieces, 120, 4.0, Steadied())) == people

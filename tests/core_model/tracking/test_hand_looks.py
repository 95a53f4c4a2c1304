"""What was seen of hands in a part of a clip."""

import numpy as np

from core_model.detection.hand_landmarker import Hand
from core_model.detection.region import Region
from core_model.tracking.hand_looks import HandLooks


def test_a_part_counts_its_frames_from_its_first() -> None:
    looks = HandLooks(640, 360)
    region = Region(np.array([100.0, 100.0]), 50.0, 0.0)
    for frame in range(10):
        hand = Hand(np.full((21, 2), float(frame)), np.zeros((21, 3)), 0.9, 0.5)
        looks.add(frame, region, hand)
    part = looks.between(4, 8)
    seen = [part.seen(frame, region) for frame in range(6)]
    assert [each and each.landmarks[0, 0] for each in seen] == [4, 5, 6, 7, None, None]
    assert part.shows(region)

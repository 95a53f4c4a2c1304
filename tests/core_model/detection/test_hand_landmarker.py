"""The hand network against MediaPipe's own pipeline, recorded by `record_hand_oracle.py`."""

from pathlib import Path

import numpy as np
import pytest

from core_model.body.landmarks import LANDMARK_INDEX
from core_model.detection.hand_landmarker import HAND_INDEX, HandLandmarker
from core_model.detection.hand_region import region_from_body, region_from_hand
from core_model.video.clip import open_video

ORACLE = Path(__file__).parent / "hand_oracle.npz"


@pytest.mark.shared
def test_hands_are_those_of_mediapipe(shared):
    """Within what it makes to look at a little more or less of the picture."""
    with np.load(ORACLE) as oracle:
        clips, frames, image, world = (oracle[key] for key in ("clip", "frame", "image", "world"))
    landmarker = HandLandmarker()
    pixels, metres = [], []
    for clip in sorted(set(clips.tolist())):
        mine = clips == clip
        pictures = {
            index: frame.image
            for index, frame in enumerate(open_video(shared / "data" / "clips" / clip))
            if index in frames[mine]
        }
        for frame, points, recorded in zip(frames[mine], image[mine], world[mine], strict=True):
            hand = landmarker.find(pictures[frame], region_from_hand(points))
            pixels.append(np.median(np.linalg.norm(hand.landmarks - points, axis=1)))
            apart = (hand.world - hand.world.mean(axis=0)) - (recorded - recorded.mean(axis=0))
            metres.append(np.median(np.linalg.norm(apart, axis=1)))
    assert len(pixels) > 20
    assert np.median(pixels) < 2
    assert np.median(metres) < 0.006


def test_there_is_no_hand_in_noise():
    image = np.random.default_rng(0).integers(0, 255, (300, 300, 3), np.uint8)
    region = region_from_hand(np.random.default_rng(1).uniform(100, 200, (21, 2)))
    assert HandLandmarker().find(image, region).presence < 0.1


def test_regions_stand_upright_for_the_hand():
    points = np.zeros((21, 2))
    points[HAND_INDEX["wrist"]] = (100, 100)
    rows = {"thumb": 75, "index": 90, "middle": 100, "ring": 110, "pinky": 120}
    for finger, row in rows.items():
        for place, name in enumerate(name for name in HAND_INDEX if name.startswith(finger)):
            points[HAND_INDEX[name]] = (130 + 10 * place, row)  # fingers point to the right
    region = region_from_hand(points)
    assert region.angle == pytest.approx(np.pi / 2, abs=0.1)
    assert 60 < region.size < 200
    wrist, tip = ((points[HAND_INDEX[n]] - region.center) for n in ("wrist", "middle_tip"))
    assert wrist[0] < 0 < tip[0]


def test_a_hand_seen_from_its_end_is_still_looked_for_in_its_size():
    body = np.zeros((33, 3))
    body[LANDMARK_INDEX["left_elbow"], :2] = (0, 100)
    body[LANDMARK_INDEX["left_wrist"], :2] = (0, 200)
    for name in ("index", "pinky"):
        body[LANDMARK_INDEX[f"left_{name}"], :2] = (1, 203)
    assert region_from_body(body, 0).size > 90

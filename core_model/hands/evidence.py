"""What hands tell about the body: where its wrists and knuckles are in the picture."""

from dataclasses import replace

import numpy as np

from core_model.body.fingers import FINGER_JOINT_NAMES, SIDES
from core_model.body.landmarks import DETECTOR_OFFSETS, LANDMARK_INDEX
from core_model.body.model import Body
from core_model.body.skeleton import JOINT_INDEX
from core_model.detection.hand_landmarker import HAND_INDEX
from core_model.tracking.hand_tracker import HandObservations
from core_model.tracking.tracks import Track

_POINTS = {"wrist": "wrist", "index": "index_mcp", "pinky": "pinky_mcp", "thumb": "thumb_mcp"}
"""BlazePose's points of a hand, and the hand's own landmarks at these places."""
_UNSURE, _SURE = 0.5, 0.8  # presence: the hand's own points count not at all, or alone


def trust_in(presence: np.ndarray) -> np.ndarray:
    """Return how much a hand counts that was seen with a presence of 0 to 1: 0 to 1, rising."""
    return np.clip((presence - _UNSURE) / (_SURE - _UNSURE), 0, 1)


def with_hand_points(track: Track, sights: HandObservations, body: Body) -> Track:
    """Return a track whose points of the hands are those that the hand network saw.

    They are put where BlazePose would see them, because that is where everything after looks for
    them: nearer to the middle of the palm than the joints of these names.

    Parameters
    ----------
    track : Track
        Left and right as they are.
    sights : HandObservations
        For the frames of the track.
    body : Body
        One with fingers.
    """
    landmarks = track.landmarks.copy()
    for side, name in enumerate(SIDES):
        trust = trust_in(sights.presence[:, side])[:, None]
        points = sights.landmarks[:, side]
        knuckles = points[:, [HAND_INDEX["index_mcp"], HAND_INDEX["pinky_mcp"]]]
        along = knuckles.mean(axis=1) - points[:, 0]
        across = knuckles[:, 0] - knuckles[:, 1]
        shifts = _shifts(body, side)
        for part, own in _POINTS.items():
            far, wide = shifts[part]
            seen = points[:, HAND_INDEX[own]] + far * along + wide * across
            row = landmarks[:, LANDMARK_INDEX[f"{name}_{part}"]]
            row[:, :2] += trust * (seen - row[:, :2])
            row[:, 2:] = np.maximum(row[:, 2:], trust * sights.presence[:, side, None])
    return replace(track, landmarks=landmarks)


def _shifts(body: Body, side: int) -> dict[str, np.ndarray]:
    """Return how far BlazePose sees each point from its place, along and across the palm.

    In lengths of the palm, from the wrist to between the knuckles of index and little finger, and
    in the distance of these knuckles; so it holds from whichever side a palm is seen.
    """
    name = SIDES[side]
    fingers, _ = body.rest_fingers(np.zeros(10))
    wrist = body.rest_joints(np.zeros(10))[JOINT_INDEX[f"{name}_wrist"]]
    index, pinky = (
        fingers[FINGER_JOINT_NAMES.index(f"{name}_{finger}1")] for finger in ("index", "pinky")
    )
    axes = np.stack(((index + pinky) / 2 - wrist, index - pinky), axis=1)
    return {
        part: np.linalg.pinv(axes) @ DETECTOR_OFFSETS[LANDMARK_INDEX[f"{name}_{part}"]]
        for part in _POINTS
    }

"""Hands made up for the tests: the default body's, with every landmark where it is."""

import numpy as np

from core_model.body.fingers import FINGERS, place_fingers
from core_model.body.model import default_body
from core_model.body.skeleton import forward_kinematics
from core_model.detection.hand_landmarker import HAND_INDEX
from core_model.hands.model import RELAXED, HandModel, finger_rotations, hand_model

FIST, FLAT = (75.0, 0.0, 95.0, 50.0), (0.0, 0.0, 0.0, 0.0)


def gesture(index=FLAT, middle=FLAT, ring=FLAT, pinky=FLAT, thumb=(0, 0, 0, 0, 0)) -> np.ndarray:
    """Angles (21,) of a hand, from degrees of bend, spread, and the bends beyond."""
    bends = {"index": index, "middle": middle, "ring": ring, "pinky": pinky, "thumb": thumb}
    return np.radians([angle for finger in FINGERS for angle in bends[finger]])


GESTURES = {
    "fist": gesture(FIST, FIST, FIST, FIST, (0, 0, 0, 40, 50)),
    "open": gesture((0, -10, 0, 0), FLAT, (0, 5, 0, 0), (5, 12, 0, 0)),
    "point": gesture(FLAT, FIST, FIST, FIST, (0, 0, 0, 40, 50)),
    "relaxed": RELAXED,
}


def model(side: int) -> HandModel:
    return hand_model(default_body(), np.zeros(10), side)


def landmarks_of(angles: np.ndarray, side: int, body_pose: np.ndarray) -> np.ndarray:
    """Return landmarks (T, 21, 3) of hands with angles (T, 21) on bodies posed (T, 24, 3, 3)."""
    body, count = default_body(), len(angles)
    rest, (rest_fingers, tips) = body.rest_joints(np.zeros(10)), body.rest_fingers(np.zeros(10))
    fingers = np.tile(np.eye(3), (count, 30, 1, 1))
    fingers[:, 15 * side : 15 * side + 15] = finger_rotations(model(side), angles)
    joints, turned = forward_kinematics(body_pose, np.broadcast_to(rest, (count, 24, 3)))
    placed, bent = place_fingers(fingers, joints, turned, rest, rest_fingers)
    points = np.zeros((count, 21, 3))
    points[:, 0] = joints[:, 20 + side]
    for finger, name in enumerate(FINGERS):
        first = 15 * side + 3 * finger
        names = ("cmc", "mcp", "ip") if name == "thumb" else ("mcp", "pip", "dip")
        for joint, part in enumerate(names):
            points[:, HAND_INDEX[f"{name}_{part}"]] = placed[:, first + joint]
        last = tips[5 * side + finger] - rest_fingers[first + 2]
        points[:, HAND_INDEX[f"{name}_tip"]] = placed[:, first + 2] + bent[:, first + 2] @ last
    # The network has the thumb begin where its first bone then points as `thumb_base` says.
    base = turned[:, 20 + side] @ fingers[:, 15 * side + 12] @ model(side).thumb_base
    points[:, HAND_INDEX["thumb_cmc"]] = points[:, HAND_INDEX["thumb_mcp"]] - 0.04 * base
    return points

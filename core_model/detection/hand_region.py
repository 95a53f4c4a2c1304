"""Where in a picture a hand is to be looked for."""

import numpy as np

from core_model.body.fingers import SIDES
from core_model.body.landmarks import LANDMARK_INDEX
from core_model.detection.hand_landmarker import HAND_INDEX
from core_model.detection.region import Region

_FIST = [
    HAND_INDEX[name]
    for name in (
        *("wrist", "thumb_cmc", "thumb_mcp", "thumb_ip"),
        *("index_mcp", "index_pip", "middle_mcp", "middle_pip"),
        *("ring_mcp", "ring_pip", "pinky_mcp", "pinky_pip"),
    )
]
"""What of a hand is as large whether it is open or closed."""

_AROUND_FIST = 2.0  # side of a region over the extent of `_FIST`: what the network was made for
_TOWARDS_FINGERS = 0.1  # of that extent
_AROUND_PALM = 4.0  # side of a region over the distance from the wrist to the knuckles
_PALM_OF_FOREARM, _PALM_OF_TRUNK = 0.26, 0.12  # least length of a palm seen from most directions


def region_from_body(landmarks: np.ndarray, side: int) -> Region:
    """Return the region in which a hand should be, from the body's landmarks.

    Parameters
    ----------
    landmarks : (33, 3)
        Of BlazePose: pixels and visibility.
    side : int
        0 for left, 1 for right.
    """
    at = {name: landmarks[index, :2] for name, index in LANDMARK_INDEX.items()}
    name = SIDES[side]
    wrist = at[f"{name}_wrist"]
    knuckle = (2 * at[f"{name}_index"] + at[f"{name}_pinky"]) / 3
    # Seen from its end a palm looks short, while the hand is as wide as ever.
    forearm = max(_distance(at[f"{each}_elbow"], at[f"{each}_wrist"]) for each in SIDES)
    trunk = max(_distance(at[f"{each}_shoulder"], at[f"{each}_hip"]) for each in SIDES)
    palm = max(_distance(knuckle, wrist), _PALM_OF_FOREARM * forearm, _PALM_OF_TRUNK * trunk)
    return Region(knuckle.astype(np.float64), _AROUND_PALM * palm, _upright(knuckle - wrist))


def region_from_hand(points: np.ndarray) -> Region:
    """Return the region around the landmarks (21, 2) of a hand, pixels, to look there again."""
    fingers = [points[HAND_INDEX[f"{name}_pip"]] for name in ("index", "middle", "ring")]
    angle = _upright(np.average(fingers, axis=0, weights=(1, 2, 1)) - points[HAND_INDEX["wrist"]])
    cos, sin = np.cos(angle), np.sin(angle)
    axes = np.array([[cos, sin], [-sin, cos]])  # rows: to the right and down in the region
    flat = points[_FIST] @ axes.T
    low, high = flat.min(axis=0), flat.max(axis=0)
    middle = (low + high) / 2 - [0.0, _TOWARDS_FINGERS * (high - low)[1]]
    return Region(middle @ axes, float(_AROUND_FIST * (high - low).max()), angle)


def _upright(direction: np.ndarray) -> float:
    """Return the angle of a region in which `direction` (2,) points up."""
    angle = np.pi / 2 + np.arctan2(direction[1], direction[0])
    return float((angle + np.pi) % (2 * np.pi) - np.pi)


def _distance(a: np.ndarray, b: np.ndarray) -> float:
    return float(np.linalg.norm(a - b))

"""A world with gravity and a floor, from people seen by one camera.

The world is Z up, in metres, with the floor at z = 0; the camera looks along +Y, so that somebody
who faces the camera faces -Y, and the first person starts at the origin. Of a camera that looks
straight down or up, the top of the picture points along +Y.
"""

from collections.abc import Sequence

import numpy as np

from core_model.body.skeleton import JOINT_INDEX
from core_model.world.common_floor import SOLE_BELOW_FOOT, floor_below
from core_model.world.resting import Resting

_FLOOR_PERCENTILE = 10  # of the feet of somebody who never stands
_FEET = [JOINT_INDEX[name] for name in ("left_foot", "right_foot")]
_PLUMB = 1e-3  # radians from the vertical in which a direction of the camera is nobody's guess
_STEP, _LARGER = 0.5, 1.4  # metres, and how often as far: sizes do not explain such a floor


def camera_to_world(
    people: list[np.ndarray],
    times: list[np.ndarray],
    up: np.ndarray,
    outlines: Sequence[Resting] = (),
) -> np.ndarray:
    """Find how the camera stands in the world, (4, 4).

    Parameters
    ----------
    people : list of (T, 24, 3)
        Joints in camera space, metres, of the frames in which each person was seen; the most
        important person first.
    times : list of (T,)
        Seconds of these frames.
    up : (3,)
        Unit vector in camera space, from `core_model.world.gravity.find_up`.
    outlines : sequence of Resting
        Of the same people; without them nobody is known to lie on the floor.
    """
    forward = _level(np.array([0.0, 0.0, 1.0]), up)
    if np.linalg.norm(forward) < _PLUMB:
        forward = _level(np.array([0.0, -1.0, 0.0]), up)
    forward /= np.linalg.norm(forward)
    to_world = np.eye(4)
    to_world[:3, :3] = np.stack((np.cross(forward, up), forward, up))
    first = people[0][0, 0] @ to_world[:3, :3].T
    lying: list[Resting | None] = [*outlines] or [None] * len(people)
    floors = [_floor_height(*each, up) for each in zip(people, times, lying, strict=True)]
    # The first person tells where the floor is: sizes are guesses, so two people rarely agree on
    # it. Whoever stands much lower shows that the first one stands on something.
    lowest = min(floors)
    stands_lower = lowest < floors[0] - _STEP and lowest < _LARGER * floors[0]
    floor = lowest if stands_lower else floors[0]
    to_world[:3, 3] = -np.array([first[0], first[1], floor])
    return to_world


def _level(direction: np.ndarray, up: np.ndarray) -> np.ndarray:
    """Return the part (3,) of a direction that is level."""
    return direction - (direction @ up) * up


def _floor_height(
    joints: np.ndarray, times: np.ndarray, lying: Resting | None, up: np.ndarray
) -> float:
    """Return how high the floor under joints (T, 24, 3) is above the camera, metres."""
    floor, seconds = lying.floor(up) if lying else (0.0, 0.0)
    if lying and seconds:
        on_feet = lying.on_feet(up, len(joints)) > 0.5
        upright = float(times[-1] - times[0]) * on_feet.mean()
        if (
            seconds >= upright
            or (below := floor_below(joints[on_feet], times[on_feet], up)) is None
        ):
            return floor
        return -below
    below = floor_below(joints, times, up)
    if below is not None:
        return -below
    heights = joints[:, _FEET] @ up
    return float(np.percentile(heights, _FLOOR_PERCENTILE)) - SOLE_BELOW_FOOT

"""When a foot stands: heel and ball of each foot, from how high and how fast they are."""

import numpy as np

from bake.local_fit import local_quadratic

_SLOW, _FAST = 0.25, 0.45  # metres per second: a contact begins below the one, ends above the other
_LOW, _HIGH = 0.05, 0.09  # metres above the floor, likewise
_FLOOR_WINDOW = 0.5  # seconds to either side in which a foot is taken to touch the floor once
_FLOOR_SHARE = 15  # per cent of the lowest points lie below it
_STEADY = 0.04  # seconds: speed is measured over about twice this
_DEPTH_COUNTS = 0.6  # of the speed along the line of sight
_SHORTEST = 0.08  # seconds: what is briefer is a foot passing through


def find_contacts(
    points: np.ndarray,
    times: np.ndarray,
    heights: np.ndarray,
    camera_position: np.ndarray | None = None,
) -> np.ndarray:
    """Tell which points of the feet stand on the floor.

    Parameters
    ----------
    points : (N, P, 3)
        Points of the feet in a Z-up world, metres.
    times : (N,)
        Seconds.
    heights : (P,)
        How high each point is above the sole when the foot stands flat, metres.
    camera_position : (3,), optional
        Where the camera stood: speed along its line of sight, which it measures badly, counts
        little then.

    Returns
    -------
    (N, P) bool
    """
    if len(times) < 3:
        return np.zeros(points.shape[:2], bool)
    above = points[..., 2] - heights
    above = above - _floor(above.min(axis=1), times)[:, None]
    speed = _speed(points, times, camera_position)
    contacts = np.zeros(points.shape[:2], bool)
    for point in range(points.shape[1]):
        begins = (speed[:, point] < _SLOW) & (above[:, point] < _LOW)
        holds = (speed[:, point] < _FAST) & (above[:, point] < _HIGH)
        standing = False
        for frame in range(len(times)):
            standing = bool(holds[frame] if standing else begins[frame])
            contacts[frame, point] = standing
        for start, end in intervals(contacts[:, point]):
            if times[end - 1] - times[start] < _SHORTEST:
                contacts[start:end, point] = False
    return contacts


def intervals(flags: np.ndarray) -> list[tuple[int, int]]:
    """Return the stretches [start, end) in which flags (N,) are True."""
    edges = np.flatnonzero(np.diff(np.concatenate(([0], flags.astype(int), [0]))))
    return [(int(a), int(b)) for a, b in edges.reshape(-1, 2)]


def _floor(lowest: np.ndarray, times: np.ndarray) -> np.ndarray:
    """Return the height of the floor (N,): what the lowest point keeps coming back to."""
    first = np.searchsorted(times, times - _FLOOR_WINDOW)
    last = np.searchsorted(times, times + _FLOOR_WINDOW, side="right")
    return np.array(
        [np.percentile(lowest[a:b], _FLOOR_SHARE) for a, b in zip(first, last, strict=True)]
    )


def _speed(points: np.ndarray, times: np.ndarray, camera_position: np.ndarray | None) -> np.ndarray:
    """Return metres per second (N, P), steadied against jitter."""
    flat = points.reshape(len(points), -1)
    _, slope = local_quadratic(flat, times, np.full(len(times), _STEADY))
    velocity = slope.reshape(points.shape)
    if camera_position is not None:
        sight = points - camera_position
        sight = sight / np.linalg.norm(sight, axis=-1, keepdims=True)
        along = (velocity * sight).sum(-1, keepdims=True)
        velocity = velocity - (1 - _DEPTH_COUNTS) * along * sight
    return np.linalg.norm(velocity, axis=-1)

"""Join the stretches in which somebody was followed without doubt into people."""

import numpy as np
from scipy.optimize import linear_sum_assignment

from core_model.people.tracks import BODY, Track, Tracklet

_MIN_SECONDS = 0.3
_MIN_FRAMES = 3
_MIN_PRESENCE = 0.6
_MIN_SCORE = 0.65
_SHORT_GAP = 1.5  # seconds over which motion tells more than appearance
_SHORT_LIMIT = 1.0
_LONG_LIMIT = 0.12  # difference in appearance of somebody who left and came back
_UNSEEN = 0.15  # taken for the difference in appearance when it cannot be told


def join_tracklets(tracklets: list[Tracklet], width: int, height: int) -> list[Track]:
    """Return the people of a clip, the most important first.

    Parameters
    ----------
    tracklets : list of Tracklet
        In any order.
    width, height : int
        Of the pictures in pixels.
    """
    pieces = sorted((t for t in tracklets if t.frames), key=lambda t: t.frames[0])
    chains = _chains(pieces, width, height)
    chains = [chain for chain in chains if _is_person(chain)]
    chains = _without_statues(chains)
    chains.sort(key=_importance, reverse=True)
    return [_track(index + 1, chain) for index, chain in enumerate(chains)]


def _chains(pieces: list[Tracklet], width: int, height: int) -> list[list[Tracklet]]:
    """Join each piece with at most one that follows it, at the least total cost."""
    count = len(pieces)
    if count == 0:
        return []
    # Left: cost of joining row to column, as a share of the limit. Right: of leaving it alone.
    costs = np.full((count, 2 * count), 1.0)
    for row, piece in enumerate(pieces):
        for column, follower in enumerate(pieces):
            costs[row, column] = min(_cost(piece, follower, max(width, height)), 1e3)
    follower_of = {
        row: column
        for row, column in zip(*linear_sum_assignment(costs), strict=True)
        if column < count and costs[row, column] < 1
    }
    chains = []
    for start in set(range(count)) - set(follower_of.values()):
        chain = [start]
        while chain[-1] in follower_of:
            chain.append(follower_of[chain[-1]])
        chains.append([pieces[index] for index in chain])
    return chains


def _cost(piece: Tracklet, follower: Tracklet, picture: int) -> float:
    """Return how unlikely one person made both pieces; from 1 on it is no longer believed."""
    if follower.frames[0] <= piece.frames[-1]:
        return np.inf
    gap = follower.times[0] - piece.times[-1]
    looks = piece.appearance.distance(follower.appearance)
    looks = _UNSEEN if looks is None else looks
    if follower.follows == piece.track_id:
        return looks / _SHORT_LIMIT
    if gap > _SHORT_GAP:
        return looks / _LONG_LIMIT
    size = _size(piece, -1)
    grown = abs(np.log(_size(follower, 0) / size))
    expected = _middle(piece, -1) + _velocity(piece, -1) * min(gap, 0.5)
    moved = float(np.linalg.norm(_middle(follower, 0) - expected)) / size
    reach = 0.5 + 1.5 * gap
    return 0.5 * moved / reach + 0.5 * grown + 2 * looks


def _middle(tracklet: Tracklet, index: int) -> np.ndarray:
    return tracklet.observations[index].landmarks[BODY, :2].mean(axis=0)


def _size(tracklet: Tracklet, index: int) -> float:
    """Return the body's extent in pixels near one end of a tracklet, whatever its pose."""
    near = tracklet.observations[:5] if index == 0 else tracklet.observations[-5:]
    spans = [np.linalg.norm(np.ptp(o.landmarks[BODY, :2], axis=0)) for o in near]
    return max(float(np.median(spans)), 1.0)


def _velocity(tracklet: Tracklet, index: int) -> np.ndarray:
    """Return pixels per second (2,) over the last tenth or so of a second."""
    reach = min(len(tracklet.frames) - 1, 6)
    if reach == 0:
        return np.zeros(2)
    seconds = tracklet.times[index] - tracklet.times[index - reach]
    return (_middle(tracklet, index) - _middle(tracklet, index - reach)) / seconds


def _is_person(chain: list[Tracklet]) -> bool:
    times = [time for piece in chain for time in piece.times]
    presence = [o.presence for piece in chain for o in piece.observations]
    step = np.median(np.diff(times)) if len(times) > 1 else 0
    return bool(
        len(times) >= _MIN_FRAMES
        and len(times) * step >= _MIN_SECONDS
        and np.mean(presence) >= _MIN_PRESENCE
        and max(piece.best_score for piece in chain) >= _MIN_SCORE
    )


def _importance(chain: list[Tracklet]) -> float:
    return float(sum(np.prod(o.bbox[2:]) for piece in chain for o in piece.observations))


def _without_statues(chains: list[list[Tracklet]]) -> list[list[Tracklet]]:
    return chains


def _track(track_id: int, chain: list[Tracklet]) -> Track:
    seen = [observation for piece in chain for observation in piece.observations]
    return Track(
        track_id=track_id,
        frames=np.array([frame for piece in chain for frame in piece.frames]),
        landmarks=np.stack([o.landmarks for o in seen]),
        world_landmarks=np.stack([o.world_landmarks for o in seen]),
        bbox=np.stack([o.bbox for o in seen]),
        presence=np.array([o.presence for o in seen], np.float32),
    )

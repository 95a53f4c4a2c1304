"""Join the stretches in which somebody was followed without doubt into people."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from scipy.optimize import linear_sum_assignment

from core_model.tracking.appearance import Appearance
from core_model.tracking.going_on import unsteadiness
from core_model.tracking.steadied import Steadied
from core_model.tracking.tracks import BODY, Observation, Track, Tracklet
from core_model.video.cuts import shot_of, split_at

_MIN_SECONDS = 0.3
_MIN_FRAMES = 5
_MIN_SCORE = 0.65  # of the detector, once
_MIN_PRESENCE = 0.8  # on average; people reach 0.97, furniture flickers about 0.5
_MIN_DENSITY = 0.4  # share of the frames of a stretch in which somebody was really seen
_SHORT_GAP = 1.5  # seconds over which motion can be foretold
_GLIMPSE_SECONDS, _GLIMPSE_FRAMES = 0.5, 5
"""Over which nobody is known again who was seen for less than `_MIN_SECONDS`: it may be anybody."""
_SAME_LOOKS = 0.06  # most that somebody who left differs from who came back
_LOOKS_WEIGHT = 4.0
_EXCHANGED = (0.02, 0.12)
"""What it costs that two were exchanged who touched: where one was before the other, and where they
were never nearer than they need be to touch."""

_LEAST_APART = (0.1, 0.2)  # how near that is, in parts of the region's size
_UNSEEN = 0.1  # taken for the difference in looks when it cannot be told
_FEW_GLANCES = 3  # frames in which looks were taken
_STATUE_SIZE = 0.65  # of the main person's size: below it stands the background
_STATUE_MOTION = 0.04  # of its own size
_STATUE_PRESENCE = 0.92  # on average, below it something small is no person either
_START_SECONDS = 0.5
_START_JUMP = 1.7  # times the size in the frames before


def join_by_shots(
    tracklets: Sequence[Tracklet], times: np.ndarray, cuts: Sequence[float], steadied: Steadied
) -> list[Track]:
    """Return the people of each shot of a clip, one shot after the other, with ids from 1.

    Parameters
    ----------
    tracklets : sequence of Tracklet
        In any order; one that goes on through a cut is of the shot in which it begins.
    times : (T,)
        Seconds of all frames.
    cuts : sequence of float
        Seconds of the first frame of every shot but the first.
    steadied : Steadied
        Tells the camera's motion from that of people.
    """
    known = [each for each in tracklets if each.frames]
    begun = shot_of(np.array([each.times[0] for each in known]), cuts)
    people: list[Track] = []
    for shot, own in enumerate(split_at(times, cuts)):
        if len(own):
            here = [each for each, other in zip(known, begun, strict=True) if other == shot]
            people += join_tracklets(here, len(own), float(own[-1] - own[0]), steadied)
    return [replace(track, track_id=number) for number, track in enumerate(people, 1)]


def join_tracklets(
    tracklets: list[Tracklet], count: int, seconds: float, steadied: Steadied
) -> list[Track]:
    """Return the people of a clip, or of a shot of one, the most important first.

    Parameters
    ----------
    tracklets : list of Tracklet
        In any order.
    count : int
        Frames of the clip. Nobody can be seen for longer than the clip lasts, be it one picture.
    seconds : float
        From its first frame to its last.
    steadied : Steadied
        Tells the camera's motion from that of people.
    """
    least_frames, least_seconds = min(_MIN_FRAMES, count), min(_MIN_SECONDS, seconds)
    pieces = sorted((t for t in tracklets if _is_steady(t)), key=lambda t: t.frames[0])
    chains = [chain for chain in _chains(pieces) if _is_person(chain, least_frames, least_seconds)]
    chains.sort(key=_importance, reverse=True)
    main = chains[:1]
    chains = main + [each for each in chains[1:] if not _is_statue(each, main[0], steadied)]
    return [_track(index + 1, chain) for index, chain in enumerate(chains)]


def _chains(pieces: list[Tracklet]) -> list[list[Tracklet]]:
    """Join each piece with at most one that follows it, at the least total cost."""
    count = len(pieces)
    if count == 0:
        return []
    # Left: cost of joining row to column, as a share of the limit. Right: of leaving it alone.
    costs = np.full((count, 2 * count), 1.0)
    for row, piece in enumerate(pieces):
        for column, follower in enumerate(pieces):
            costs[row, column] = min(_cost(piece, follower), 1e3)
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


def _cost(piece: Tracklet, follower: Tracklet) -> float:
    """Return how unlikely one person made both pieces; from 1 on it is no longer believed."""
    if follower.frames[0] <= piece.frames[-1] and not _overlaps_in_doubt(piece, follower):
        return np.inf
    gap = max(follower.times[0] - piece.times[-1], 0.0)
    glimpse = min(_seconds(piece), _seconds(follower)) < _MIN_SECONDS - 1e-6
    missed = follower.frames[0] - piece.frames[-1]
    if glimpse and gap > _GLIMPSE_SECONDS and missed > _GLIMPSE_FRAMES:
        return np.inf
    looks = piece.appearance.distance(follower.appearance)
    glances = min(piece.appearance.glances, follower.appearance.glances)
    if gap > _SHORT_GAP:
        return unlike(piece.appearance, follower.appearance)
    # A glance or two, perhaps amid a jump or against the sun, tell little.
    trust = 0.0 if looks is None else glances / (glances + _FEW_GLANCES)
    looks = _LOOKS_WEIGHT * ((1 - trust) * _UNSEEN + trust * (looks or 0.0))
    goes_on = follower.follows == piece.track_id
    through = unsteadiness(piece, follower)
    if through is not None:
        exchanged = float(np.interp(follower.least_apart, _LEAST_APART, _EXCHANGED))
        return looks + through + exchanged * (not goes_on)
    if goes_on:
        return looks
    size = _size(piece, -1)
    grown = abs(np.log(_size(follower, 0) / size))
    expected = _middle(piece, -1) + _velocity(piece) * min(gap, 0.5)
    moved = float(np.linalg.norm(_middle(follower, 0) - expected)) / size
    return 0.3 * moved / (0.5 + 1.5 * gap) + 0.3 * grown + looks


def _overlaps_in_doubt(piece: Tracklet, follower: Tracklet) -> bool:
    """Tell whether two pieces overlap only where the second touches somebody.

    Both may have followed one body there.
    """
    if piece.apart_until is None or follower.apart_from is None:
        return False
    certain = follower.apart_from
    return (
        piece.frames[0] < follower.frames[0] and max(piece.apart_until, piece.times[-1]) <= certain
    )


def unlike(before: Appearance, after: Appearance) -> float:
    """Return how unlikely somebody who came back is who left; from 1 on it is not believed."""
    looks = before.distance(after)
    glances = min(before.glances, after.glances)
    return np.inf if looks is None or glances < _FEW_GLANCES else looks / _SAME_LOOKS


def _middle(tracklet: Tracklet, index: int) -> np.ndarray:
    return tracklet.observations[index].landmarks[BODY, :2].mean(axis=0)


def _size(tracklet: Tracklet, index: int) -> float:
    """Return the body's extent in pixels near one end of a tracklet, whatever its pose."""
    near = tracklet.observations[:5] if index == 0 else tracklet.observations[-5:]
    spans = [np.linalg.norm(np.ptp(o.landmarks[BODY, :2], axis=0)) for o in near]
    return max(float(np.median(spans)), 1.0)


def _velocity(tracklet: Tracklet) -> np.ndarray:
    """Return pixels per second (2,) at the end of a tracklet."""
    reach = min(len(tracklet.frames) - 1, 6)
    if reach == 0:
        return np.zeros(2)
    seconds = tracklet.times[-1] - tracklet.times[-1 - reach]
    return (_middle(tracklet, -1) - _middle(tracklet, -1 - reach)) / seconds


def _is_steady(tracklet: Tracklet) -> bool:
    """Tell whether somebody was seen most of the time, unlike shapes that now and then fool us."""
    if not tracklet.frames:
        return False
    return len(tracklet.frames) >= _MIN_DENSITY * (tracklet.frames[-1] - tracklet.frames[0] + 1)


def _seconds(piece: Tracklet) -> float:
    """Return for how long somebody was seen, without the frames between that show nobody.

    The last picture counts as the others do.
    """
    span = piece.frames[-1] - piece.frames[0]
    return (piece.times[-1] - piece.times[0]) * len(piece.frames) / max(span, 1)


def _is_person(chain: list[Tracklet], least_frames: int, least_seconds: float) -> bool:
    seen = sum(len(piece.frames) for piece in chain)
    presence = [o.presence for piece in chain for o in piece.observations]
    return bool(
        seen >= least_frames
        and sum(map(_seconds, chain)) >= least_seconds - 1e-6
        and np.mean(presence) >= _MIN_PRESENCE
        and max(piece.best_score for piece in chain) >= _MIN_SCORE
    )


def _importance(chain: list[Tracklet]) -> float:
    return float(sum(np.prod(o.bbox[2:]) for piece in chain for o in piece.observations))


def _is_statue(chain: list[Tracklet], main: list[Tracklet], steadied: Steadied) -> bool:
    """Tell whether this is a picture on the wall, a dummy or an onlooker in the background.

    That is: well smaller than the main person and without any motion, seen over sixths of the time
    in which the tremble of the landmarks averages out.
    """
    bodies = _bodies(chain)
    size = np.median(np.linalg.norm(np.ptp(bodies, axis=1), axis=1))
    main_size = np.median(np.linalg.norm(np.ptp(_bodies(main), axis=1), axis=1))
    times = np.concatenate([piece.times for piece in chain])
    parts = np.array_split(steadied.points(bodies, times), 6)
    places = np.stack([np.median(part, axis=0) for part in parts if len(part)])
    motion = np.median(np.linalg.norm(np.ptp(places, axis=0), axis=1)) / max(size, 1)
    presence = np.mean([o.presence for piece in chain for o in piece.observations])
    unsure = presence < _STATUE_PRESENCE
    return bool(size < _STATUE_SIZE * main_size and (motion < _STATUE_MOTION or unsure))


def _bodies(chain: list[Tracklet]) -> np.ndarray:
    return np.stack([o.landmarks[BODY, :2] for piece in chain for o in piece.observations])


def _false_start(times: list[float], seen: list[Observation]) -> int:
    """Return how many of the first observations took a head that came into view for a body.

    That shows as a jump in size within the first moments, from far less than the body to all of it.
    A body that was there before, and of which less is seen for a moment, is none.
    """
    sizes = np.array([np.hypot(*o.bbox[2:]) for o in seen])
    early = np.searchsorted(times, times[0] + _START_SECONDS)
    before = np.maximum.accumulate(sizes)[:-1][:early]
    jumps = np.flatnonzero(sizes[1 : early + 1] > _START_JUMP * before)
    return int(jumps[-1]) + 1 if len(jumps) else 0


def _track(track_id: int, chain: list[Tracklet]) -> Track:
    frames: list[int] = []
    times: list[float] = []
    seen: list[Observation] = []
    for piece in chain:
        new = int(np.searchsorted(piece.frames, frames[-1], side="right")) if frames else 0
        frames += piece.frames[new:]
        times += piece.times[new:]
        seen += piece.observations[new:]
    looks = Appearance()
    for piece in chain:
        looks.add(piece.appearance)
    first = _false_start(times, seen)
    frames, seen = frames[first:], seen[first:]
    return Track(
        track_id=track_id,
        frames=np.array(frames),
        landmarks=np.stack([o.landmarks for o in seen]),
        bbox=np.stack([o.bbox for o in seen]),
        presence=np.array([o.presence for o in seen], np.float32),
        looks=looks,
        score=max(piece.best_score for piece in chain),
    )

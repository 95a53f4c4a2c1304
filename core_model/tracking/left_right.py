"""Undo exchanges of left and right, which pose detectors make when they see somebody from behind.

A body is either as labelled or exchanged as a whole, and its arms or its legs may be alone, as a
detector does for some frames in a kick, or where one leg passes the other; the cheapest way through
the clip (the Viterbi path) is the one in which limbs go on as they went.
"""

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np

from core_model.body.landmarks import LANDMARK_INDEX, LANDMARK_MIRROR
from core_model.tracking.cheapest_way import cheapest_way_on

_PARTS = ("shoulder", "elbow", "wrist", "hip", "knee", "ankle", "foot_index")
_LIMBS = [LANDMARK_INDEX[f"{side}_{part}"] for side in ("left", "right") for part in _PARTS]
_PARTNERS = [_LIMBS.index(LANDMARK_MIRROR[landmark]) for landmark in _LIMBS]
_ARMS = {"elbow", "wrist", "pinky", "index", "thumb"}
_LEGS = {"knee", "ankle", "heel", "foot_index"}
_PART_OF = np.array(
    [
        1 if name.partition("_")[2] in _ARMS else 2 if name.partition("_")[2] in _LEGS else 0
        for name in LANDMARK_INDEX
    ]
)
"""For each landmark 0 for the trunk and the face, 1 for the arms, 2 for the legs."""

_STATES = np.array([[0, 0, 0], [1, 1, 1], [0, 1, 0], [1, 0, 1], [0, 0, 1], [1, 1, 0]])
"""Ways to be labelled: whether the trunk, the arms, the legs are exchanged."""

_WHOLE = _STATES[:2]
_ALONE = _STATES != _STATES[:, :1]  # parts that are labelled otherwise than the trunk
_CAPPED = 0.35  # of the figure's spread: one wild landmark is no exchange
_RELABELLING = 0.004
"""What it costs, for each frame and landmark, to mistrust the labels, in spreads of the figure."""

_CHANGING, _REMAINING = 0.0075, 0.0013
"""What it costs to begin or to end an exchange of legs alone, and each of its frames."""

_DOUBT = _ALONE @ [0.0, 2.0, 1.0]
"""For each state, times these costs: arms are hidden, and come from behind the body, more often."""

_RATE = 30.0
"""Frames per second; with fewer, limbs that pass each other look more like exchanged ones."""

_GOES_ON, _FORETOLD = 0.85, 0.15
"""How much of its way a limb goes on with, and seconds after which that says little."""

_BRIEFEST = 1e-6  # seconds between two frames
_FASTER = 3.0  # times the pause before, at most, for which it goes on

_NOTHING_TOLD: Mapping[int, float] = MappingProxyType({})


def exchanged_frames(
    landmarks: np.ndarray, times: np.ndarray, told: Mapping[int, float] = _NOTHING_TOLD
) -> np.ndarray:
    """Tell in which frames left and right were exchanged, (T,) bool.

    A limb is expected where it was going: shoulders that pass each other in a turn go on, those
    that are exchanged turn back.

    Parameters
    ----------
    landmarks : (T, 33, 3)
        Pixels and visibility.
    times : (T,)
        Seconds; after a long pause a frame says nothing about the next.
    told : mapping of int to float
        Frames of which something else tells: what it costs to take one as labelled, or, below 0, to
        take it as exchanged; in the unit of all costs here, of which a jump of everything is 0.35.
    """
    count = len(landmarks)
    if count < 2:
        return np.zeros(count, bool)
    labelling = np.tile([0.0, _RELABELLING], (count, 1))
    for frame, cost in told.items():
        labelling[frame] += max(cost, 0.0), max(-cost, 0.0)
    return cheapest_way_on(*_steps(landmarks, times, _WHOLE), labelling).astype(bool)


def exchanged_landmarks(landmarks: np.ndarray, times: np.ndarray) -> np.ndarray:
    """Tell which landmarks were exchanged with those of the other side, (T, 33) bool.

    As `exchanged_frames`, but also of arms or legs that were exchanged alone: where the whole body
    was, these are all landmarks of the frame.

    Parameters
    ----------
    landmarks : (T, 33, 3)
        Pixels and visibility.
    times : (T,)
        Seconds; after a long pause a frame says nothing about the next.
    """
    if len(landmarks) < 2:
        return np.zeros(landmarks.shape[:2], bool)
    first, steps = _steps(landmarks, times, _STATES)
    doubt = _DOUBT * max(_RATE * float(np.median(np.diff(times))), 1.0) ** 2
    changes = (_ALONE[:, None] != _ALONE[None]).any(axis=-1)
    changing = _CHANGING * changes * (doubt[:, None] + doubt[None])
    labelling = np.tile(_RELABELLING * _STATES[:, 0] + _REMAINING * doubt, (len(landmarks), 1))
    labelling[[0, -1]] += _CHANGING * doubt
    states = cheapest_way_on(first + changing, steps + changing, labelling)
    return _STATES[states][:, _PART_OF].astype(bool)


class SidesSoFar:
    """Tells of somebody, while frames come in, whether `exchanged_frames` would tell of any."""

    def __init__(self) -> None:
        self._costs = self._relabelled = np.array([0.0, _RELABELLING])
        self._any = self._now = np.array([False, True])  # exchanged frames on the way to each state
        self._last: list[tuple[np.ndarray, float]] = []

    def see(self, landmarks: np.ndarray, time: float) -> None:
        """Take in the landmarks (33, 3) of the next frame, at `time`, seconds."""
        self._last = [*self._last[-2:], (landmarks, time)]
        if len(self._last) < 2:
            return
        marks, times = (np.array(each) for each in zip(*self._last, strict=True))
        first, steps = _steps(marks, times, _WHOLE)
        if len(steps):
            ways = self._costs[..., None] + steps[0]
            self._any = np.take_along_axis(self._any[..., None], ways.argmin(axis=0)[None], 0)[0]
            self._costs = ways.min(axis=0)
        else:
            self._costs, self._any = self._costs[:, None] + first, self._any[:, None]
        self._costs = self._costs + self._relabelled
        self._any = self._any | self._now

    @property
    def exchanged(self) -> bool:
        """Whether left and right were exchanged in any frame so far."""
        return bool(self._any.flat[self._costs.argmin()])


def _steps(
    landmarks: np.ndarray, times: np.ndarray, states: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return what the first step (S, S) and every other (T - 2, S, S, S) between states costs.

    Parameters
    ----------
    landmarks : (T, 33, 3)
        Of two frames at least.
    times : (T,)
    states : (S, 3)
        As `_STATES`.
    """
    otherwise = (states[:, None] != states[None]).astype(int)
    points = landmarks[:2, _LIMBS, :2]
    ways = points[1:] - points[:1], points[1:][:, _PARTNERS] - points[:1]
    jumps = np.stack([_apart(way, landmarks[:2], times[:2])[0] for way in ways], axis=-1)
    swerves = _swerves(landmarks, times)
    parts = range(states.shape[1])
    first = sum(jumps[part][otherwise[..., part]] for part in parts)
    steps = sum(
        swerves[:, part][:, otherwise[:, :, None, part], otherwise[None, :, :, part]]
        for part in parts
    )
    return np.asarray(first), np.asarray(steps)


def _swerves(landmarks: np.ndarray, times: np.ndarray) -> np.ndarray:
    """Return how far parts are from where they were going (T - 2, 3, 2, 2), in every third frame.

    The second and the third frame as labelled or exchanged, each against the one before.
    """
    points, intervals = landmarks[:, _LIMBS, :2], np.diff(times)
    on = _GOES_ON * np.exp(-((intervals[1:] / _FORETOLD) ** 2))
    longer = intervals[1:] / np.maximum(intervals[:-1], _BRIEFEST)
    on = (on * np.minimum(longer, _FASTER))[:, None, None]
    swerves = np.empty((len(points) - 2, _STATES.shape[1], 2, 2))
    same = list(range(len(_LIMBS)))
    for before in range(2):
        which = _PARTNERS if before else same
        came = points[1:-1] - points[:-2][:, which]
        # From where nobody saw a limb it goes nowhere.
        came = came * landmarks[:-2, _LIMBS, 2, None][:, which]
        for now, other in enumerate((same, _PARTNERS)):
            way = points[2:][:, other] - points[1:-1] - on * came
            swerves[..., before, now] = _apart(way, landmarks[1:], times[1:])
    return swerves


def _apart(way: np.ndarray, landmarks: np.ndarray, times: np.ndarray) -> np.ndarray:
    """Return how long ways (T - 1, 14, 2) of the limbs from one frame to the next are, (T - 1, 3).

    Of each part, in spreads of the figure, by how well its limbs are seen.
    """
    points = landmarks[:, _LIMBS, :2]
    spread = np.linalg.norm(points - points.mean(axis=1, keepdims=True), axis=-1).mean(axis=1)
    spread = np.maximum((spread[1:] + spread[:-1]) / 2, 1e-6)[:, None]
    weight = np.minimum(landmarks[1:, _LIMBS, 2], landmarks[:-1, _LIMBS, 2])
    # A part that is hidden on one side jumps as little as it is seen, whichever side it is.
    weight = (weight + weight[:, _PARTNERS]) / 2
    # Pauses count as the more uncertain the longer they last.
    weight = weight / np.maximum(np.diff(times) / 0.1, 1.0)[:, None]
    shares = np.eye(_STATES.shape[1])[_PART_OF[_LIMBS]] / len(_LIMBS)
    distance = np.linalg.norm(way, axis=-1) / spread
    return np.asarray(weight * np.minimum(distance, _CAPPED) @ shares)


def with_sides_restored(landmarks: np.ndarray, exchanged: np.ndarray) -> np.ndarray:
    """Return landmarks (T, 33, 3) with left and right exchanged back where they were.

    Parameters
    ----------
    exchanged : (T,) or (T, 33)
        bool; of whole frames, or of landmarks and their partners.
    """
    mirrored = landmarks[:, list(LANDMARK_MIRROR)]
    return np.where(exchanged.reshape(len(landmarks), -1)[..., None], mirrored, landmarks)

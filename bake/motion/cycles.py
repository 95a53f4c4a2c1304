"""Takes that end as they begin: a walk or a run that is played again and again."""

import math
from dataclasses import replace
from typing import Any

import numpy as np

from bake.motion.resample import Keys, Timeline
from bake.motion.touches import Touch, entry_of, touches_of, within
from core_model.take import Footage, Take

_MARK = "cycle"
_FILMED = ("keypoints2d", "bbox", "confidence", "confidence_hands", "frame_valid")
_SURROUNDINGS = 4.0  # seconds before and after: what is further away has no part in a moment
_MEETS = 1e-3  # seconds between touches that are one


def is_cycle(take: Take) -> bool:
    """Return whether a take ends as it begins, further on, and is meant to be repeated."""
    return take.source.get(_MARK) is True


def as_cycle(take: Take, on: bool = True) -> Take:
    """Return a take that says so, or says so no more."""
    source = {name: value for name, value in take.source.items() if name != _MARK}
    return replace(take, source=source | {_MARK: True} if on else source)


def unrolled(take: Take) -> Take:
    """Return a cycle several times, its own moments in the middle.

    What is worked out from surroundings, as smoothing and standing feet are, then has the same at
    both ends of the middle.
    """
    length, way = take.times[-1] - take.times[0], take.trans[-1] - take.trans[0]
    last = len(take) - 1
    beside = math.ceil(_SURROUNDINGS / length)
    numbers = np.arange(-beside, beside + 1)
    rows = np.concatenate((np.tile(np.arange(last), len(numbers)), [last]))
    rounds = np.append(np.repeat(numbers, last), beside)
    changed: dict[str, Any] = {name: getattr(take, name)[rows] for name in _FILMED}
    if take.poses_hands is not None:
        changed["poses_hands"] = take.poses_hands[rows]
    for name in ("camera_turns", "camera_zoom"):
        if np.size(getattr(take, name)):
            changed[name] = getattr(take, name)[rows]
    if take.footage is not None:
        changed["footage"] = _footage_again(take.footage[rows], take.footage, rounds, way)
    repeated = [
        _moved(touch, number * length, number * way)
        for number in numbers
        for touch in within(touches_of(take), float(take.times[0]), float(take.times[-1]))
    ]
    return replace(
        take,
        poses=take.poses[rows],
        trans=take.trans[rows] + rounds[:, None] * way,
        times=take.times[rows] + rounds * length,
        source=as_cycle(take, False).source | {"contacts": [entry_of(t) for t in _one(repeated)]},
        **changed,
    )


def middle(keys: Keys, timeline: Timeline, take: Take) -> Keys:
    """Return keys of an unrolled cycle at the moments of the cycle itself."""
    times = timeline.time_of(keys.frames)
    slack = 0.01 / timeline.rate.value
    inside = np.flatnonzero((times >= take.times[0] - slack) & (times <= take.times[-1] + slack))
    return keys[slice(int(inside[0]), int(inside[-1]) + 1)]


def _footage_again(
    repeated: Footage, once: Footage, rounds: np.ndarray, way: np.ndarray
) -> Footage:
    """Return what was known of a cycle, in rows of its rounds (R,), each moved on by (3,)."""
    camera = repeated.camera.copy()
    camera[repeated.filmed, :, 3] += (rounds[:, None] * way)[repeated.filmed]
    clock = repeated.clock + rounds * (once.clock[-1] - once.clock[0])
    part = repeated.part + (rounds - rounds.min()) * (np.ptp(once.part) + 1)
    slid = repeated.foot_slid + rounds[:, None, None] * (once.foot_slid[-1] - once.foot_slid[0])
    return replace(repeated, part=part, camera=camera, clock=clock, foot_slid=slid)


def _moved(touch: Touch, later: float, way: np.ndarray) -> Touch:
    surface = None if touch.surface is None else touch.surface + way
    return replace(touch, start=touch.start + later, end=touch.end + later, surface=surface)


def _one(touches: list[Touch]) -> list[Touch]:
    """Return touches of which those that go on where another ends are one."""
    found: list[Touch] = []
    for touch in sorted(touches, key=lambda each: each.start):
        for place, before in enumerate(found):
            same = replace(touch, start=0, end=0, surface=None) == replace(
                before, start=0, end=0, surface=None
            )
            level = touch.surface is None and before.surface is None
            if same and level and abs(touch.start - before.end) < _MEETS:
                found[place] = replace(before, end=touch.end)
                break
        else:
            found.append(touch)
    return found

"""What is said to touch in takes that others are made of, and feet that stand where two meet."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from bake.cleaning import cleaned
from bake.feet.contacts import intervals
from bake.motion.resample import Timeline, rate_of
from bake.motion.smoothing import load_profile
from bake.motion.touches import Touch, entry_of, touches_of
from core_model.body.model import Body
from core_model.take import Take


def with_touches(take: Take, touches: list[Touch]) -> Take:
    """Return a take that says what touches, and nothing else of it."""
    source = {name: value for name, value in take.source.items() if name != "contacts"}
    said = {"contacts": [entry_of(each) for each in touches]} if touches else {}
    return replace(take, source=source | said)


def touching_as(take: Take, change: Callable[[Touch], Touch]) -> Take:
    """Return a take whose contacts were all changed alike."""
    return with_touches(take, [change(each) for each in touches_of(take)])


def at_places(take: Take, place: Callable[[np.ndarray], np.ndarray], rise: float = 0.0) -> Take:
    """Return a take whose surfaces are elsewhere, with the figure that touches them.

    Parameters
    ----------
    take : Take
    place : callable
        Tells of points (P, 3), metres, where they are now.
    rise : float
        How much higher levels are, metres.
    """

    def change(touch: Touch) -> Touch:
        surface, height = touch.surface, touch.height
        if surface is not None:
            surface = place(surface.reshape(-1, 3)).reshape(-1, 3, 3)
        if height is not None and rise:
            height += rise
        return replace(touch, surface=surface, height=height)

    return touching_as(take, change)


def stands_of(take: Take, body: Body) -> np.ndarray:
    """Return which feet (T, 2) a bake holds: 0 not, 1 on the floor, 2 elsewhere."""
    timeline = Timeline(rate_of(take.times), float(take.times[0]))
    stands = np.zeros((len(take), 2), int)
    slack = 0.5 / timeline.rate.value
    for each in cleaned(take, timeline, load_profile("default"), body, "ground", "auto").stands:
        rows = (take.times > each.start - slack) & (take.times < each.end + slack)
        stands[rows, int(each.limb == "right_foot")] = 1 if each.height == 0 else 2
    return stands


def standing_as(take: Take, stands: np.ndarray, start: float, end: float) -> Take:
    """Return a take whose feet are held, around two times, where they stood in what it is made of.

    Where two motions become one, neither capture's foot is quite where the other's was.

    Parameters
    ----------
    take : Take
    stands : (T, 2) int
        As `stands_of` tells.
    start, end : float
        Seconds.
    """
    held = []
    for foot, limb in enumerate(("left_foot", "right_foot")):
        for first, last in intervals(stands[:, foot] > 0):
            since, until = float(take.times[first]), float(take.times[last - 1])
            if since <= end and until >= start:
                height = 0.0 if np.median(stands[first:last, foot]) < 1.5 else None
                held.append(Touch(limb, since, until, height=height, rolls=True, found=True))
    return with_touches(take, touches_of(take) + held)


def standing_still(take: Take, body: Body, start: float, end: float) -> Take:
    """Return a take in which feet that stand between two times are held exactly when it is baked.

    Parameters
    ----------
    take : Take
    body : Body
    start, end : float
        Seconds.
    """
    said = touches_of(take)
    timeline = Timeline(rate_of(take.times), float(take.times[0]))
    found = cleaned(take, timeline, load_profile("default"), body, "ground", "auto").stands
    held = [
        replace(each, rolls=True, found=True)
        for each in found
        if each.start <= end and each.end >= start
    ]
    return with_touches(take, said + held)

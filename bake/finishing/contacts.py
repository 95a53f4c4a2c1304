"""What is said to touch in takes that others are made of, and feet that stand where two meet."""

from collections.abc import Callable, Iterable
from dataclasses import replace

import numpy as np

from bake.cleaning import cleaned
from bake.feet.contacts import intervals
from bake.feet.figure import TOE, figure_of, foot_points, posed
from bake.motion.resample import FrameRate, Timeline, rate_of
from bake.motion.smoothing import load_profile
from bake.motion.touches import Touch, entry_of, touches_of
from bake.touching.holds import rolled_on
from core_model.body.model import Body
from core_model.take import Take

_OF_A_FRAME = 0.25


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


class FeetInABake:
    """What the feet of a take do once it is baked.

    Parameters
    ----------
    take : Take
    body : Body
    rate : FrameRate, optional
        Of the bake; that of the take.

    Attributes
    ----------
    held : tuple of Touch
        When it holds them.
    """

    def __init__(self, take: Take, body: Body, rate: FrameRate | None = None) -> None:
        timeline = Timeline(rate or rate_of(take.times), float(take.times[0]))
        baked = cleaned(take, timeline, load_profile("default"), body, "ground", "auto")
        keys = baked.keys
        pose = posed(figure_of(body, take.betas), keys.quaternions, keys.positions)
        points = np.concatenate((foot_points(pose), pose.soles[:, :, TOE, None]), axis=2)
        self.held = baked.stands
        self._interval, self._moments = 1 / timeline.rate.value, timeline.time_of(keys.frames)
        self._slid = np.stack([rolled_on(points[:, side]) for side in range(2)], 1)

    def stands(self, times: np.ndarray) -> np.ndarray:
        """Return which feet it holds (N, 2) at times (N,): 0 not, 1 on the floor, 2 elsewhere."""
        stands = np.zeros((len(times), 2), int)
        slack = 0.5 * self._interval
        for each in self.held:
            rows = (times > each.start - slack) & (times < each.end + slack)
            stands[rows, int(each.limb == "right_foot")] = 1 if each.height == 0 else 2
        return stands

    def slid(self, times: np.ndarray) -> np.ndarray:
        """Return how far over the ground what bears each foot has moved (N, 2, 2), metres."""
        flat = self._slid.reshape(len(self._slid), -1).T
        read = np.stack([np.interp(times, self._moments, each) for each in flat], axis=1)
        return read.reshape(len(times), 2, 2)


def standing_as(take: Take, stands: np.ndarray) -> Take:
    """Return a take whose feet are held where they stood in what it is made of.

    Between frames, and where two motions become one, no foot is quite where it was: a bake that
    found by itself how to bring it back would let it slide otherwise than before.

    Parameters
    ----------
    take : Take
    stands : (T, 2) int
        As `FeetInABake.stands` tells.
    """
    # Two takes seldom keep time to the millisecond: a moment so near to a frame is that frame.
    held, near = [], _OF_A_FRAME / take.frame_rate
    for foot, limb in enumerate(("left_foot", "right_foot")):
        for first, last in intervals(stands[:, foot] > 0):
            since, until = float(take.times[first]) - near, float(take.times[last - 1]) + near
            height = 0.0 if np.median(stands[first:last, foot]) < 1.5 else None
            held.append(Touch(limb, since, until, height=height, rolls=True, found=True))
    return standing(take, held)


def standing(take: Take, held: Iterable[Touch]) -> Take:
    """Return a take whose feet a bake holds when it is told, besides what somebody said."""
    found = [replace(each, rolls=True, found=True) for each in held]
    return with_touches(take, [*(each for each in touches_of(take) if not each.found), *found])


def slid_as(take: Take, slid: np.ndarray) -> Take:
    """Return a take whose standing feet slide as far over the ground as is told, (T, 2, 2)."""
    footage = None if take.footage is None else replace(take.footage, foot_slid=slid)
    return replace(take, footage=footage)

"""Which way is up, found from people who keep their balance and from where their feet stand.

Four kinds of evidence are weighed against each other by how far each may be off:

- balance: the middle of the mass of somebody on the feet is above them, on average. Across the
  picture this is seen well; towards the lens figures lean by some degrees, all in the same way.
- places where feet stood, which share one plane for each person: the further apart, the more they
  tell about the slant of the floor.
- where people lie, crawl or sit on the floor, their weight cannot sink further (`resting`).
- how people hold cameras: upright, and looking slightly down.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import OptimizeResult, least_squares

from core_model.body.mass import center_of_mass
from core_model.world.resting import Resting
from core_model.world.standing import (
    RAISED,
    foot_points,
    leg_reach,
    standing,
    stillness,
)

_MAX_LEAN = np.cos(np.radians(55))  # from the upright: more is lying, not a tilted camera
_BENT, _STRAIGHT = 0.72, 0.82  # of the leg's length from hip to ankle: sitting, and surely not
_LEAN_ALONG, _LEAN_ACROSS = np.radians(6.0), np.radians(2.5)
_SWAY = np.radians(6.0)
_SWAY_SECONDS = 0.5
_ROBUST_LEAN = 0.15  # radians
_ASTRIDE = 0.3  # of how far the feet are apart: where between them the mass may be
_SLIDING = 0.1  # how surely the lower foot carries the body though it does not keep still
_SHORTEST_STANCE = 0.1  # seconds
_SAME_PLACE = 0.25  # metres: how a figure errs about one place, it errs every time
_CARRIES = 0.4  # how surely a foot carries the body while a stance lasts
_FLATNESS = 0.05  # metres by which feet on one floor seem to differ in height
_PITCH, _PITCH_SPREAD = np.radians(5.0), np.radians(12.0)  # looking down
_ROLL_SPREAD = np.radians(6.0)
_LEVEL = 1e-9  # metres
_SUNK, _REST_SECONDS = 0.06, 0.5
"""Metres by which somebody on the floor may seem to lie higher than could be, and how long they
lie there until that counts in full."""
_STOOD = 0.4  # seconds on their feet after which people are known to have stood
_LENS_ABOVE = 0.15  # metres above the floor that a lens is at least
_WIDENED = (8.0, 4.0, 2.0, 1.0, 1.0)
"""By round, how many times further off places may be: the first guess of up is far from true."""
_RAISED = (RAISED, 0.3)
"""Metres by which a foot may be above the other and still carry: little finds those who stand on
one leg, much those whose feet seem to be at different heights; the more probable counts."""


@dataclass(frozen=True)
class Stance:
    """A place where a foot stood still for a while.

    Parameters
    ----------
    place : (3,)
        Of the ball of the foot, metres.
    seconds : float
        How long, in all if it came back.
    """

    place: np.ndarray
    seconds: float


@dataclass(frozen=True)
class _Balance:
    """How somebody stood on average.

    Direction (3,) of the mass from the feet, place (3,) of the mass in metres, seconds on the feet,
    and the angle by which the mass may be off since it is anywhere between the feet.
    """

    direction: np.ndarray
    place: np.ndarray
    seconds: float
    astride: float


@dataclass(frozen=True)
class _Lying:
    """Somebody on the floor, and how surely at which moments (N,)."""

    outline: Resting
    low: np.ndarray

    def misfits(self, up: np.ndarray) -> list[float]:
        """Return by how many standard deviations the body lies too high if this is up.

        Above what it lies on, and above the camera, which is under no floor.
        """
        support, lies = np.zeros(len(self.low)), np.flatnonzero(self.low)
        support[lies] = self.outline.at(lies).support(up)  # the other moments weigh nothing
        height = float(np.average(self.outline.mass @ up - support, weights=self.low))
        floor = float(np.average(support, weights=self.low))
        seconds = float(self.low.sum()) * self.outline.seconds
        sure = float(np.sqrt(min(seconds / _REST_SECONDS, 1.0)))
        return [sure * height / _SUNK, sure * max(floor + _LENS_ABOVE, 0.0) / _SUNK]


def find_up(
    people: list[np.ndarray], times: list[np.ndarray], outlines: Sequence[Resting] = ()
) -> np.ndarray:
    """Return the unit vector (3,) in camera space that points up.

    Where nobody stands or lies, it is that of a camera as people hold them.

    Parameters
    ----------
    people : list of (T, 24, 3)
        Joints in camera space, metres, of the frames in which each person was seen.
    times : list of (T,)
        Seconds of these frames.
    outlines : sequence of Resting
        Of the same people; without them nobody is known to lie.
    """
    points = [foot_points(joints) for joints in people]
    still = [stillness(each, moments) for each, moments in zip(points, times, strict=True)]
    given = (people, times, points, still, outlines)
    found = [_settled(*given, raised) for raised in _RAISED]
    # Who lies under a first guess of up may pull it on to where everybody lies, and nobody's feet
    # count any more: where people surely stood without that, it is asked which of both fits better.
    upright = [_settled(*given, raised, guessing=False) for raised in _RAISED]
    found += [each for each in upright if each.stood > _STOOD]
    return _up(min(found, key=lambda each: each.doubt).x)


def _settled(
    people: list[np.ndarray],
    times: list[np.ndarray],
    points: list[np.ndarray],
    still: list[np.ndarray],
    outlines: Sequence[Resting],
    raised: float,
    guessing: bool = True,
) -> OptimizeResult:
    """Find up and the feet that carry in turns.

    Without `guessing` only those lie who surely do. `x` are the angles of up, `doubt` says how
    improbable they are, `stood` for how many seconds people were on their feet.
    """
    result = OptimizeResult(x=np.zeros(2))
    for widened in _WIDENED:
        up = _up(result.x)
        # Feet of somebody who lies keep still as well.
        on_feet = [np.ones(len(each)) for each in points]
        for index, outline in enumerate(outlines):
            on_feet[index] = outline.on_feet(up, len(points[index]))
        loads = [
            standing(each, rest, up, raised) * carry[:, None]
            for each, rest, carry in zip(points, still, on_feet, strict=True)
        ]
        feet = [
            standing(each, np.maximum(rest, _SLIDING), up, raised) * carry[:, None]
            for each, rest, carry in zip(points, still, on_feet, strict=True)
        ]
        lows = [outline.lowness(up, widened if guessing else 1.0) for outline in outlines]
        lying = [_Lying(*each) for each in zip(outlines, lows, strict=True) if each[1].any()]
        balances = [
            balance
            for each in zip(people, points, feet, times, strict=True)
            if (balance := _balance(*each)) is not None
        ]
        floors = [stances(*each) for each in zip(points, loads, times, strict=True)]
        given = (balances, floors, lying, widened * _FLATNESS)
        result = least_squares(_misfits, result.x, args=given)
        result.doubt = float(np.square(_misfits(result.x, *given, judging=True)).sum())
        result.stood = sum(balance.seconds for balance in balances)
    return result


def stances(points: np.ndarray, load: np.ndarray, times: np.ndarray) -> list[Stance]:
    """Find the places where feet stood.

    Parameters
    ----------
    points : (T, 4, 3)
        From `core_model.world.standing.foot_points`.
    load : (T, 4)
        From `core_model.world.standing.standing`.
    times : (T,)
        Seconds.
    """
    found: list[Stance] = []
    for foot in (0, 1):
        # Heel and ball: a foot that rolls over its ball is higher than the floor somewhere.
        sure = load[:, [foot, foot + 2]].min(axis=1)
        own: list[Stance] = []
        edges = np.flatnonzero(np.diff(np.r_[False, sure > _CARRIES, False].astype(int)))
        for start, end in zip(edges[::2], edges[1::2], strict=True):
            seconds = float(times[end - 1] - times[start])
            if seconds < _SHORTEST_STANCE:
                continue
            part = slice(start, end)
            place = np.average(points[part, foot + 2], axis=0, weights=sure[part])
            for index, other in enumerate(own):
                if np.linalg.norm(other.place - place) < _SAME_PLACE:
                    both = other.seconds + seconds
                    middle = (other.seconds * other.place + seconds * place) / both
                    own[index] = Stance(middle, both)
                    break
            else:
                own.append(Stance(place, seconds))
        found += own
    return found


def _balance(
    joints: np.ndarray, points: np.ndarray, load: np.ndarray, times: np.ndarray
) -> _Balance | None:
    """Average how the mass is above the feet, None when somebody never stands."""
    straight = np.clip((leg_reach(joints) - _BENT) / (_STRAIGHT - _BENT), 0, 1)
    load = load * straight[:, [0, 1, 0, 1]]
    total = load.sum(axis=1)
    mass = center_of_mass(joints)
    support = (load[..., None] * points).sum(axis=1) / np.maximum(total, 1e-6)[:, None]
    lean = mass - support
    height = np.linalg.norm(lean, axis=1)
    lean /= height[:, None]
    apart = np.linalg.norm(points - support[:, None], axis=-1)
    astride = _ASTRIDE * (load * apart).sum(axis=1) / np.maximum(total, 1e-6) / height
    trust = np.where(-lean[:, 1] > _MAX_LEAN, np.minimum(total, 1.0), 0.0)
    trust = trust / (1 + (astride / _LEAN_ACROSS) ** 2)
    if trust.sum() < 1e-3:
        return None
    average = np.median(lean[trust > 0.5 * trust.max()], axis=0)
    for _ in _WIDENED:
        off = np.linalg.norm(lean - average, axis=1)
        weight = trust / (1 + (off / _ROBUST_LEAN) ** 2)
        average = (weight[:, None] * lean).sum(axis=0) / weight.sum()
    step = float(np.median(np.diff(times))) if len(times) > 1 else 0.0
    return _Balance(
        average / np.linalg.norm(average),
        np.average(mass, axis=0, weights=trust),
        float(trust.sum() * step),
        float(np.average(astride, weights=trust)),
    )


def _misfits(
    angles: np.ndarray,
    balances: list[_Balance],
    floors: list[list[Stance]],
    lying: list["_Lying"],
    flatness: float,
    judging: bool = False,
) -> np.ndarray:
    """Return by how many standard deviations everything is off if up is at `angles` (2,).

    Everybody lies if the camera looks straight down. So to be `judging` whether up is there, it
    counts in full how strange such a camera is where nobody's feet tell of it, and no more than
    of all else how high somebody lies.
    """
    up = _up(angles)
    pitch = (angles[0] - _PITCH) / _PITCH_SPREAD
    misfits: list[np.ndarray | float] = [
        pitch if judging and not balances else _forgiving(pitch),
        _forgiving(angles[1] / _ROLL_SPREAD),
    ]
    # What all figures have in common does not average out over people.
    people = len(balances)
    for balance in balances:
        along = balance.place - (balance.place @ up) * up
        # Of somebody right below the camera there is no "towards the lens".
        along /= max(np.linalg.norm(along), _LEVEL)
        sway = _SWAY / np.sqrt(max(balance.seconds / _SWAY_SECONDS, 1))
        for axis, lean in ((along, _LEAN_ALONG), (np.cross(along, up), _LEAN_ACROSS)):
            allowed = np.hypot(np.hypot(lean, balance.astride) * np.sqrt(people), sway)
            misfits.append(np.arcsin(np.clip(balance.direction @ axis, -1, 1)) / allowed)
    for places in floors:
        if len(places) > 1:
            heights = np.array([stance.place @ up for stance in places])
            misfits.extend(_forgiving((heights - np.median(heights)) / flatness))
    for each in lying:
        lies = np.array(each.misfits(up))
        misfits.extend(_forgiving(lies) if judging else lies)
    return np.array(misfits)


def _up(angles: np.ndarray) -> np.ndarray:
    """Return up (3,) in the space of a camera that looks down and is turned by `angles` (2,)."""
    down, roll = angles
    return np.array([np.sin(roll) * np.cos(down), -np.cos(roll) * np.cos(down), -np.sin(down)])


def _forgiving(deviations: np.ndarray) -> np.ndarray:
    """Let what is off by more than some standard deviations count ever less (Student's t, 3)."""
    return np.asarray(
        np.sign(deviations) * np.sqrt(3 * np.log1p(np.square(deviations) / 3)), np.float64
    )

"""What an animator says of a capture: plain records that the solve explains the motion by.

Times are seconds in the clip, as in a Take's `times`. A correction without a frame that near (the
take is shorter, or was captured at another rate) is refused, never moved.
"""

from collections.abc import Collection
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np

_SAME = 1e-3  # seconds

LIMBS = ("all", "arms", "legs")
"""What a `Swap` exchanges."""

TOUCHING = ("left_foot", "right_foot", "left_hand", "right_hand", "left_knee", "right_knee", "seat")
"""What a `Contact` speaks of."""


@dataclass(frozen=True)
class RotationPin:
    """A joint is turned so at one moment.

    Parameters
    ----------
    person : int
        Number of the take in its folder, from 1.
    time : float
        Seconds.
    joint : int
        SMPL's.
    rotation : (3, 3)
        Local, against the parent at rest in SMPL's space; of the pelvis from SMPL space to the
        world (Z up).
    soft : bool
        It counts, but need not be reached.
    """

    person: int
    time: float
    joint: int
    rotation: np.ndarray
    soft: bool = False


@dataclass(frozen=True)
class PlacePin:
    """A joint is at a place at one moment.

    Parameters
    ----------
    person : int
        Number of the take in its folder, from 1.
    time : float
        Seconds.
    joint : int
        SMPL's.
    place : (3,)
        Metres, in the take's world (Z up).
    soft : bool
        It counts, but need not be reached.
    moved : (3,) or None
        How far the bake that was looked at had moved the figure as a whole, if that is known.
    """

    person: int
    time: float
    joint: int
    place: np.ndarray
    soft: bool = False
    moved: np.ndarray | None = None


Pin = RotationPin | PlacePin


@dataclass(frozen=True)
class MovedLandmark:
    """A landmark is seen at a place in the picture at one moment.

    Parameters
    ----------
    person : int
        Number of the take in its folder, from 1.
    time : float
        Seconds.
    landmark : int
        BlazePose's.
    at : (2,)
        Pixels of the upright picture.
    """

    person: int
    time: float
    landmark: int
    at: np.ndarray


@dataclass(frozen=True)
class HiddenLandmark:
    """A landmark is hidden for a while: what was seen of it counts for nothing.

    Parameters
    ----------
    person : int
        Number of the take in its folder, from 1.
    start, end : float
        Seconds, both included.
    landmark : int
        BlazePose's.
    """

    person: int
    start: float
    end: float
    landmark: int


@dataclass(frozen=True)
class Fill:
    """What was captured of some joints for a while is wrong: it is led from before to after.

    Parameters
    ----------
    person : int
        Number of the take in its folder, from 1.
    start, end : float
        Seconds, both included.
    joints : tuple of int
        SMPL's; with the pelvis, the whole body's place.
    """

    person: int
    start: float
    end: float
    joints: tuple[int, ...]


@dataclass(frozen=True)
class Swap:
    """Left and right were exchanged for a while.

    Parameters
    ----------
    person : int
        Number of the take in its folder, from 1.
    start, end : float
        Seconds, both included.
    limbs : str
        One of `LIMBS`.
    """

    person: int
    start: float
    end: float
    limbs: str = "all"


@dataclass(frozen=True)
class Exchange:
    """Two people were taken for each other from a moment on.

    Parameters
    ----------
    people : (2,) of int
        Numbers of the takes in their folder, from 1.
    time : float
        Seconds.
    """

    people: tuple[int, int]
    time: float


@dataclass(frozen=True)
class Contact:
    """A part of the body touches something for a while, or does not, whatever it seems to.

    Parameters
    ----------
    person : int
        Number of the take in its folder, from 1.
    start, end : float
        Seconds, both included.
    limb : str
        One of `TOUCHING`.
    touches : bool
    height : float or None
        Of what it touches, metres above the floor; None for as high as it was captured.
    surface : (F, 3, 3) or None
        Triangles of what it touches, metres in the take's world (Z up); they count, not `height`.
    rolls : bool
        Of a foot: it may roll over heel and ball meanwhile, as one that walks does.
    """

    person: int
    start: float
    end: float
    limb: str
    touches: bool = True
    height: float | None = 0.0
    surface: np.ndarray | None = None
    rolls: bool = False


@dataclass(frozen=True)
class Corrections:
    """All that is said of the takes of one capture.

    Parameters
    ----------
    pins : tuple of Pin
    landmarks : tuple of MovedLandmark and HiddenLandmark
    swaps : tuple of Swap
    exchanges : tuple of Exchange
        Made first, in the order of their times: all others speak of people as they are then.
    dropped : tuple of int
        Numbers of takes that are no people, of which nothing else is said.
    fills : tuple of Fill
    contacts : tuple of Contact
        The bake keeps to them; nothing is solved for them.
    """

    pins: tuple[Pin, ...] = ()
    landmarks: tuple[MovedLandmark | HiddenLandmark, ...] = ()
    swaps: tuple[Swap, ...] = ()
    exchanges: tuple[Exchange, ...] = ()
    dropped: tuple[int, ...] = ()
    fills: tuple[Fill, ...] = ()
    contacts: tuple[Contact, ...] = ()

    def of(self, person: int) -> "Corrections":
        """Return what is said of one person alone."""
        return Corrections(
            pins=tuple(each for each in self.pins if each.person == person),
            landmarks=tuple(each for each in self.landmarks if each.person == person),
            swaps=tuple(each for each in self.swaps if each.person == person),
            fills=tuple(each for each in self.fills if each.person == person),
            contacts=tuple(each for each in self.contacts if each.person == person),
        )

    def between(self, start: float, end: float) -> "Corrections":
        """Return what is said of moments and stretches between two times, seconds, included."""

        def counts(each: Any) -> bool:
            first = each.time if hasattr(each, "time") else each.start
            last = each.time if hasattr(each, "time") else each.end
            return bool(first <= end + _SAME and last >= start - _SAME)

        return replace(
            self,
            pins=tuple(filter(counts, self.pins)),
            landmarks=tuple(filter(counts, self.landmarks)),
            swaps=tuple(filter(counts, self.swaps)),
            fills=tuple(filter(counts, self.fills)),
            contacts=tuple(filter(counts, self.contacts)),
        )

    def without(self, people: Collection[int]) -> "Corrections":
        """Return what is said of nobody of these, and of no exchange with one of them."""
        return replace(
            self.of_others(people),
            exchanges=tuple(each for each in self.exchanges if not {*each.people} & {*people}),
        )

    def of_others(self, people: Collection[int]) -> "Corrections":
        """Return what is said of anybody else, their exchanges with these too."""
        return Corrections(
            pins=tuple(each for each in self.pins if each.person not in people),
            landmarks=tuple(each for each in self.landmarks if each.person not in people),
            swaps=tuple(each for each in self.swaps if each.person not in people),
            exchanges=tuple(each for each in self.exchanges if not {*each.people} <= {*people}),
            dropped=tuple(number for number in self.dropped if number not in people),
            fills=tuple(each for each in self.fills if each.person not in people),
            contacts=tuple(each for each in self.contacts if each.person not in people),
        )

    def together_with(self, other: "Corrections") -> "Corrections":
        """Return what is said here and in another."""
        both = {
            each.name: getattr(self, each.name) + getattr(other, each.name) for each in fields(self)
        }
        return Corrections(**both)

    @property
    def people(self) -> set[int]:
        """The numbers of all people of whom something is said."""
        said = (*self.pins, *self.landmarks, *self.swaps, *self.fills, *self.contacts)
        spoken_of = {each.person for each in said}
        return (
            spoken_of
            | {number for each in self.exchanges for number in each.people}
            | {*self.dropped}
        )

    def __bool__(self) -> bool:
        return bool(self.people)

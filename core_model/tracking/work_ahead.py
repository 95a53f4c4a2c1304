"""What the people of a clip make to do, known from the first frames on."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from core_model.detection.tiles import LOOKS_FOR_EACH, LOOKS_PER_SECOND
from core_model.tracking.hand_follower import hands_to_look_at, share_looked_at
from core_model.tracking.left_right import SidesSoFar, exchanged_frames
from core_model.tracking.tracker import CONFIRM_EVERY
from core_model.tracking.tracks import Observation, Track

_NETWORK_RATE = 30.0
"""Frames per second that the network wants; slower clips get frames put between theirs."""

_SEARCHING = 0.55
"""What looking for people in a square costs, measured as `WorkAhead.amounts` does."""

_CHANGED = 0.7
"""Share of the squares in which something changed since they were searched last."""

_OF_NOBODY = 2.0  # squares that are searched in a frame while nobody is followed

_LOOKING = {"fast": 0.4, "best": 2.0}
"""What looking at a person costs."""

_HAND = 0.5
"""What looking at a hand adds, likewise; it is done beside, but on the same cores."""

_CUTTING = 0.25
"""What cutting a person out of a million pixels costs."""

_OF_PERSON = 300
"""Frames whose fit takes as long as what every person takes beside their frames."""

_SEEN = 750
"""Frames in which anybody is seen, before it is known; longer motions are fitted in such pieces."""

_EVERY = 4.0
"""Seconds from one exchange of left and right to the next, of every second person; of the others
they never are."""

_LOOKED_AGAIN = 0.5
"""Looks at a hand for each frame of those in which sides are doubted: some are exchanged."""

_SURE, _SMALL = 0.8, 0.65
"""How sure it is at least that there is somebody, and below which part of the largest one's height
somebody turns out as likely as not to be no person: a picture on the wall, a tripod."""


@dataclass
class _Person:
    """What somebody made to do so far; sights count by how surely there is somebody."""

    sides: SidesSoFar = field(default_factory=SidesSoFar)
    sights: float = 0.0


class WorkAhead:
    """Counts the work of the stages after tracking, while people are tracked.

    Parameters
    ----------
    rate : float
        Frames per second of the clip.
    pixels : int
        Of a picture.
    most : int or None
        So many people are captured; None for everybody.
    quality : str
        One of `core_model.detection.qualities.MODELS`.
    hands : bool
        Whether hands will be looked for.
    fitted : bool
        Whether the figures will be fitted to their landmarks.
    copied : bool
        Whether the clip has to be copied for Blender.
    frames : int or None
        Of the clip, where it is known.
    """

    def __init__(
        self,
        rate: float,
        pixels: int,
        most: int | None,
        *,
        quality: str,
        hands: bool,
        fitted: bool,
        copied: bool,
        frames: int | None = None,
    ) -> None:
        self._looked = share_looked_at(rate, quality) if hands else None
        self._inserted = max(1, round(_NETWORK_RATE / rate))
        self._most, self._fitted, self._copied = most, fitted, copied
        self._rate, self._pixels = rate, pixels / 1e6
        self._looking = _LOOKING[quality] + _CUTTING * self._pixels
        self._following = 0.0
        self._frames, self._whole = 0, frames
        self._people: dict[int, _Person] = {}
        self._sights = self._hands = self._doubted = self._pieces = 0.0

    def see(self, seen: Sequence[Observation]) -> None:
        """Take in everybody who was seen in the next frame."""
        self._following += self._of_frame(len(seen))
        people = sorted((each for each in seen if each.presence >= _SURE), key=_height)[::-1]
        self._frames += 1
        for person in people[: self._most]:
            likely = 1.0 if _height(person) >= _SMALL * _height(people[0]) else 0.5
            self._sights += likely
            so_far = self._people.setdefault(person.person, _Person())
            so_far.sights += likely
            so_far.sides.see(person.landmarks, self._frames / self._rate)
            if self._looked is not None:
                looks = self._looked * hands_to_look_at(person.landmarks)
                self._following += _HAND * looks
        self._doubted = sum(map(self._doubted_of, self._people.values()))
        self._pieces = self._sights / _SEEN
        self._hands = _LOOKED_AGAIN * self._doubted if self._looked is not None else 0.0

    def know(self, times: np.ndarray, tracks: Sequence[Track], hands_seen: bool) -> None:
        """Take what is certain instead.

        Parameters
        ----------
        times : (T,)
            Seconds of all frames of the clip.
        tracks : sequence of Track
            Of those who are captured.
        hands_seen : bool
            Whether their hands were looked at while they were followed.
        """
        self._frames = len(times)
        self._sights = sum(len(track.frames) for track in tracks)
        self._doubted = sum(
            len(track.frames)
            for track in tracks
            if exchanged_frames(track.landmarks, times[track.frames]).any()
        )
        if self._looked is not None and not hands_seen:
            every = (body for track in tracks for body in track.landmarks)
            self._hands = self._looked * sum(map(hands_to_look_at, every))
        elif self._looked is not None:
            self._hands = _LOOKED_AGAIN * self._doubted
        # The first of all is in what a fit takes in any case.
        self._pieces = sum(1 + len(track.frames) // _SEEN for track in tracks) - 1

    def _doubted_of(self, person: _Person) -> float:
        """Return in how many frames so far somebody's sides will be doubted, as likely as it is."""
        if person.sides.exchanged:
            return person.sights
        never_so_far = math.exp(-person.sights / self._rate / _EVERY)
        to_come = math.inf if self._whole is None else max(self._whole - self._frames, 0)
        once_more = 1 - math.exp(-to_come / self._rate / _EVERY)
        return person.sights * never_so_far / (1 + never_so_far) * once_more

    def _of_frame(self, people: int) -> float:
        """Return what following so many people costs in a frame; 1 for one in a million pixels."""
        squares = _OF_NOBODY
        if people:
            squares = min(LOOKS_PER_SECOND / self._rate, 1.0) + LOOKS_FOR_EACH * (people - 1)
        searches = _CHANGED * squares + people * min(1 / CONFIRM_EVERY / self._rate, 1.0)
        reading = 0.1 + 0.2 * self._pixels
        return reading + _SEARCHING * searches + self._looking * people

    @property
    def amounts(self) -> dict[str, int]:
        """Frames of one person for each stage that there will be, and for `people` itself.

        For `people` in pictures of a million pixels, hands that are looked at meanwhile included;
        for `hands` looks at a single hand after that, for `copy` frames of the clip.
        """
        amounts = {
            "sides": self._inserted * self._doubted,
            "network": self._inserted * self._sights,
            "people": self._following,
        }
        if self._hands:
            amounts["hands"] = self._hands
        if self._fitted:
            amounts["fit"] = self._sights + _OF_PERSON * self._pieces
        if self._copied:
            amounts["copy"] = self._frames
        return {stage: round(amount) for stage, amount in amounts.items()}


def _height(person: Observation) -> float:
    return float(np.ptp(person.landmarks[:, 1]))

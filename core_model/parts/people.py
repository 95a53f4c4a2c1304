"""Who is who in the parts of a clip."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
from scipy.optimize import linear_sum_assignment

from core_model.parts.kept import Kept
from core_model.tracking.appearance import Appearance
from core_model.tracking.reidentification import unlike
from core_model.tracking.track_people import TrackingResult
from core_model.tracking.tracks import Track, distance

_APART = 0.25  # of the body's extent in the picture: two who are further apart are not one
_FEWEST = 3  # frames that both parts must show


@dataclass
class Person:
    """Somebody in some of the parts of a clip.

    Parameters
    ----------
    tracks : dict
        Of each part in which this person is, the index of its track there.
    seen : dict
        Likewise in how many frames.
    first, last : int
        Frames of the clip in which this person was seen first and last.
    importance : float
        How large and long it is seen.
    looks : Appearance
    score : float
        0 to 1, how sure the detector was of this person at best.
    """

    tracks: dict[int, int] = field(default_factory=dict)
    seen: dict[int, int] = field(default_factory=dict)
    first: int = -1
    last: int = -1
    importance: float = 0.0
    looks: Appearance = field(default_factory=Appearance)
    score: float = 0.0

    def add(self, number: int, first: int, index: int, track: Track) -> None:
        """Take in the track of this person in a part, which begins with frame `first`."""
        if not self.tracks:
            self.first = first + int(track.frames[0])
        self.last = max(self.last, first + int(track.frames[-1]))
        self.tracks[number], self.seen[number] = index, len(track.frames)
        self.importance += float(np.prod(track.bbox[:, 2:], axis=1).sum())
        self.looks.add(track.looks)
        self.score = max(self.score, track.score)

    def take_in(self, later: "Person") -> None:
        """Take in somebody who turned out to be this person."""
        self.tracks |= later.tracks
        self.seen |= later.seen
        self.last = later.last
        self.importance += later.importance
        self.looks.add(later.looks)
        self.score = max(self.score, later.score)


def people_of(kept: Kept) -> list[Person]:
    """Return who is in the clip, the most important person first."""
    people = _come_back(_linked(kept))
    return sorted(people, key=lambda person: person.importance, reverse=True)


def _linked(kept: Kept) -> list[Person]:
    """Return people as far as the overlaps of parts tell who is who."""
    people: list[Person] = []
    before: TrackingResult | None = None
    owners: list[Person] = []
    for number, part in enumerate(kept.parts):
        now = kept.followed(number)
        same = {}
        if before is not None:
            earlier = kept.parts[number - 1]
            same = _same(before.tracks, now.tracks, part.first - earlier.first)
        found = []
        for index, track in enumerate(now.tracks):
            if index in same:
                person = owners[same[index]]
            else:
                person = Person()
                people.append(person)
            person.add(number, part.first, index, track)
            found.append(person)
        before, owners = now, found
    return people


def _same(before: Sequence[Track], after: Sequence[Track], shift: int) -> dict[int, int]:
    """Return of tracks of a part which of the part before they are, where both show them.

    `shift` is how many frames the part begins after the one before.
    """
    costs = np.array([[_apart(old, new, shift) for old in before] for new in after])
    costs = costs.reshape(len(after), len(before))
    rows, columns = linear_sum_assignment(np.minimum(costs, 1e3))
    return {
        int(row): int(column)
        for row, column in zip(rows, columns, strict=True)
        if costs[row, column] < _APART
    }


def _apart(old: Track, new: Track, shift: int) -> float:
    """Return how far two are apart where both are seen, in sizes of the body."""
    _, here, there = np.intersect1d(old.frames - shift, new.frames, return_indices=True)
    if len(here) < _FEWEST:
        return np.inf
    shares = []
    for mine, others in zip(old.landmarks[here], new.landmarks[there], strict=True):
        size = max(float(np.linalg.norm(np.ptp(mine[:, :2], axis=0))), 1.0)
        shares.append(distance(mine, others) / size)
    return float(np.median(shares))


def _come_back(people: list[Person]) -> list[Person]:
    """Join people who left and came back, by their looks, at the least total difference."""
    count = len(people)
    if count == 0:
        return []
    # As in `reidentification`: right of the others stands what it costs to join with nobody.
    costs = np.full((count, 2 * count), 1.0)
    for row, person in enumerate(people):
        for column, later in enumerate(people):
            is_later = later.first > person.last
            costs[row, column] = min(unlike(person.looks, later.looks), 1e3) if is_later else 1e3
    pairs = zip(*linear_sum_assignment(costs), strict=True)
    later_of = {int(a): int(b) for a, b in pairs if b < count and costs[a, b] < 1}
    firsts = sorted(set(range(count)) - set(later_of.values()))
    return [_whole(people, list(_chain(first, later_of))) for first in firsts]


def _chain(first: int, later_of: dict[int, int]) -> Iterator[int]:
    at: int | None = first
    while at is not None:
        yield at
        at = later_of.get(at)


def _whole(people: list[Person], chain: list[int]) -> Person:
    person = people[chain[0]]
    for index in chain[1:]:
        person.take_in(people[index])
    return person

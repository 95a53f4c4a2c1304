"""Whose motion is wanted, of everybody in a clip."""

from collections.abc import Sequence
from typing import TypeVar

import numpy as np

from core_model.errors import MocapError
from core_model.tracking.tracks import Track
from core_model.video.cuts import shot_of

T = TypeVar("T")


def shots_of(tracks: Sequence[Track], times: np.ndarray, cuts: Sequence[float]) -> list[int]:
    """Return which shot of a clip, from 0, each track is in."""
    begun = np.array([times[track.frames[0]] for track in tracks])
    return [int(shot) for shot in shot_of(begun, cuts)]


def wanted(
    tracks: list[T], people: str | int | tuple[int, ...], shots: Sequence[int] = ()
) -> list[T]:
    """Return those who are to be captured of everybody in a clip.

    Parameters
    ----------
    tracks : list
        Shot by shot, the most important person of each first.
    people : str, int or tuple of int
        As in `CaptureOptions`; so many of each shot.
    shots : sequence of int
        Of each track; nothing for a clip that was never cut.

    Raises
    ------
    MocapError
        When somebody is asked for who is not there.
    """
    if isinstance(people, tuple):
        missing = [number for number in people if number > len(tracks)]
        if missing:
            raise MocapError(f"There is no person {missing[0]}: {len(tracks)} were found.")
        return [tracks[number - 1] for number in people]
    if people == "largest":
        people = 1
    if not isinstance(people, int):
        return tracks
    own = [*shots] or [0] * len(tracks)
    return [each for index, each in enumerate(tracks) if own[:index].count(own[index]) < people]

"""All clips in one space and on one clock, and everybody in them known as one person."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from core_model.body.model import Body
from core_model.errors import ViewsError
from core_model.fit.placed_camera import PlacedCamera
from core_model.views.clips import ClipMotion
from core_model.views.matching import Match, matches
from core_model.views.sound import HeardOffset

_LEAST = 0.5  # seconds, times the logarithm of how well: less is an accident
_LEAST_BY_MOTION = 1.2
"""Likewise, where the offset is what agrees best: half a second of many motions is alike."""

Choose = Callable[[ClipMotion, ClipMotion, Sequence[Match]], Match]
"""Tells which of several ways in which two clips may belong together is true."""


def first_of(first: ClipMotion, second: ClipMotion, found: Sequence[Match]) -> Match:
    """Return the match that explains most."""
    return found[0]


@dataclass
class Placed:
    """Clips of one performance, put together.

    Parameters
    ----------
    cameras : list of PlacedCamera
        One for each clip.
    people : list of dict of int to int
        Of everybody: which figure they are in which clip; those of the first clip first.
    matches : list of Match
        How each further clip was matched, in their order.
    told_by : list of str
        What told when each further clip begins: "you", "sound" or "motion".
    """

    cameras: list[PlacedCamera]
    people: list[dict[int, int]]
    matches: list[Match]
    told_by: list[str]


def place_clips(
    clips: Sequence[ClipMotion],
    body: Body,
    given: Sequence[float | None],
    heard: Sequence[HeardOffset | None],
    choose: Choose = first_of,
) -> Placed:
    """Find when each further clip begins, where it was filmed from, and who in it is who.

    Each is matched with the first clip; with another one that is already placed where the first
    shows nobody that it shows.

    Parameters
    ----------
    clips : sequence of ClipMotion
    body : Body
    given : sequence of float or None
        Offset of each further clip, seconds, as the user says.
    heard : sequence of HeardOffset or None
        As the sound tells.
    choose : callable
        Tells which of several answers is true.

    Raises
    ------
    ViewsError
        When a clip does not belong to the others.
    """
    first = clips[0]
    cameras: dict[int, PlacedCamera] = {
        0: PlacedCamera(
            first.camera,
            np.eye(3),
            np.zeros(3),
            focal_spread=first.focal_spread,
            clock_free=False,
        )
    }
    people: list[dict[int, int]] = [
        {0: index} for index, figure in enumerate(first.figures) if figure.seen.any()
    ]
    matches: list[Match] = []
    told_by: list[str] = []
    for index, clip in enumerate(clips[1:], start=1):
        sound = heard[index - 1]
        offset = given[index - 1]
        if offset is None and sound is not None:
            offset = sound.offset
        told_by.append(
            "you" if given[index - 1] is not None else "sound" if offset is not None else "motion"
        )
        found, to = _best_match(clips, index, cameras, body, offset, choose)
        least = _LEAST_BY_MOTION if offset is None else _LEAST
        if found is None or found.gain < least:
            raise ViewsError(
                f"{clip.name} does not show the same performance as {first.name}: nobody in it "
                "moves like anybody there at any time. Film the same people at the same time, or "
                "leave that clip out."
            )
        known = cameras[to]
        cameras[index] = PlacedCamera(
            clip.camera,
            found.rotation @ known.rotation,
            found.rotation @ known.translation + found.translation,
            found.offset if to == 0 else known.offset + known.rate * found.offset,
            rate=sound.rate if sound is not None and offset == sound.offset else 1.0,
            focal_spread=clip.focal_spread,
            clock_free=offset is None,
        )
        matches.append(found)
        matched = dict((j, i) for i, j in found.pairs)
        for figure in range(len(clip.figures)):
            if not clip.figures[figure].seen.any():
                continue  # nobody could place them before the camera
            partner = matched.get(figure)
            who = next((p for p in people if partner is not None and p.get(to) == partner), None)
            if who is None:
                people.append({index: figure})
            else:
                who[index] = figure
    return Placed([cameras[index] for index in range(len(clips))], people, matches, told_by)


def _best_match(
    clips: Sequence[ClipMotion],
    index: int,
    cameras: dict[int, PlacedCamera],
    body: Body,
    offset: float | None,
    choose: Choose,
) -> tuple[Match | None, int]:
    """Return how a clip matches the first one, or else another that is placed, and which."""
    for other, camera in cameras.items():
        known = None if offset is None else (offset - camera.offset) / camera.rate
        found = matches(clips[other], clips[index], body, known)
        if found and offset is not None:
            return found[0], other
        if found:
            return choose(clips[other], clips[index], found), other
    return None, 0

"""How to capture: what every command, the worker and the pipeline understand by their options."""

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from core_model.detection.qualities import BEST, MODELS
from core_model.errors import MocapError
from core_model.fit.stature import check_height
from core_model.lifting.windows import LONGEST_WINDOW
from core_model.network.checkpoints import DEFAULT_WEIGHTS_PATH
from core_model.take.view import MOST_VIEWS

_NUMBER, _MAYBE = (int, float), type(None)
_PLAIN_KINDS: dict[str, tuple[type, ...]] = {
    "people": (str, int, list, tuple),
    **dict.fromkeys(("start", "end", "fps", "focal", "height"), (*_NUMBER, _MAYBE)),
    **dict.fromkeys(("quality", "device", "weights"), (str,)),
    **dict.fromkeys(("body", "tracks"), (str, _MAYBE)),
    "refine": (bool, _MAYBE),
    **dict.fromkeys(("hands", "half"), (bool,)),
    "window": (int, _MAYBE),
    "views": (list, tuple),
    "offsets": (list, tuple),
    "view_focals": (list, tuple),
}
"""Of each option, what it may be in a job: plain values of JSON."""

_IN_LISTS: dict[str, tuple[type, ...]] = {
    "views": (str,),
    **dict.fromkeys(("offsets", "view_focals"), (*_NUMBER, _MAYBE)),
}
"""What lists hold, where it is not whole numbers."""


@dataclass(frozen=True)
class CaptureOptions:
    """How to capture.

    Parameters
    ----------
    people : "all", "largest", int or tuple of int
        Everybody, the one seen largest and longest, so many of these, or those with these
        numbers, from 1, as `find_people` counts them.
    start, end : float, optional
        In and out points in seconds.
    fps : float, optional
        Frames per second of a folder of pictures.
    quality : "best" or "fast"
        Which network finds the landmarks: the exact one, or one that takes a third of its time.
    focal : float, optional
        Focal length in pixels; without it what edges or the clip itself tell, or the longer side
        is taken to see 53 degrees.
    height : float, optional
        Of the first person, metres; it sets the scale of everything. Without it that person is as
        tall as people of those proportions are on average.
    refine : bool, optional
        Fit the motion to the landmarks after the network; slower, and much nearer to the picture.
        If not given, what the keypoint INT says is refined and what the image INT says is not.
    hands : bool
        Look for hands where they are large enough: wrists and fingers move as they do.
    device : "auto", "cpu" or "cuda"
    weights : Path
        Weights of ours, or a checkpoint of the image INT.
    window : int, optional
        Frames that an image INT sees together; as many as it was made for if not given.
    half : bool
        Let an image INT calculate in half precision: faster on newer processors and on graphics
        cards, and joints turn by 0.3 degrees on average.
    body : Path, optional
        An SMPL file to be used as the body, for non-commercial research only; else our own body.
    tracks : Path, optional
        What `find_people` saved, a file or a folder; nobody is followed again if it is about the
        same part of the same clip.
    views : tuple of Path
        Other clips of the same performance, from other places.
    offsets : tuple of float or None
        Of each of these in turn, as far as it is known: seconds of the first clip at which it
        begins.
    view_focals : tuple of float or None
        Of each of these in turn, as far as they are known: focal length in pixels.
    """

    people: str | int | tuple[int, ...] = "all"
    start: float | None = None
    end: float | None = None
    fps: float | None = None
    quality: str = BEST
    focal: float | None = None
    height: float | None = None
    refine: bool | None = None
    hands: bool = True
    device: str = "auto"
    weights: Path = DEFAULT_WEIGHTS_PATH
    window: int | None = None
    half: bool = False
    body: Path | None = None
    tracks: Path | None = None
    views: tuple[Path, ...] = ()
    offsets: tuple[float | None, ...] = ()
    view_focals: tuple[float | None, ...] = ()

    @classmethod
    def of(cls, given: dict[str, Any]) -> "CaptureOptions":
        """Make options of the plain values of a job (`core_model.engine.protocol`).

        Raises
        ------
        MocapError
            When one is not known, or is of a kind that it cannot be.
        """
        for name, value in given.items():
            if name not in _PLAIN_KINDS:
                raise MocapError(f"'{name}' is no option of a capture.")
            if not _is_plain(value, _PLAIN_KINDS[name], _IN_LISTS.get(name, (int,))):
                raise MocapError(f"The option '{name}' of a capture cannot be {value!r:.100}.")
        paths = {
            name: Path(given[name])
            for name in ("weights", "body", "tracks")
            if given.get(name) is not None
        }
        people = given.get("people", cls.people)
        lists = {
            "people": tuple(people) if type(people) is list else people,
            "views": tuple(Path(each) for each in given.get("views", ())),
            "offsets": tuple(given.get("offsets", ())),
            "view_focals": tuple(given.get("view_focals", ())),
        }
        return cls(**given | paths | lists)

    @property
    def most_people(self) -> int | None:
        """So many people are captured at most, None for everybody."""
        if isinstance(self.people, str):
            return None if self.people == "all" else 1
        return self.people if isinstance(self.people, int) else len(self.people)

    def check(self) -> None:
        """Refuse what makes no sense, before any work.

        Raises
        ------
        MocapError
        """
        _check_people(self.people)
        check_height(self.height)
        if self.quality not in MODELS:
            raise MocapError(f"'{self.quality}' is no quality; use {' or '.join(MODELS)}.")
        _check_views(self.views, self.offsets, self.view_focals)
        if self.window is not None and not 1 <= self.window <= LONGEST_WINDOW:
            raise MocapError(f"A window has 1 to {LONGEST_WINDOW} frames, not {self.window}.")
        for focal in (self.focal, *self.view_focals):
            if focal is not None and not 1 <= focal < math.inf:
                raise MocapError(f"A focal length is given in pixels, from 1; {focal:g} is not.")

    def of_view(self, number: int) -> tuple[float | None, float | None]:
        """Return offset and focal length of a further clip, from 0, as far as they are known."""
        told = (self.offsets, self.view_focals)
        offset, focal = (each[number] if number < len(each) else None for each in told)
        return offset, focal


def _is_plain(value: Any, kinds: tuple[type, ...], inside: tuple[type, ...]) -> bool:
    """Tell whether a value is of these kinds, lists of those `inside`; no truth is a number."""
    if isinstance(value, bool):
        return bool in kinds
    if isinstance(value, (list, tuple)):
        return list in kinds and all(type(each) in inside for each in value)
    return isinstance(value, kinds)


def _check_views(
    views: tuple[Path, ...],
    offsets: tuple[float | None, ...],
    focals: tuple[float | None, ...],
) -> None:
    if len(views) > MOST_VIEWS:
        raise MocapError(f"{len(views)} more cameras are too many: {MOST_VIEWS} are the most.")
    for given, what in ((offsets, "offsets"), (focals, "focal lengths")):
        if len(given) > len(views):
            raise MocapError(
                f"{len(given)} {what} were given for {len(views)} more cameras; give one for each "
                "--view at most, in their order."
            )
    if any(offset is not None and not math.isfinite(offset) for offset in offsets):
        raise MocapError("The offset of a clip is a number of seconds.")


def _check_people(people: str | int | tuple[int, ...]) -> None:
    numbers = (people,) if isinstance(people, int) else people
    if people in ("all", "largest") or (
        isinstance(numbers, tuple) and numbers and all(number > 0 for number in numbers)
    ):
        return
    raise MocapError(f"'{people}' is no choice of people; use all, largest or a number from 1.")

"""Numbers in words for the panels and reports."""

from core_model.engine.client import EngineError
from core_model.engine.forecast import Standing
from core_model.engine.protocol import Failure

from .tasks import Progress

_STAGES = {
    "people": "Following people",
    "thumbnails": "Taking pictures of them",
    "sides": "Telling left from right",
    "hands": "Finding hands",
    "network": "Finding the motion",
    "views": "Putting all cameras together",
    "fit": "Fitting the motion",
    "world": "Finding the floor",
    "solve": "Solving the motion",
    "copy": "Copying the clip for Blender",
    "reading": "Reading the takes",
}

_ADVICE = {
    "start": ": correct Engine Python in the add-on's preferences.",
    "missing": ": install it there, or choose another Engine Python in the add-on's preferences.",
    "version": ": install the same version into the Engine Python, or clear it in the add-on's "
    "preferences.",
    "crash": "; Open Log tells more.",
}
"""What ends a sentence about the engine, by the kind of failure."""


def engine_failure(failure: Failure) -> EngineError:
    """Return the error of an engine that failed, with what to do about it in Blender."""
    advice = _ADVICE.get(failure.kind)
    sentence = failure.error.rstrip(".") + advice if advice else failure.error
    return EngineError(sentence, failure.kind)


def progress_of(stage: str, standing: Standing) -> Progress:
    """Turn where a job of the engine stands into what the panel shows.

    Rounded, so that nothing is drawn again for a change that nobody sees.
    """
    left = None if standing.left is None else round(standing.left)
    return Progress(_STAGES.get(stage, stage.capitalize()), round(standing.share, 3), left=left)


def time_left(seconds: float) -> str:
    """Write how long something will still take, no more exactly than anyone can know."""
    if seconds < 5:
        return "a few seconds left"
    if seconds < 55:
        return f"{5 * round(seconds / 5)} s left"
    if seconds < 595:
        minutes, rest = divmod(10 * round(seconds / 10), 60)
        return f"{minutes} min {rest} s left" if rest else f"{minutes} min left"
    return f"{round(seconds / 60)} min left"


def clock(seconds: float) -> str:
    """Write seconds as minutes and seconds, as on a player."""
    whole = round(seconds)
    return f"{whole // 60}:{whole % 60:02d}"


def lasting(seconds: float) -> str:
    """Write how long something took."""
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"


def counted(number: int, one: str, many: str) -> str:
    """Write a number with its noun."""
    return f"{number} {one if number == 1 else many}"

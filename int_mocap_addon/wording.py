"""Numbers in words for the panels and reports."""

from core_model.engine.client import EngineError
from core_model.engine.protocol import Failure, Step

from .tasks import Progress

_STAGES = {
    "people": ("Following people", "frames"),
    "thumbnails": ("Taking pictures of them", "people"),
    "network": ("Finding the motion", "frames"),
    "hands": ("Finding hands", "frames"),
    "fit": ("Fitting the motion", "people"),
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


def progress_of(step: Step) -> Progress:
    """Turn the worker's message about a stage into a line with a bar.

    Frames are counted in frames per second and time left; people only one after the other.
    """
    stage, unit = _STAGES.get(step.stage, (step.stage.capitalize(), "steps"))
    done, total = step.done, step.total
    fraction = min(done / total, 1.0) if total else None
    parts = [f"{stage} {fraction:.0%}" if fraction is not None else f"{stage}, {done} {unit}"]
    if unit == "frames" and step.rate:
        parts.append(f"{step.rate:.0f} frames/s")
        if step.left is not None:
            parts.append(f"{clock(step.left)} left")
    return Progress(" · ".join(parts), fraction)


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

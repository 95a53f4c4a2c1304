"""Numbers in words for the panels and reports."""

from typing import Any

from .tasks import Progress

_STAGES = {
    "people": ("Following people", "frames"),
    "thumbnails": ("Taking pictures of them", "people"),
    "network": ("Finding the motion", "frames"),
    "hands": ("Finding hands", "frames"),
    "fit": ("Fitting the motion", "people"),
}


def progress_of(message: dict[str, Any]) -> Progress:
    """Turn the worker's message about a stage into a line with a bar.

    Frames are counted in frames per second and time left; people only one after the other.
    """
    stage, unit = _STAGES.get(message["stage"], (message["stage"].capitalize(), "steps"))
    done, total = message["done"], message["total"]
    fraction = min(done / total, 1.0) if total else None
    parts = [f"{stage} {fraction:.0%}" if fraction is not None else f"{stage}, {done} {unit}"]
    if unit == "frames" and message["rate"]:
        parts.append(f"{message['rate']:.0f} frames/s")
        if message["left"] is not None:
            parts.append(f"{clock(message['left'])} left")
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

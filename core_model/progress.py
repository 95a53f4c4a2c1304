"""How far work has come, what it makes for later, and where its time went."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

NOTHING: Mapping[str, int] = {}


class Progress(Protocol):
    """Whoever wants to know how far work has come."""

    def __call__(
        self, stage: str, done: int, total: int | None, ahead: Mapping[str, int] = NOTHING
    ) -> None:
        """Hear of a stage.

        Parameters
        ----------
        stage : str
        done : int
        total : int or None
            None when not known.
        ahead : mapping
            Work that what is done so far makes for later stages, as `WorkAhead.amounts` tells it;
            empty when there is nothing new to say.
        """


def silent(stage: str, done: int, total: int | None, ahead: Mapping[str, int] = NOTHING) -> None:
    """Tell nobody; the `Progress` of those who do not want any."""


@dataclass
class Clock:
    """Seconds spent in each stage."""

    seconds: dict[str, float] = field(default_factory=dict)
    _since: float = field(default_factory=time.perf_counter)

    def lap(self, stage: str) -> None:
        """Count the time since the last lap to a stage."""
        now = time.perf_counter()
        self.seconds[stage] = self.seconds.get(stage, 0.0) + now - self._since
        self._since = now

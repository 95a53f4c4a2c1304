"""How far work has come, and where its time went."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field

Progress = Callable[[str, int, int | None], None]
"""Called with the stage, what is done and the total (None when not known)."""


def silent(stage: str, done: int, total: int | None) -> None:
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

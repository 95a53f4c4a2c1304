"""In and out points: the part of a motion that is wanted."""

from dataclasses import dataclass

import numpy as np

from core_model.errors import TakeError

_SAME_MOMENT = 1e-4  # seconds: what people type has few digits


@dataclass(frozen=True)
class Trim:
    """The part of a clip that is baked, both ends included.

    Parameters
    ----------
    start, end : float
        Seconds in the clip.
    """

    start: float = -np.inf
    end: float = np.inf

    def part(self, times: np.ndarray) -> slice:
        """Return which of the moments (K,), seconds that increase, are wanted.

        Raises
        ------
        TakeError
            When none is.
        """
        first = int(np.searchsorted(times, self.start - _SAME_MOMENT))
        stop = int(np.searchsorted(times, self.end + _SAME_MOMENT, side="right"))
        if stop <= first:
            raise TakeError(
                f"Trimming leaves nothing from {self.start:.2f} s to {self.end:.2f} s: the person "
                f"is in the clip from {times[0]:.2f} s to {times[-1]:.2f} s."
            )
        return slice(first, stop)

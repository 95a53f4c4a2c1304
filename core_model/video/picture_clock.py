"""When each picture of a video file is shown, in seconds, whatever the file's clock does."""

from collections.abc import Callable
from fractions import Fraction

LONGEST_HOLD = 10
"""Seconds; FFmpeg, too, takes a longer step of a recording's clock for a jump."""

_STEPS_OF_A_JUMP = 100
"""A slow clip may show a picture for longer than that: so many usual steps are a jump there."""


class PictureClock:
    """Gives the pictures of one reading their times, which always increase.

    Recordings put together from parts start their clock anew, or let it run on in between: the
    parts are joined. A single picture behind the one before it has no time.

    Parameters
    ----------
    zero : Fraction
        Stamp of the clip's first picture, seconds.
    step : Fraction
        Average time from one picture to the next, seconds.
    warn : callable
        Is told "back" or "ahead" when parts were joined there.
    """

    def __init__(self, zero: Fraction, step: Fraction, warn: Callable[[str], None]) -> None:
        self.joined = Fraction(0)  # seconds that joining parts put in, or took out when negative
        self.left_out = 0
        self._zero, self._average, self._warn = zero, step, warn
        self._last: Fraction | None = None
        self._before: Fraction | None = None
        self._late: Fraction | None = None  # the picture before, if it was left out

    def time_of(self, stamp: Fraction | None) -> Fraction | None:
        """Return the time of the next picture, None when there is none for it.

        Parameters
        ----------
        stamp : Fraction or None
            When the file says that it is shown, seconds on the file's clock.
        """
        last, late = self._last, self._late
        self._late = None
        if last is None:
            return self._shown(Fraction(0) if stamp is None else stamp - self._zero)
        if stamp is None:
            return self._shown(last + self._step)
        time = stamp - self._zero + self.joined
        if time < last - 1:
            return self._join(time, last + self._step, "back")
        if time - last > LONGEST_HOLD and time - last > _STEPS_OF_A_JUMP * self._step:
            return self._join(time, last + self._step, "ahead")
        if time > last:
            return self._shown(time)
        if late is not None and time > late:
            # Two behind, in their own order: the clock runs on from here. One was left out already.
            return self._join(time, last + 2 * self._step, "back")
        self._late = time
        self.left_out += 1
        return None

    @property
    def _step(self) -> Fraction:
        # The average knows nothing once the clock has jumped, the last step nothing of a hold.
        if self._last is None or self._before is None:
            return self._average
        return min(self._average, self._last - self._before)

    def _join(self, time: Fraction, wanted: Fraction, where: str) -> Fraction:
        self.joined += wanted - time
        self._warn(where)
        return self._shown(wanted)

    def _shown(self, time: Fraction) -> Fraction:
        self._before, self._last = self._last, time
        return time

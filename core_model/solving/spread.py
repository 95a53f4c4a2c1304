"""How far a correction reaches: from the moments that it was made at, over time.

Between two corrections of one joint that follow each other closely all is corrected, from one to
the other. Beyond, a correction fades over little more than half a second where what was captured
can be trusted, and goes on for longer where it cannot.
"""

from dataclasses import dataclass

import numpy as np

from core_model.geometry.rotations import axis_angle_to_matrix, matrix_to_axis_angle

_CLOSE = 2.0  # seconds between corrections that belong together
_FADE = 0.6  # seconds, where the capture is trusted
_NOTHING, _EVERYTHING = 0.3, 0.63  # confidences of a capture that is not trusted, and that is
_LEAST = 0.12  # of the time counts where nothing can be trusted


@dataclass(frozen=True)
class Reach:
    """What each of N corrections counts at each of T moments.

    Parameters
    ----------
    shares : (T, N)
        0 to 1; at most two of a row are not 0, those before and after.
    """

    shares: np.ndarray

    @property
    def influence(self) -> np.ndarray:
        """How much is corrected at each moment (T,), 0 to 1."""
        return np.asarray(self.shares.sum(axis=1).clip(max=1.0))

    def rotations(self, corrections: np.ndarray) -> np.ndarray:
        """Return (N, 3, 3) rotations, spread over the moments (T, 3, 3).

        Between two of them the way from one to the other is gone, not by way of none.
        """
        rows = np.arange(len(self.shares))
        before = (self.shares > 0).argmax(axis=1)
        after = np.minimum(before + 1, len(corrections) - 1)
        total = self.shares.sum(axis=1).clip(max=1.0)
        late = np.where(after > before, self.shares[rows, after], 0.0) / np.maximum(total, 1e-9)
        way = matrix_to_axis_angle(corrections[after] @ np.swapaxes(corrections[before], 1, 2))
        meant = axis_angle_to_matrix(way * late[:, None]) @ corrections[before]
        return np.asarray(axis_angle_to_matrix(matrix_to_axis_angle(meant) * total[:, None]))

    def vectors(self, corrections: np.ndarray) -> np.ndarray:
        """Return (N, 3) vectors, spread over the moments (T, 3)."""
        return np.asarray(self.shares @ corrections)


def reach(moments: np.ndarray, times: np.ndarray, confidence: np.ndarray) -> Reach:
    """Tell how far corrections at some moments reach.

    Parameters
    ----------
    moments : (N,) int
        Rows of `times` at which something was corrected, increasing.
    times : (T,)
        Seconds.
    confidence : (T,)
        Of what was captured, 0 to 1.
    """
    counted = trusted_time(times, confidence)
    shares = np.zeros((len(times), len(moments)))
    shares[: moments[0] + 1, 0] = _fading(counted[moments[0]] - counted[: moments[0] + 1])
    shares[moments[-1] :, -1] = _fading(counted[moments[-1] :] - counted[moments[-1]])
    for index, (before, after) in enumerate(zip(moments, moments[1:], strict=False)):
        span = slice(before, after + 1)
        if times[after] - times[before] <= _CLOSE:
            way = _smooth((times[span] - times[before]) / (times[after] - times[before]))
            shares[span, index], shares[span, index + 1] = 1 - way, way
        else:
            first = _fading(counted[span] - counted[before])
            second = _fading(counted[after] - counted[span])
            total = np.maximum(first + second, 1.0)
            shares[span, index], shares[span, index + 1] = first / total, second / total
    return Reach(shares)


def trusted_time(times: np.ndarray, confidence: np.ndarray) -> np.ndarray:
    """Return a clock (T,) in seconds that runs the slower the less a capture can be trusted.

    Parameters
    ----------
    times : (T,)
        Seconds.
    confidence : (T,)
        0 to 1.
    """
    rate = ((confidence - _NOTHING) / (_EVERYTHING - _NOTHING)).clip(_LEAST, 1.0)
    steps = np.diff(times) * (rate[1:] + rate[:-1]) / 2
    return np.concatenate(([0.0], np.cumsum(steps)))


def _fading(away: np.ndarray) -> np.ndarray:
    """Return 1 at once, 0 after the fade, without a corner at either end."""
    return 1 - _smooth((away / _FADE).clip(0.0, 1.0))


def _smooth(share: np.ndarray) -> np.ndarray:
    """Return a share of a way, 0 to 1, gone with the least jerk (Flash and Hogan, 1985)."""
    return share**3 * (10 - 15 * share + 6 * share**2)

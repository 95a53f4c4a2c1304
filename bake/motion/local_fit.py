"""Zero-lag smoothing of curves: a small parabola fitted around every sample, in real time."""

import numpy as np

_REACH = 3.0
"""Samples further than so many sigma no longer count."""

_RIDGE = 1e-6
"""Keeps the fit solvable where fewer than three samples are near; the value then stays as it is."""

_NEIGHBOUR = 2.5  # sigma at which the nearest other sample is at most where a slope is asked for


def local_quadratic(
    values: np.ndarray, times: np.ndarray, sigma: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Fit a parabola around each sample with Gaussian weights in time, and read it at the sample.

    Local polynomial regression (Cleveland and Devlin, "Locally Weighted Regression", JASA 1988).
    Against a moving mean it keeps slopes and the height of peaks, has no lag at either end, and
    asks nothing of the spacing of the samples.

    Parameters
    ----------
    values : (N, C)
        Any curves.
    times : (N,)
        Seconds, increasing.
    sigma : (N,)
        Width of the Gaussian around each sample in seconds, above 0.

    Returns
    -------
    fitted : (N, C)
        The smoothed curves.
    slope : (N, C)
        Their change per second.
    """
    count, channels = values.shape
    moments = np.zeros((5, count))
    sums = np.zeros((3, count, channels))
    for offset in _offsets(times, _REACH * sigma):
        here, there = _shifted(count, offset)
        distance = (times[there] - times[here]) / sigma[here]
        weighted = np.exp(-0.5 * distance**2)
        for power in range(5):
            moments[power, here] += weighted
            if power < 3:
                sums[power, here] += weighted[:, None] * values[there]
            weighted = weighted * distance
    value, slope = _solve(moments, sums)
    return value, slope / sigma[:, None]


def local_slope(values: np.ndarray, times: np.ndarray, sigma: np.ndarray) -> np.ndarray:
    """Return the change per second (N, C) of curves, as `local_quadratic` tells it.

    Of samples so far apart that none is near another a wider Gaussian tells it: what moves from
    one picture to the next is not at rest because there are few pictures.

    Parameters
    ----------
    values : (N, C)
        Any curves.
    times : (N,)
        Seconds, increasing.
    sigma : (N,)
        Width of the Gaussian around each sample in seconds, above 0, where samples are near.
    """
    if len(times) < 2:
        return np.zeros_like(values)
    gaps = np.diff(times)
    nearest = np.minimum(np.append(gaps, gaps[-1]), np.insert(gaps, 0, gaps[0]))
    return local_quadratic(values, times, np.maximum(sigma, nearest / _NEIGHBOUR))[1]


def peak_nearby(values: np.ndarray, times: np.ndarray, width: float) -> np.ndarray:
    """Return for each sample (N,) the largest value near it, fading with distance in time.

    The fading is a Gaussian of `width` seconds, so that the result has no steps.
    """
    result = np.zeros_like(values)
    for offset in _offsets(times, np.full(len(times), _REACH * width)):
        here, there = _shifted(len(values), offset)
        faded = values[there] * np.exp(-0.5 * ((times[there] - times[here]) / width) ** 2)
        result[here] = np.maximum(result[here], faded)
    return result


def nearest_of(moments: np.ndarray, times: np.ndarray) -> np.ndarray:
    """Return which of some moments (M,), increasing, is the nearest to each of times (N,)."""
    after = np.searchsorted(moments, times).clip(0, len(moments) - 1)
    before = np.maximum(after - 1, 0)
    earlier = np.abs(times - moments[before]) <= np.abs(moments[after] - times)
    return np.where(earlier, before, after)


def gaussian_mean(values: np.ndarray, times: np.ndarray, width: float) -> np.ndarray:
    """Return for each sample (N,) the mean of those around it, by a Gaussian of `width` seconds."""
    sums, weights = np.zeros_like(values), np.zeros_like(values)
    for offset in _offsets(times, np.full(len(times), _REACH * width)):
        here, there = _shifted(len(values), offset)
        weight = np.exp(-0.5 * ((times[there] - times[here]) / width) ** 2)
        sums[here] += weight * values[there]
        weights[here] += weight
    return sums / weights


def _solve(moments: np.ndarray, sums: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the first two coefficients (N, C) of the parabolas, by Cramer's rule.

    Ten times as fast as a general solver on thousands of 3 x 3 systems.
    """
    m0, m1, m2, m3, m4 = moments
    m2_ridged, m4 = m2 + _RIDGE, m4 + _RIDGE
    c00 = m2_ridged * m4 - m3 * m3
    c01 = m2 * m3 - m1 * m4
    c02 = m1 * m3 - m2 * m2_ridged
    c11 = m0 * m4 - m2 * m2
    c12 = m1 * m2 - m0 * m3
    determinant = m0 * c00 + m1 * c01 + m2 * c02
    value = np.stack((c00, c01, c02))[..., None] * sums
    slope = np.stack((c01, c11, c12))[..., None] * sums
    return value.sum(axis=0) / determinant[:, None], slope.sum(axis=0) / determinant[:, None]


def _offsets(times: np.ndarray, reach: np.ndarray) -> range:
    index = np.arange(len(times))
    after = np.searchsorted(times, times + reach, side="right") - 1 - index
    before = index - np.searchsorted(times, times - reach, side="left")
    farthest = int(max(after.max(), before.max()))
    return range(-farthest, farthest + 1)


def _shifted(count: int, offset: int) -> tuple[slice, slice]:
    here = slice(max(0, -offset), count - max(0, offset))
    return here, slice(here.start + offset, here.stop + offset)

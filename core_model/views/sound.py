"""When a second clip begins, by what both clips hear.

Onsets (a clap, a step, a word) are loud against the moment before; how far two sequences of onsets
are apart is where their correlation is largest.
"""

from dataclasses import dataclass
from pathlib import Path

import av
import numpy as np
from av.audio.frame import AudioFrame
from av.audio.resampler import AudioResampler

_SAMPLES = 8000  # a second
_HOP = 8  # samples between values of the envelope: 1 ms
_LOUDNESS = 0.008  # seconds over which loudness is measured
_BEFORE = 0.05  # seconds: what is louder than so long ago is an onset
_QUIET = 1e-4  # of full loudness, taken for silence
_APART = 0.05  # seconds between two answers that are different
_SHORTEST = 1.0  # seconds that both must hear
_CLEAR = 6.0  # standard deviations of the correlation from which an answer is one
_ALONE = 1.3  # times the next best answer
_STRETCH, _STRETCHES = 10.0, 6  # seconds of a stretch, and how many tell a drift
_DRIFTED = 0.2  # seconds by which clocks may have drifted apart at most


@dataclass(frozen=True)
class Onsets:
    """How much louder a clip gets, 1,000 times a second.

    Parameters
    ----------
    begin : float
        Seconds on the clip's clock of the first value.
    rises : (N,)
        0 or more.
    """

    begin: float
    rises: np.ndarray


@dataclass(frozen=True)
class HeardOffset:
    """When a second clip begins, as it is heard.

    Parameters
    ----------
    offset : float
        Seconds on the first clip's clock at which the second's is 0.
    clearness : float
        Standard deviations by which this answer stands out.
    rate : float
        Seconds of the first clip's clock in a second of the second's.
    """

    offset: float
    clearness: float
    rate: float = 1.0


def hear(path: Path, begin: float | None) -> Onsets | None:
    """Return the onsets of a clip, None where nothing is heard.

    Parameters
    ----------
    path : Path
    begin : float or None
        Seconds on the clip's clock at which its sound begins; None without sound.
    """
    if begin is None or path.is_dir():
        return None
    try:
        samples = _samples(path)
    except (av.error.FFmpegError, OSError, ValueError):
        return None  # pictures are enough
    if len(samples) < _SHORTEST * _SAMPLES:
        return None
    step = np.cumsum(np.concatenate(([0.0], samples.astype(np.float64) ** 2)))
    width = round(_LOUDNESS * _SAMPLES)
    ends = np.arange(width, len(samples), _HOP)
    loudness = np.log(np.sqrt((step[ends] - step[ends - width]) / width) + _QUIET)
    back = round(_BEFORE * _SAMPLES / _HOP)
    rises = np.zeros_like(loudness)
    before = np.lib.stride_tricks.sliding_window_view(loudness, back).min(axis=1)
    rises[back:] = np.maximum(np.diff(loudness, prepend=loudness[0])[back:], 0.0)
    rises[back:] *= loudness[back:] - before[: len(loudness) - back] > np.log(2.0)
    if not rises.any():
        return None
    middle = (width - _HOP) / 2 / _SAMPLES
    return Onsets(begin + middle, rises)


def heard_offset(first: Onsets, second: Onsets) -> HeardOffset | None:
    """Return by how much a second clip is late, None where the sounds do not tell."""
    a, b = (each.rises - each.rises.mean() for each in (first, second))
    size = 1 << int(np.ceil(np.log2(len(a) + len(b))))
    together = np.fft.irfft(np.fft.rfft(a, size) * np.fft.rfft(b, size).conj(), size)
    shift = np.arange(size)
    shift = np.where(shift >= len(a), shift - size, shift)
    overlap = np.minimum(len(a), len(b) + shift) - np.maximum(0, shift)
    values = np.where(overlap >= _SHORTEST * _SAMPLES / _HOP, together, 0.0)
    best = int(values.argmax())
    far = np.abs(shift - shift[best]) > _APART * _SAMPLES / _HOP
    rest = values[far & (values != 0)]
    if not len(rest) or values[best] <= 0:
        return None
    clearness = float(values[best] / max(rest.std(), 1e-12))
    if clearness < _CLEAR or values[best] < _ALONE * rest.max():
        return None
    around = together[(best + np.arange(-1, 2)) % size]
    bend = around[0] - 2 * around[1] + around[2]
    finer = 0.5 * (around[0] - around[2]) / bend if bend < 0 else 0.0
    lag = (shift[best] + finer) * _HOP / _SAMPLES
    found = HeardOffset(float(first.begin - second.begin + lag), clearness)
    return _with_drift(first, second, found)


def _with_drift(first: Onsets, second: Onsets, found: HeardOffset) -> HeardOffset:
    """Return an answer with the rate at which the second clock runs, where clips are long.

    Stretches of the second clip are heard each by itself, near where they should be; a line through
    their offsets is the drift.
    """
    step = _HOP / _SAMPLES
    shift = round((found.offset + second.begin - first.begin) / step)
    begin, end = max(0, -shift), min(len(second.rises), len(first.rises) - shift)
    length, around = round(_STRETCH / step), round(_DRIFTED / step)
    count = (end - begin) // length
    if count < _STRETCHES:
        return found
    moments, lags = [], []
    for number in range(count):
        start = begin + number * length
        own = second.rises[start : start + length]
        low = start + shift - around
        if low < 0 or low + length + 2 * around > len(first.rises) or not own.any():
            continue
        other = first.rises[low : low + length + 2 * around]
        fits = np.correlate(other - other.mean(), own - own.mean(), "valid")
        best = int(fits.argmax())
        if fits[best] < _CLEAR / 2 * fits.std() or not 0 < best < 2 * around:
            continue
        moments.append(second.begin + (start + length / 2) * step)
        lags.append((best - around) * step)
    if len(moments) < _STRETCHES:
        return found
    slope, base = _line(np.array(moments), np.array(lags))
    return HeardOffset(found.offset + base, found.clearness, 1.0 + slope)


def _line(moments: np.ndarray, lags: np.ndarray) -> tuple[float, float]:
    """Return slope and value at 0 of a line through most points (Theil and Sen)."""
    i, j = np.triu_indices(len(moments), 1)
    slope = float(np.median((lags[j] - lags[i]) / (moments[j] - moments[i])))
    return slope, float(np.median(lags - slope * moments))


def _samples(path: Path) -> np.ndarray:
    """Return the sound of a file, one channel, -1 to 1."""
    parts = []
    with av.open(str(path)) as container:
        resampler = AudioResampler("flt", "mono", _SAMPLES)
        for frame in container.decode(audio=0):
            parts += [_flat(each) for each in resampler.resample(frame)]
        parts += [_flat(each) for each in resampler.resample(None)]
    return np.concatenate(parts) if parts else np.empty(0)


def _flat(frame: AudioFrame) -> np.ndarray:
    return np.asarray(frame.to_ndarray()[0], np.float64)

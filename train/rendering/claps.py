"""What phones hear of somebody who claps: later and softer from further off, in a room's noise."""

from collections.abc import Sequence

import numpy as np

SPEED_OF_SOUND = 343.0
"""Metres a second."""

_LOUDNESS = 0.7  # of a clap a metre away; 1 is the loudest that a file holds
_NOISE = 0.004
_ATTACK, _CLAP, _ECHO = 0.0003, 0.012, 0.09  # seconds: how it rises, and how fast it dies away
_ECHO_SHARE = 0.18
_CLAP_PARTIALS, _ECHO_PARTIALS = 120, 240
_CLAP_PITCH, _ECHO_PITCH = (500.0, 6500.0), (150.0, 4000.0)  # hertz


def heard(
    claps: Sequence[tuple[float, np.ndarray]],
    microphone: np.ndarray,
    times: np.ndarray,
    seed: int,
) -> np.ndarray:
    """Return what a microphone hears at certain times (N,), seconds: samples (N,), -1 to 1.

    A clap is the same for every microphone; echoes and noise are each one's own.

    Parameters
    ----------
    claps : sequence of (float, (3,))
        When, seconds, and where in the world, metres.
    microphone : (3,)
        In the world.
    times : (N,)
        When the samples are taken, on the clock of the claps.
    seed : int
        Of echoes and noise.
    """
    own = np.random.default_rng(seed)
    samples = _room_noise(own, len(times))
    for number, (moment, place) in enumerate(claps):
        distance = float(np.linalg.norm(place - microphone))
        since = times - moment - distance / SPEED_OF_SOUND
        loudness = _LOUDNESS / max(distance, 1.0)
        clap = _burst(np.random.default_rng(number), since, _CLAP_PARTIALS, _CLAP_PITCH, _CLAP)
        echo = _burst(own, since, _ECHO_PARTIALS, _ECHO_PITCH, _ECHO)
        samples += loudness * (clap + _ECHO_SHARE * echo)
    return np.clip(samples, -1, 1)


def _burst(
    rng: np.random.Generator,
    since: np.ndarray,
    partials: int,
    pitch: tuple[float, float],
    lasts: float,
) -> np.ndarray:
    """Return many tones that begin together at 0 (N,) seconds and die away; about 1 at first."""
    result = np.zeros(len(since))
    sounding = (since > 0) & (since < 8 * lasts)
    after = since[sounding]
    tones = rng.uniform(*pitch, partials)
    phases = rng.uniform(0, 2 * np.pi, partials)
    whole = np.sin(2 * np.pi * tones * after[:, None] + phases).sum(axis=1)
    whole *= np.sqrt(2 / partials) / 2
    result[sounding] = whole * np.exp(-after / lasts) * (1 - np.exp(-after / _ATTACK))
    return result


def _room_noise(rng: np.random.Generator, count: int) -> np.ndarray:
    """Return noise (count,) that is louder the deeper it is, as rooms are."""
    spectrum = np.fft.rfft(rng.normal(size=count))
    spectrum /= np.sqrt(np.maximum(np.arange(len(spectrum)), 20))
    noise = np.fft.irfft(spectrum, count)
    return np.asarray(_NOISE * noise / noise.std())

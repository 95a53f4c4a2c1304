"""From a clip's own timestamps to the whole frames of a Blender scene; seconds stay seconds."""

from dataclasses import dataclass

import numpy as np

from bake.motion.track import LONGEST_FILLED_GAP, Track
from core_model.errors import MocapError
from core_model.geometry.rotations import (
    axis_angle_to_quaternion,
    quaternion_multiply,
    quaternion_to_axis_angle,
    without_sign_flips,
)

_NTSC = 1.001
_INVERSE = np.array([1.0, -1.0, -1.0, -1.0])
_EXACT = 1e-6  # of the way between two samples
_FARTHEST_TURN = np.radians(120)  # that the speed at the edge of a gap is believed to go on for
_FARTHEST_SWING = 3.0  # times the way itself, over a picture that lasts for long
_POSSIBLE_RATES = (1.0, 1000.0)
_COARSEST_CLOCK = 0.002  # seconds; phones count in 600ths of one
_MILLISECOND_ROUNDING = 0.0005  # seconds
_VIDEO_ROUNDING = 0.5 / 90000  # seconds; the clock of most videos
_SAME_RATE = 2e-6  # 29.97 as people write it, and 30000 / 1001
_REAL_RATES = sorted(
    [10, 12, 12.5, 15, 20, 24, 25, 30, 48, 50, 60, 72, 90, 100, 120, 144, 200, 240]
    + [rate / _NTSC for rate in (24, 30, 48, 60, 120, 240)]
)


@dataclass(frozen=True)
class FrameRate:
    """A frame rate the way Blender stores it: `fps / base` frames per second."""

    fps: int
    base: float

    @property
    def value(self) -> float:
        """Frames per second."""
        return self.fps / self.base

    def __str__(self) -> str:
        return f"{self.value:.6g}"


def exact_rate(rate: float) -> FrameRate:
    """Return Blender's form of `rate`; 23.976, 29.97, 59.94 mean the NTSC rates over 1.001.

    Raises
    ------
    MocapError
        When the rate is not between 1 and 1000.
    """
    if not 1 <= rate <= 1000:
        raise MocapError(f"A frame rate of {rate:g} is not possible; it must be from 1 to 1000.")
    whole = round(rate * _NTSC)
    if abs(rate - whole / _NTSC) < 0.005 and abs(rate - round(rate)) > 0.005:
        return FrameRate(whole, _NTSC)
    return _in_blender(rate)


def rate_of(times: np.ndarray) -> FrameRate:
    """Return the frame rate that timestamps (N,) in seconds mean; 30 for a single one.

    Holes are left out. A constant rate is kept as it is, whatever it is. Where timestamps are
    rounded, as many files do to milliseconds, their mean tells which rates they can mean, and a
    usual one is preferred. The mean of pictures that come as they like says little: the nearest
    usual rate is taken.
    """
    distances = np.diff(times)
    if len(distances) == 0:
        return exact_rate(30)
    ordinary = distances[distances < 1.5 * np.median(distances) + 2 * _MILLISECOND_ROUNDING]
    period = ordinary.mean()
    measured = float(np.clip(1 / period, *_POSSIBLE_RATES))
    apart = np.cumsum(ordinary) - period * np.arange(1, len(ordinary) + 1)
    rounding = max(float(np.abs(apart).max()), _rounding(times))
    usual = min(_REAL_RATES, key=lambda rate: abs(np.log(rate / measured)))
    if rounding > min(_COARSEST_CLOCK, period / 2):
        return exact_rate(usual if abs(usual / measured - 1) < 0.1 else round(measured))
    # Either end may be off by the rounding.
    doubt = max(2 * rounding / (period * len(ordinary)), _SAME_RATE)
    for rate in (usual, float(round(measured))):
        if abs(rate / measured - 1) <= doubt:
            return exact_rate(rate)
    return _in_blender(measured)


def _rounding(times: np.ndarray) -> float:
    """Return by how many seconds timestamps may be rounded, though none of them tells."""
    milliseconds = 1000 * times
    whole = (np.abs(milliseconds - np.rint(milliseconds)) < 1e-6).all()
    return _MILLISECOND_ROUNDING if whole else _VIDEO_ROUNDING


def _in_blender(rate: float) -> FrameRate:
    fps = int(np.ceil(rate - 1e-6))
    return FrameRate(fps, 1.0 if abs(fps - rate) < 1e-6 else fps / rate)


@dataclass(frozen=True)
class Timeline:
    """Which moment of the clip each scene frame shows.

    Parameters
    ----------
    rate : FrameRate
        Of the scene.
    start : float
        Seconds in the clip at `first_frame`.
    first_frame : int
        Of the scene.
    """

    rate: FrameRate
    start: float = 0.0
    first_frame: int = 1

    def frame_of(self, time: np.ndarray) -> np.ndarray:
        """Return the scene frames, with fractions, at clip times in seconds."""
        return self.first_frame + (time - self.start) * self.rate.value

    def time_of(self, frame: np.ndarray) -> np.ndarray:
        """Return the clip times in seconds at scene frames."""
        return self.start + (frame - self.first_frame) / self.rate.value


@dataclass(frozen=True)
class Keys:
    """What is keyed on each scene frame.

    Parameters
    ----------
    frames : (K,) int
        Increasing; frames in long gaps are left out.
    quaternions : (K, 24, 4)
        As in `Track`.
    positions : (K, 3)
        As in `Track`.
    last_of_run : (K,) bool
        True where a long gap or the end follows.
    """

    frames: np.ndarray
    quaternions: np.ndarray
    positions: np.ndarray
    last_of_run: np.ndarray

    def __getitem__(self, part: slice) -> "Keys":
        """Return some of them that follow each other."""
        last = self.last_of_run[part].copy()
        last[-1] = True
        return Keys(self.frames[part], self.quaternions[part], self.positions[part], last)

    def runs(self) -> list[slice]:
        """Return the stretches without long gaps, in order of time."""
        ends = (np.flatnonzero(self.last_of_run) + 1).tolist()
        return [slice(a, b) for a, b in zip([0, *ends[:-1]], ends, strict=True)]


def resample(track: Track, timeline: Timeline) -> Keys:
    """Read a track at the whole frames of a scene.

    Between samples, rotations and positions follow cubic curves that go on with the speed of the
    motion at either end, across short gaps too. The first and last frame are the nearest to the
    track's own ends, so its length in seconds holds to half a frame; a last picture that lasts for
    long is held as long.
    """
    frames, quaternions, positions, last = [], [], [], []
    taken = -np.inf
    for run in track.runs():
        times = track.times[run]
        first, final = np.rint(timeline.frame_of(times[[0, -1]])).astype(int)
        lasts = track.lasts[run][-1]
        if lasts > LONGEST_FILLED_GAP:
            final = max(final, round(float(timeline.frame_of(times[-1] + lasts))) - 1)
        inside = np.arange(max(first, taken + 1), final + 1).astype(int)
        if len(inside) == 0:
            continue
        taken = final
        at = np.clip(timeline.time_of(inside), times[0], times[-1])
        frames.append(inside)
        quaternions.append(turning_at(track.quaternions[run], times, at))
        positions.append(cubic_at(track.positions[run], times, at))
        last.append(inside == final)
    return Keys(
        np.concatenate(frames),
        without_sign_flips(np.concatenate(quaternions)),
        np.concatenate(positions),
        np.concatenate(last),
    )


def _bracket(times: np.ndarray, at: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the samples before and after each moment, and how far (0 to 1) between them it is."""
    before = np.clip(np.searchsorted(times, at, side="right") - 1, 0, max(len(times) - 2, 0))
    after = np.minimum(before + 1, len(times) - 1)
    span = np.where(after > before, times[after] - times[before], 1.0)
    return before, after, (at - times[before]) / span


def turning_at(quaternions: np.ndarray, times: np.ndarray, at: np.ndarray) -> np.ndarray:
    """Read curves of rotations (N, J, 4) at other times, with the turning speed of their samples.

    Hermite curves of quaternions by cumulative cubic Bernstein polynomials: Kim, Kim and Shin, "A
    general construction scheme for unit quaternion curves with simple high order derivatives",
    SIGGRAPH 1995.
    """
    if len(times) < 2:
        return np.repeat(quaternions, len(at), axis=0)
    before, after, share = _bracket(times, at)
    nearest = quaternions[np.where(share < 0.5, before, after)]
    between = (share > _EXACT) & (share < 1 - _EXACT)
    if not between.any():
        return nearest
    before, after, share = before[between], after[between], share[between]
    turns = _turn_between(quaternions[:-1], quaternions[1:])
    speed = _turning_speed(turns, np.diff(times))
    span = (times[after] - times[before])[:, None, None]
    reach = np.minimum(_reach(turns[before], span), _FARTHEST_TURN)
    first, last = (_limited(speed[end] * span, reach) / 3 for end in (before, after))
    first_step, last_step = axis_angle_to_quaternion(first), axis_angle_to_quaternion(last)
    middle = quaternion_multiply(
        quaternion_multiply(first_step * _INVERSE, axis_angle_to_quaternion(turns[before])),
        last_step * _INVERSE,
    )
    s = share[:, None, None]
    steps = (
        (1 - (1 - s) ** 3) * first,
        s**2 * (3 - 2 * s) * quaternion_to_axis_angle(middle),
        s**3 * last,
    )
    read = quaternions[before]
    for step in steps:
        read = quaternion_multiply(read, axis_angle_to_quaternion(step))
    nearest[between] = read / np.linalg.norm(read, axis=-1, keepdims=True)
    return nearest


def _turn_between(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Return the shortest turns (..., 3) from rotations a to b (..., 4), in the axes of a."""
    return np.asarray(quaternion_to_axis_angle(quaternion_multiply(a * _INVERSE, b)))


def _turning_speed(turns: np.ndarray, spans: np.ndarray) -> np.ndarray:
    """Return radians per second (N, J, 3) at samples, from the turns (N - 1, J, 3) between them.

    The shorter of two neighbouring spans tells more: at the edge of a gap, the one outside of it.
    """
    rates = turns / spans[:, None, None]
    inner = (spans[:-1, None, None] * rates[1:] + spans[1:, None, None] * rates[:-1]) / (
        spans[:-1] + spans[1:]
    )[:, None, None]
    return np.concatenate((rates[:1], inner, rates[-1:]))


def _reach(way: np.ndarray, span: np.ndarray) -> np.ndarray:
    """Return how far the speed at the ends of spans may carry: over long ones, little beyond them.

    A picture that lasts for seconds tells nothing of a motion that goes on as fast as before.
    """
    far = _FARTHEST_SWING * np.linalg.norm(way, axis=-1, keepdims=True)
    return np.where(span > LONGEST_FILLED_GAP + 1e-6, far, np.inf)


def _limited(way: np.ndarray, reach: np.ndarray) -> np.ndarray:
    """Shorten what would carry a limb or the body far beyond both ends of a gap."""
    length = np.linalg.norm(way, axis=-1, keepdims=True)
    return way * np.minimum(1, reach / np.maximum(length, 1e-9))


def cubic_at(values: np.ndarray, times: np.ndarray, at: np.ndarray) -> np.ndarray:
    """Read curves (N, C) at other times, with the speed of their samples."""
    if len(times) < 2:
        return np.repeat(values, len(at), axis=0)
    before, after, share = _bracket(times, at)
    slope = np.gradient(values, times, axis=0)
    span, s = (times[after] - times[before])[:, None], share[:, None]
    reach = _reach(values[after] - values[before], span) / span
    return (
        (1 + 2 * s) * (1 - s) ** 2 * values[before]
        + s * (1 - s) ** 2 * span * _limited(slope[before], reach)
        + s**2 * (3 - 2 * s) * values[after]
        - s**2 * (1 - s) * span * _limited(slope[after], reach)
    )

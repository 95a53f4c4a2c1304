"""Keys of animation curves with the handles of Blender, and what the curves do between them."""

from dataclasses import dataclass

import numpy as np

_THIRD = 1e-12
_STEPS = 60


@dataclass(frozen=True)
class BezierKeys:
    """The keys of one property: its curves have them at the same frames.

    Parameters
    ----------
    frames : (M,) int
        Increasing.
    values : (M, C)
    slopes_in, slopes_out : (M, C)
        Change per frame with which the curves come and go.
    reach_in, reach_out : (M, C)
        Frames from handle to key; a third of the way to the next key makes the curve a cubic of the
        frame, and both handles between two keys together no more than the whole of it.
    smooth : (M,) bool
        Where both slopes are the same.
    holds : (M,) bool
        Where the value is kept until the next key.
    straight : bool
        Whether curves go from key to key in straight lines, without regard to slopes.
    """

    frames: np.ndarray
    values: np.ndarray
    slopes_in: np.ndarray
    slopes_out: np.ndarray
    reach_in: np.ndarray
    reach_out: np.ndarray
    smooth: np.ndarray
    holds: np.ndarray
    straight: bool = False

    def handles(self) -> tuple[np.ndarray, np.ndarray]:
        """Return left and right handles (M, C, 2): frame and value."""
        places = np.broadcast_to(self.frames[:, None], self.values.shape)
        left = (places - self.reach_in, self.values - self.reach_in * self.slopes_in)
        right = (places + self.reach_out, self.values + self.reach_out * self.slopes_out)
        return np.stack(left, axis=-1), np.stack(right, axis=-1)


def keys_on_every_frame(
    frames: np.ndarray, values: np.ndarray, last_of_run: np.ndarray
) -> BezierKeys:
    """Make a key of every value (K, C), with straight lines between them.

    `last_of_run` (K,) is True where a gap or the end follows.
    """
    flat, smooth = np.zeros_like(values), np.ones(len(frames), bool)
    holds = _holds(frames, last_of_run)
    return BezierKeys(frames, values, flat, flat, *thirds(frames, values), smooth, holds, True)


def thirds(frames: np.ndarray, values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return handles (M, C) a third as long as the way to the next key, outer ones a frame."""
    reach = np.diff(frames) / 3
    before, after = np.append(1.0, reach)[:, None], np.append(reach, 1.0)[:, None]
    return np.broadcast_to(before, values.shape), np.broadcast_to(after, values.shape)


def keys_with_slopes(
    frames: np.ndarray,
    values: np.ndarray,
    slopes_in: np.ndarray,
    slopes_out: np.ndarray,
    last_of_run: np.ndarray,
    reaches: tuple[np.ndarray, np.ndarray] | None = None,
) -> BezierKeys:
    """Make keys of slopes (M, C) that are NaN where nothing comes or goes.

    A side of a key where nothing is gets the slope of the other, so that handles lie in line.
    `last_of_run` (M,) is True where a gap or the end follows. `reaches` are the lengths of handles
    (M, C), `thirds` where NaN or not given.
    """
    reach_in, reach_out = thirds(frames, values)
    if reaches is not None:
        reach_in = np.where(np.isfinite(reaches[0]), reaches[0], reach_in)
        reach_out = np.where(np.isfinite(reaches[1]), reaches[1], reach_out)
    comes, goes = np.isfinite(slopes_in), np.isfinite(slopes_out)
    filled_in = np.where(comes, slopes_in, np.where(goes, slopes_out, 0.0))
    filled_out = np.where(goes, slopes_out, np.where(comes, slopes_in, 0.0))
    return BezierKeys(
        frames,
        values,
        filled_in,
        filled_out,
        reach_in,
        reach_out,
        (filled_in == filled_out).all(axis=1),
        _holds(frames, last_of_run),
    )


def held_by_keys(keys: BezierKeys) -> BezierKeys:
    """Return keys that keep a value by a second key just before the next, not by being constant.

    At whole frames curves are the same. Exporters that know one interpolation for all keys of a
    property write such keys as they are.
    """
    where = np.flatnonzero(keys.holds[:-1] & (np.diff(keys.frames) > 1))
    flat, smooth = keys.slopes_out.copy(), keys.smooth.copy()
    flat[where], smooth[where] = 0.0, (keys.slopes_in[where] == 0).all(axis=1)
    behind = where + 1
    frames = np.insert(keys.frames, behind, keys.frames[behind] - 1)
    values = np.insert(keys.values, behind, keys.values[where], axis=0)
    # Both new spans, to the key that holds and on from it, have handles of a third.
    reaches = np.stack((keys.reach_in, keys.reach_out))
    reaches[0, behind] = reaches[1, where] = np.nan
    reaches = np.insert(reaches, behind, np.nan, axis=1)
    reach_in, reach_out = np.where(np.isfinite(reaches), reaches, np.stack(thirds(frames, values)))
    return BezierKeys(
        frames,
        values,
        np.insert(keys.slopes_in, behind, 0.0, axis=0),
        np.insert(flat, behind, 0.0, axis=0),
        reach_in,
        reach_out,
        np.insert(smooth, behind, True),
        np.zeros(len(frames), bool),
        keys.straight,
    )


def _holds(frames: np.ndarray, last_of_run: np.ndarray) -> np.ndarray:
    # Behind the last key a curve keeps its value anyway, and the user may go on from there.
    return last_of_run & (frames < frames[-1])


def evaluate(keys: BezierKeys, frames: np.ndarray) -> np.ndarray:
    """Return the values (F, C) of curves at frames (F,), which may have fractions."""
    if len(keys.frames) == 1:
        return np.repeat(keys.values, len(frames), axis=0)
    at = np.clip(frames, keys.frames[0], keys.frames[-1])
    before = np.clip(np.searchsorted(keys.frames, at, side="right") - 1, 0, len(keys.frames) - 2)
    span = np.diff(keys.frames)[before][:, None]
    s = np.where(keys.holds[before] & (at < keys.frames[before + 1]), 0.0, at - keys.frames[before])
    s = s[:, None] / span
    begin, end = keys.values[before], keys.values[before + 1]
    if keys.straight:
        return np.asarray((1 - s) * begin + s * end)
    first, last = keys.reach_out[before], keys.reach_in[before + 1]
    t = parameter_at(np.broadcast_to(s, begin.shape), first / span, 1 - last / span)
    return bezier_value(
        t,
        begin,
        begin + first * keys.slopes_out[before],
        end - last * keys.slopes_in[before + 1],
        end,
    )


def bezier_value(
    t: np.ndarray, begin: np.ndarray, first: np.ndarray, last: np.ndarray, end: np.ndarray
) -> np.ndarray:
    """Return the cubic with four control points at parameters from 0 to 1."""
    u = 1 - t
    # Products: powers of arrays are several times as slow.
    square_u, square_t = u * u, t * t
    outer = square_u * u * begin + square_t * t * end
    return np.asarray(outer + 3 * (square_u * t * first + square_t * u * last))


def parameter_at(share: np.ndarray, first: np.ndarray, last: np.ndarray) -> np.ndarray:
    """Return the parameter at which a span has come a share of its way, 0 to 1, in frames.

    `first` and `last` are where its handles lie. Newton's steps, kept between bounds that close in.
    """
    third = (np.abs(first - 1 / 3) < _THIRD) & (np.abs(last - 2 / 3) < _THIRD)
    t = share.astype(np.float64)
    if third.all():
        return t
    low, high = np.zeros_like(t), np.ones_like(t)
    for _ in range(_STEPS):
        u = 1 - t
        off = t * (3 * u * (u * first + t * last) + t * t) - share
        if np.abs(off).max() < _THIRD:
            break
        low, high = np.where(off < 0, t, low), np.where(off < 0, high, t)
        speed = 3 * (u * u * first + 2 * t * u * (last - first) + t * t * (1 - last))
        step = t - off / np.maximum(speed, 1e-12)
        t = np.where((step > low) & (step < high), step, (low + high) / 2)
    return np.where(third, share, t)

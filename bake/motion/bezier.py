"""Keys of animation curves with the handles of Blender, and what the curves do between them."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class BezierKeys:
    """The keys of one property: its curves have them at the same frames.

    Handles lie a third of the way to the next key, so that a curve is a cubic of the frame.

    Parameters
    ----------
    frames : (M,) int
        Increasing.
    values : (M, C)
    slopes_in, slopes_out : (M, C)
        Change per frame with which the curves come and go.
    smooth : (M,) bool
        Where both are the same.
    holds : (M,) bool
        Where the value is kept until the next key.
    straight : bool
        Whether curves go from key to key in straight lines, without regard to slopes.
    """

    frames: np.ndarray
    values: np.ndarray
    slopes_in: np.ndarray
    slopes_out: np.ndarray
    smooth: np.ndarray
    holds: np.ndarray
    straight: bool = False

    def handles(self) -> tuple[np.ndarray, np.ndarray]:
        """Return left and right handles (M, C, 2): frame and value. Outer ones are a frame long."""
        reach = np.diff(self.frames) / 3
        before, after = np.append(1.0, reach), np.append(reach, 1.0)
        return tuple(
            np.stack(
                (
                    np.broadcast_to((self.frames + step)[:, None], self.values.shape),
                    self.values + step[:, None] * slopes,
                ),
                axis=-1,
            )
            for step, slopes in ((-before, self.slopes_in), (after, self.slopes_out))
        )


def keys_on_every_frame(
    frames: np.ndarray, values: np.ndarray, last_of_run: np.ndarray
) -> BezierKeys:
    """Make a key of every value (K, C), with straight lines between them.

    `last_of_run` (K,) is True where a gap or the end follows.
    """
    flat, smooth = np.zeros_like(values), np.ones(len(frames), bool)
    return BezierKeys(frames, values, flat, flat, smooth, _holds(frames, last_of_run), True)


def keys_with_slopes(
    frames: np.ndarray,
    values: np.ndarray,
    slopes_in: np.ndarray,
    slopes_out: np.ndarray,
    last_of_run: np.ndarray,
) -> BezierKeys:
    """Make keys of slopes (M, C) that are NaN where nothing comes or goes.

    A side of a key where nothing is gets the slope of the other, so that handles lie in line.
    `last_of_run` (M,) is True where a gap or the end follows.
    """
    comes, goes = np.isfinite(slopes_in), np.isfinite(slopes_out)
    filled_in = np.where(comes, slopes_in, np.where(goes, slopes_out, 0.0))
    filled_out = np.where(goes, slopes_out, np.where(comes, slopes_in, 0.0))
    return BezierKeys(
        frames,
        values,
        filled_in,
        filled_out,
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
    return BezierKeys(
        np.insert(keys.frames, behind, keys.frames[behind] - 1),
        np.insert(keys.values, behind, keys.values[where], axis=0),
        np.insert(keys.slopes_in, behind, 0.0, axis=0),
        np.insert(flat, behind, 0.0, axis=0),
        np.insert(smooth, behind, True),
        np.zeros(len(keys.frames) + len(where), bool),
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
    return np.asarray(
        (1 - s) ** 3 * begin
        + 3 * s * (1 - s) ** 2 * (begin + keys.slopes_out[before] * span / 3)
        + 3 * s**2 * (1 - s) * (end - keys.slopes_in[before + 1] * span / 3)
        + s**3 * end
    )

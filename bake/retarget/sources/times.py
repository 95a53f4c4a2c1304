"""A motion at other frames than it was recorded at."""

from dataclasses import replace

import numpy as np

from bake.retarget.human import HumanMotion

_SAME = 1e-4  # of a rate: files write the time of a frame with few digits


def usual_rate(rate: float) -> float:
    """Return the whole rate that is meant where a file's is next to it."""
    whole = float(round(rate))
    return whole if whole and abs(rate / whole - 1) < _SAME else rate


def at_rate(human: HumanMotion, rate: float) -> HumanMotion:
    """Return a motion at another frame rate, its first frame being frame 1.

    Parameters
    ----------
    human : HumanMotion
    rate : float
        Frames per second.
    """
    times = (human.frames - human.frames[0]) / human.fps
    if abs(rate / human.fps - 1) < _SAME or len(human) == 1:
        return replace(human, frames=human.frames - human.frames[0] + 1, fps=rate)
    frames = np.arange(int(np.floor(times[-1] * rate + 1e-6)) + 1)
    at = np.clip(frames / rate, times[0], times[-1])
    after = np.clip(np.searchsorted(times, at, side="right"), 1, len(times) - 1)
    before = after - 1
    share = (at - times[before]) / (times[after] - times[before])
    # Neighbours are so near that a straight line is as good as an arc.
    mix = share[:, None, None]
    turns = (1 - mix) * human.turns[before] + mix * human.turns[after]
    turns /= np.linalg.norm(turns, axis=-1, keepdims=True)
    places = (1 - mix) * human.places[before] + mix * human.places[after]
    # Nothing is made up in a gap.
    inside = ~human.last_of_run[before] | (share <= 0) | (share >= 1)
    runs = np.cumsum(human.last_of_run) - human.last_of_run
    run = runs[np.where(share >= 1, after, before)]
    ends = np.append(np.diff(run[inside]) > 0, True)
    return replace(
        human,
        turns=turns[inside],
        places=places[inside],
        frames=frames[inside] + 1,
        last_of_run=ends,
        fps=rate,
    )

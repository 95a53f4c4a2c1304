"""What feet do in takes made of others, baked: `python -m tests.benchmarks.joins TAKES`.

Of every take of some folders: joined with the next, looped, played at half, double and a changing
speed, and mirrored. A standing foot, of the made take or of its sources, is compared frame by frame
with what it did in the same frames of what they were made of: how much more does it slide, mm a
frame?
"""

import argparse
import sys
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np

from bake.cleaning import cleaned
from bake.feet.contacts import foot_points
from bake.feet.figure import HEEL, INNER, TOE, figure_of, posed
from bake.finishing.cuts import joined, looped
from bake.finishing.motion import retimed
from bake.finishing.places import mirrored
from bake.motion.resample import FrameRate, Timeline, rate_of
from bake.motion.smoothing import load_profile
from bake.motion.touches import stretch_of
from core_model.body.model import default_body
from core_model.errors import TakeError
from core_model.take import Take
from core_model.take.folder import find_take_files

_BODY = default_body()
_BLEND = 0.4  # seconds
_IN_THE_AIR = 0.005  # metres


class Baked:
    """What the feet of a take do from frame to frame once it is baked.

    Attributes
    ----------
    times : (N - 1,)
        Seconds at which each step begins.
    steps : (N - 1, 2)
        How far what bears each foot moves over the ground, mm: heel, ball or toe.
    stands : (N - 1, 2) bool
        Where the bake holds the foot.
    lifted : (N - 1, 2) bool
        Where all of the foot is above the floor, at either end of the step.
    """

    def __init__(self, take: Take, rate: FrameRate | None = None) -> None:
        timeline = Timeline(rate or rate_of(take.times), float(take.times[0]))
        baked = cleaned(take, timeline, load_profile("default"), _BODY, "ground", "auto")
        times = timeline.time_of(baked.keys.frames)
        figure = figure_of(_BODY, take.betas)
        pose = posed(figure, baked.keys.quaternions, baked.keys.positions)
        # Who walks rolls from heel to ball to toe.
        points = np.concatenate((foot_points(pose), pose.soles[:, :, TOE, None]), axis=2)
        self.times, self._moments, self._points = times[:-1], times, points[..., :2]
        moves = np.diff(self._points, axis=0)
        self.steps = np.asarray(1000 * np.linalg.norm(moves, axis=-1).min(axis=2))
        above = (points[..., 2] - figure.sole_heights[:, [HEEL, INNER, TOE]]).min(axis=2)
        self.lifted = np.maximum(above[:-1], above[1:]) > _IN_THE_AIR
        self.stands = np.zeros(self.steps.shape, bool)
        for each in baked.stands:
            first, last = stretch_of(each, times)
            self.stands[first : max(first, last - 1), int(each.limb == "right_foot")] = True

    def between(self, times: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return steps and stands (M, 2) from each of times (M + 1,) to the next, all the way.

        A step that spans several of one's own is as long as these together: a foot that slides to
        and fro slides. Of a part of one, it is that part.
        """
        count, slack = len(self.times), 1e-3 * np.diff(self._moments).min()
        first = (np.searchsorted(self._moments, times[:-1] + slack) - 1).clip(0, count - 1)
        last = (np.searchsorted(self._moments, times[1:] - slack) - 1).clip(0, count - 1)
        stood = np.concatenate((np.zeros((1, 2)), np.cumsum(self.stands, axis=0)))
        stands = stood[last + 1] - stood[first] == (last + 1 - first)[:, None]
        slid = np.concatenate((np.zeros((1, 2)), np.cumsum(self.steps, axis=0)))
        there = np.stack([np.interp(times, self._moments, each) for each in slid.T], axis=1)
        return np.diff(there, axis=0), stands


def joint_slide(one: Take, other: Take) -> np.ndarray:
    """Return how much more feet slide in two takes joined than in the same frames of the two."""
    made = Baked(joined(one, other, _BODY, _BLEND))
    step = float(np.diff(made.times).mean())
    rate = rate_of(one.times)
    apart = abs(rate_of(other.times).value - rate.value) * (other.times[-1] - other.times[0])
    whole = int((other.times[-1] - other.times[0]) * rate.value + 1e-6) + 1
    other_count = len(other) if apart < 0.5 else whole
    count = min(max(2, round(_BLEND * rate.value)), len(one) - 1, other_count - 1)
    first = one.times[len(one) - count]
    early = made.times < one.times[-1] - 1e-6
    late = made.times > first - step + 1e-6
    steps, held = np.zeros(made.steps.shape), np.zeros((2, *made.stands.shape), bool)
    later = other.times[0] + (count - 1) / rate.value - one.times[-1]
    both = (early & late)[:, None]
    for rows, source, shift, stands in ((early, one, 0.0, held[0]), (late, other, later, held[1])):
        times = made.times[rows] + shift
        own, there = Baked(source, rate).between(np.append(times, times[-1] + step))
        steps[rows] = np.maximum(steps[rows], own)
        stands[rows] = there
    # Where one goes over into the other, a foot that swings in one of them may not stand; one that
    # stands in both, at two places, has to step over, and does not slide in the air.
    between = held.all(axis=0) & ~made.lifted
    stands = made.stands | np.where(both, between, held.any(axis=0))
    return np.asarray((made.steps - steps)[stands])


def retimed_slide(take: Take, clock: np.ndarray, made: Take) -> np.ndarray:
    """Return the same for a take that was made of moments `clock` (T,) of another, one a frame."""
    after, before = Baked(made), Baked(take)
    ends = np.append(after.times, 2 * after.times[-1] - after.times[-2])
    steps, held = before.between(np.interp(ends, made.times, clock))
    return np.asarray((after.steps - steps)[after.stands | held])


def mirrored_slide(take: Take) -> np.ndarray:
    """Return the same for a take in a mirror."""
    after, before = Baked(mirrored(take, _BODY)), Baked(take)
    stands = after.stands | before.stands[:, ::-1]
    return np.asarray((after.steps - before.steps[:, ::-1])[stands])


def looped_slide(take: Take) -> np.ndarray:
    """Return the same for the cycle of a take."""
    made = looped(take, _BODY)
    near = [np.abs(take.poses[:, 3:] - made.poses[0, 3:]).mean(axis=1)]
    first = int(near[0].argmin())
    return retimed_slide(take, made.times + take.times[first], made)


def _curve(since: np.ndarray) -> np.ndarray:
    return np.asarray(1.0 + 0.6 * np.sin(2 * since))


def _rows(takes: Sequence[tuple[str, Take]]) -> Iterator[tuple[str, np.ndarray]]:
    for (name, one), (beyond, other) in pairwise([*takes, takes[0]]):
        yield f"{name} and {beyond}", joint_slide(one, other)
    for name, take in takes:
        try:
            yield f"{name}, looped", looped_slide(take)
        except TakeError as error:
            print(f"| {name}, looped | {error} |")
        for speed in (0.5, 2.0, _curve):
            made = retimed(take, speed, _BODY)
            since = take.times - take.times[0]
            speeds = speed(since) if callable(speed) else np.full(len(take), speed)
            slow = (1 / speeds[:-1] + 1 / speeds[1:]) / 2
            clock = np.concatenate(([0.0], np.cumsum(slow * np.diff(since))))
            then = take.times[0] + np.interp(made.times, clock, since)
            label = "a curve" if callable(speed) else f"{speed:g} times"
            yield f"{name}, at {label}", retimed_slide(take, then, made)
        yield f"{name}, mirrored", mirrored_slide(take)


def main() -> int:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("takes", type=Path, nargs="+")
    takes = []
    for folder in parser.parse_args().takes:
        files, _ = find_take_files([folder])
        takes += [(f"{folder.name} {n}", Take.load(file)) for n, file in enumerate(files, 1)]
    print("| made | more slide, mm a frame: 95 %, most | steps over 1 mm |")
    print("|---|---|---|")
    for name, more in _rows(takes):
        if len(more):
            most, usual = more.max(), np.percentile(more, 95)
            print(f"| {name} | {usual:.2f}, {most:.2f} | {(more > 1).sum()} |", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""How well feet stand after clean-up, what it costs the knees, and how long it takes.

Run as `python -m tests.benchmarks.feet [TAKE ...]`. Without takes it captures the project's demo
and those rendered clips that are there, and says besides what clean-up makes of the demo's own
truth under drift. A foot stands where the truth says so, or, without a truth, where clean-up finds
it.
"""

import argparse
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from bake.cleaning import clean_motion
from bake.feet.contacts import find_contacts, foot_points, intervals
from bake.feet.figure import LEGS, Figure, Posed, figure_of, posed
from bake.feet.foot_evidence import foot_evidence
from bake.feet.leg_ik import flexion
from bake.motion.resample import Keys, Timeline, rate_of
from bake.motion.smoothing import load_profile
from core_model.body.model import default_body
from core_model.take import Take
from train.places import DEMO_FOLDER

RENDERED = Path("train/rendered")
LONG = 5000
_STILL, _FLAT = 0.15, 0.02  # metres per second and metres: truth that stands


@dataclass(frozen=True)
class Row:
    """What a take's feet do; millimetres, and degrees of knees.

    Parameters
    ----------
    slide_before, slide, slide_most : float
        Per frame at 30 frames a second, of feet that stand: as captured, after clean-up, and its
        95th percentile.
    locked : float
        As `slide`, where clean-up found the foot standing too.
    sinks, floats : float
        Mean depth and height of points that stand.
    knee : float
        The most that a knee's flexion changes because of the lock.
    pop_before, pop : float
        The most that a knee's angular speed changes from frame to frame, without and with it.
    found : float
        Share of the standing points that were found.
    """

    slide_before: float
    slide: float
    slide_most: float
    locked: float
    sinks: float
    floats: float
    knee: float
    pop_before: float
    pop: float
    found: float


def main() -> None:
    """Measure and print the tables."""
    parser = argparse.ArgumentParser(description="Measure feet after clean-up.")
    parser.add_argument("takes", nargs="*", type=Path, metavar="TAKE")
    paths = parser.parse_args().takes
    rows: dict[str, Row] = {}
    if paths:
        for path in paths:
            rows[f"{path.parent.name}/{path.stem}"] = measure(Take.load(path), None)
    else:
        truth = Take.load(DEMO_FOLDER / "demo_truth.npz")
        rows["demo truth"] = measure(truth, truth)
        rows["demo truth, drifting"] = measure(_drifting(truth), truth)
        for clip, true in _clips():
            for take in _captured(clip):
                rows[clip.stem] = measure(take, true)
    print(_table(rows))
    truth = Take.load(DEMO_FOLDER / "demo_truth.npz")
    for mode in ("auto", "always"):
        print(f"{LONG} frames, all clean-up, feet {mode}: {_seconds(truth, mode):.2f} s")
    high = jump_height(truth)
    print(f"a jump of 400 mm: {high[0]:.0f} mm after auto, {high[1]:.0f} after always")


def measure(take: Take, truth: Take | None) -> Row:
    """Clean a take up with and without foot lock, on the ground, and compare."""
    figure, timeline = figure_of(default_body(), take.betas), Timeline(rate_of(take.times))
    timeline = replace(timeline, start=float(take.times[0]))
    raw, plain, locked = (
        _cleaned(take, timeline, root, feet)
        for root, feet in (("free", "never"), ("ground", "never"), ("ground", "auto"))
    )
    times = timeline.time_of(raw.frames)
    poses = [posed(figure, keys.quaternions, keys.positions) for keys in (raw, plain, locked)]
    found = _found(figure, take, poses[0], raw, times)
    stands = found if truth is None else _stands(truth, times)
    before, after = (_slide(foot_points(pose), stands, times, raw) for pose in (poses[0], poses[2]))
    both = _slide(foot_points(poses[2]), stands & found, times, raw)
    heights = 1000 * foot_points(poses[2])[..., 2][stands]
    change = _knees(poses[2]) - _knees(poses[1])
    pops = [np.abs(np.diff(_knees(pose), n=2, axis=0)).max() for pose in poses[1:]]
    return Row(
        slide_before=_mean(before),
        slide=_mean(after),
        slide_most=float(np.percentile(after, 95)) if len(after) else float("nan"),
        locked=_mean(both),
        sinks=_mean(np.maximum(-heights, 0)),
        floats=_mean(np.maximum(heights, 0)),
        knee=float(np.abs(change).max()),
        pop_before=float(pops[0]),
        pop=float(pops[1]),
        found=_mean(found[stands].astype(float)),
    )


def jump_height(truth: Take) -> tuple[float, float]:
    """Return how high the demo's figure jumps, mm, that jumps 400 mm: after auto, after always."""
    still = int(np.searchsorted(truth.times, 2.5))
    times = np.arange(90) / 30
    rise = np.clip(0.4 - 9.81 / 2 * (times - 1.5) ** 2, 0, None)
    take = Take(
        poses=truth.poses[[still] * 90],
        trans=truth.trans[[still] * 90] + rise[:, None] * [0, 0, 1],
        betas=truth.betas,
        times=times,
    )
    figure, timeline = figure_of(default_body(), take.betas), Timeline(rate_of(times))
    heights = []
    for feet in ("auto", "always"):
        keys = _cleaned(take, timeline, "ground", feet)
        soles = foot_points(posed(figure, keys.quaternions, keys.positions))[..., 2]
        heights.append(1000 * float((soles.min(axis=(1, 2))).max()))
        if feet == "auto":
            assert len(intervals(soles.min(axis=(1, 2)) < 0.02)) == 2, "it lands more than once"
    return heights[0], heights[1]


def _mean(values: np.ndarray) -> float:
    return float(values.mean()) if len(values) else float("nan")


def _cleaned(take: Take, timeline: Timeline, root: str, feet: str) -> Keys:
    return clean_motion(take, timeline, load_profile("default"), default_body(), root, feet)


def _found(figure: Figure, take: Take, pose: Posed, keys: Keys, times: np.ndarray) -> np.ndarray:
    evidence = foot_evidence(take, times)
    found = np.zeros((len(times), 2, 2), bool)
    for run in keys.runs():
        part = Posed(pose.locals[run], pose.joints[run], pose.turned[run], pose.soles[run])
        found[run] = find_contacts(figure, part, times[run], evidence[run]).points
    return found


def _stands(truth: Take, times: np.ndarray) -> np.ndarray:
    """Return which of the true heels and balls stand at some times, (N, 2, 2) bool."""
    timeline = Timeline(rate_of(truth.times), float(truth.times[0]))
    keys = clean_motion(truth, timeline, load_profile("none"), default_body())
    figure = figure_of(default_body(), truth.betas)
    points = foot_points(posed(figure, keys.quaternions, keys.positions))
    speed = np.linalg.norm(np.gradient(points, axis=0), axis=-1) * timeline.rate.value
    stands = (speed < _STILL) & (np.abs(points[..., 2]) < _FLAT)
    nearest = np.abs(timeline.time_of(keys.frames)[:, None] - times).argmin(axis=0)
    return np.asarray(stands[nearest])


def _slide(points: np.ndarray, stands: np.ndarray, times: np.ndarray, keys: Keys) -> np.ndarray:
    steps = np.linalg.norm(np.diff(points[..., :2], axis=0), axis=-1)
    speed = steps / np.diff(times)[:, None, None]
    both = stands[1:] & stands[:-1] & ~keys.last_of_run[:-1, None, None]
    return np.asarray(1000 * speed[both] / 30)


def _knees(pose: Posed) -> np.ndarray:
    joints = pose.joints
    bent = [
        flexion(joints[:, knee] - joints[:, hip], joints[:, ankle] - joints[:, knee])
        for hip, knee, ankle, _ in LEGS
    ]
    return np.degrees(np.stack(bent, axis=1))


def _drifting(take: Take) -> Take:
    """Return a take that drifts by a hand's breadth in a few seconds and trembles a little."""
    random = np.random.default_rng(0)
    wander = 0.1 * np.sin(take.times[:, None] * [0.9, 1.3, 1.7])
    tremble = random.normal(0, np.radians(0.3), take.poses.shape)
    shake = random.normal(0, 0.002, take.trans.shape)
    return replace(take, trans=take.trans + wander + shake, poses=take.poses + tremble)


def _clips() -> list[tuple[Path, Take]]:
    clips = [(DEMO_FOLDER / "demo.mp4", DEMO_FOLDER / "demo_truth.npz")]
    clips += [(path, path.with_name(f"{path.stem}_01.npz")) for path in RENDERED.glob("*.mp4")]
    alone = [
        (video, true)
        for video, true in sorted(clips)
        if true.exists() and not true.with_name(f"{video.stem}_02.npz").exists()
    ]
    return [(video, Take.load(true)) for video, true in alone]


def _captured(video: Path) -> list[Take]:
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "core_model", str(video), "-o", folder]
        command += ["--people", "largest"]
        subprocess.run(command, check=True, capture_output=True)
        return [Take.load(path) for path in sorted(Path(folder).glob("person_*.npz"))]


def _seconds(truth: Take, feet: str) -> float:
    """Return how long the clean-up of a long take lasts, seconds of the processor."""
    last = len(truth) - 1
    there_and_back = np.abs((np.arange(LONG) + last) % (2 * last) - last)
    take = Take(
        poses=truth.poses[there_and_back],
        trans=truth.trans[there_and_back],
        betas=truth.betas,
        times=np.arange(LONG) / 30,
        camera=truth.camera,
    )
    start = time.process_time()
    _cleaned(take, Timeline(rate_of(take.times)), "ground", feet)
    return time.process_time() - start


def _table(rows: dict[str, Row]) -> str:
    names = ("slide raw", "slide", "p95", "locked", "sinks", "floats", "knee", "pop raw", "pop")
    lines = [f"{'':22}" + "".join(f"{name:>10}" for name in (*names, "found"))]
    for name, row in rows.items():
        values = list(vars(row).values())
        lines.append(f"{name:22}" + "".join(f"{value:10.2f}" for value in values))
    if len(rows) > 1:
        mean = np.nanmean([list(vars(row).values()) for row in rows.values()], axis=0)
        lines.append(f"{'mean':22}" + "".join(f"{value:10.2f}" for value in mean))
    lines.append("mm per frame at 30 frames a second; mm; degrees; degrees per frame²; share")
    return "\n".join(lines)


if __name__ == "__main__":
    main()

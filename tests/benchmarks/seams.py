"""What the seams between the parts of a long clip cost: `python -m tests.benchmarks.seams CLIP`.

The clip is captured in one, and in parts that are far shorter than those of a long clip. Where
parts overlap, and in the rest, both are compared: how far feet slide that stand in both, as
captured and after clean-up, how far joints jolt, and where fingers point.
"""

import argparse
import resource
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from bake.cleaning import clean_motion
from bake.feet.contacts import find_contacts, foot_points
from bake.feet.figure import figure_of, posed
from bake.feet.foot_evidence import foot_evidence
from bake.motion.resample import Timeline, rate_of
from bake.motion.smoothing import load_profile
from core_model.body.model import default_body
from core_model.capture import capture
from core_model.engine.command_line import a_path
from core_model.geometry.rotations import axis_angle_to_matrix
from core_model.options import CaptureOptions
from core_model.parts.following import WHOLE, Limits
from core_model.take import Take
from core_model.video.clip import open_video
from tests.places import SHARED

WALK = SHARED / "data" / "clips" / "sports2d_demo.mp4"
_MANY = 10**9


@dataclass(frozen=True)
class Feet:
    """Heels and balls of a take.

    Parameters
    ----------
    times : (N,)
        Seconds.
    stands : (N, 2, 2) bool
    raw, cleaned : (N - 1, 2, 2)
        How far they go along the ground until the next frame, at 30 frames a second, mm; as
        captured and after clean-up.
    """

    times: np.ndarray
    stands: np.ndarray
    raw: np.ndarray
    cleaned: np.ndarray


def main() -> int:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("clip", type=a_path, nargs="?", default=WALK)
    parser.add_argument("--frames", type=int, default=90, help="from one part to the next")
    parser.add_argument("--overlap", type=float, default=2.0, help="of parts, seconds")
    parser.add_argument("--start", type=float, help="in point, seconds")
    parser.add_argument("--end", type=float, help="out point, seconds")
    parser.add_argument("--quality", default="fast")
    parser.add_argument("--hands", action="store_true")
    parser.add_argument("--only", choices=("whole", "parts"), help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=a_path, help="for the takes, which are kept there")
    given = parser.parse_args()
    if given.only:
        _capture(given)
        return 0
    with ExitStack() as until_end:
        folder = given.folder or until_end.enter_context(tempfile.TemporaryDirectory())
        takes = [_captured(Path(folder) / name, name) for name in ("whole", "parts")]
    clip_times = np.array([frame.time for frame in open_video(given.clip, given.start, given.end)])
    seams = _in_seams(clip_times, given.frames, given.overlap)
    times = np.intersect1d(takes[0].times, takes[1].times)
    whole, parts = (_cut(take, times) for take in takes)
    _compare(whole, parts, np.isin(times, clip_times[seams]))
    return 0


def _captured(folder: Path, name: str) -> Take:
    """Capture in a process of its own, whose memory is its own."""
    command = [sys.executable, "-m", "tests.benchmarks.seams", *sys.argv[1:]]
    command += ["--folder", str(folder), "--only", name]
    subprocess.run(command, check=True)
    return Take.load(folder / "person_01.npz")


def _cut(take: Take, times: np.ndarray) -> Take:
    """Return a take at some of its times, which follow one another."""
    chosen = np.isin(take.times, times)
    cut = replace(take)
    for name, value in vars(take).items():
        if isinstance(value, np.ndarray) and len(value) == len(take):
            setattr(cut, name, value[chosen])
    return cut


def _capture(given: argparse.Namespace) -> None:
    cut = Limits(given.frames, _MANY, given.overlap)
    options = CaptureOptions(
        people="largest",
        quality=given.quality,
        hands=given.hands,
        start=given.start,
        end=given.end,
    )
    limits = (WHOLE, cut) if given.only == "whole" else (cut, cut)
    takes = capture(given.clip, given.folder, options, limits=limits)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    how = "in one" if given.only == "whole" else "in parts"
    print(f"{how}: {len(takes[0])} frames, at most {peak:.0f} MB", flush=True)


def _in_seams(times: np.ndarray, frames: int, overlap: float) -> np.ndarray:
    """Return which frames (T,) bool lie where two parts overlap."""
    inside = np.zeros(len(times), bool)
    for first in range(frames, len(times), frames):
        inside |= (times >= times[first - 1]) & (times <= times[first] + overlap + 0.1)
    return inside


def _compare(whole: Take, parts: Take, seams: np.ndarray) -> None:
    both = whole.frame_valid & parts.frame_valid
    print(f"seen in both: {both.mean():.1%}; frames in seams: {seams.mean():.0%}")
    one, other = _feet(whole), _feet(parts)
    if len(one.times) != len(other.times):
        raise SystemExit("The takes have other frames: nothing can be compared.")
    nearest = np.abs(whole.times[:, None] - one.times).argmin(axis=0)
    own = [feet.stands[1:] & feet.stands[:-1] for feet in (one, other)]
    stands = own[0] & own[1]
    print(f"stand in one {own[0].sum()}, in parts {own[1].sum()}, in both {stands.sum()}")
    print(f"{'':34}{'in one':>10}{'in parts':>10}")
    for where, inside in (("in seams", seams), ("elsewhere", ~seams)):
        chosen = stands & inside[nearest][1:, None, None]
        for what in ("raw", "cleaned"):
            slides = [getattr(feet, what)[chosen] for feet in (one, other)]
            _row(f"{where}: slide, {what}, mean mm", [each.mean() for each in slides])
            _row(f"{where}: ... 95th percentile", [np.percentile(each, 95) for each in slides])
        jolts = [_jolts(take)[inside[1:-1]] for take in (whole, parts)]
        _row(f"{where}: jolts, mean mm", [each.mean() for each in jolts])
        _row(f"{where}: ... at most", [each.max() for each in jolts])
    ours, theirs = (take.joints()[both] for take in (parts, whole))
    apart = 1000 * np.linalg.norm((ours - ours[:, :1]) - (theirs - theirs[:, :1]), axis=-1)
    print(
        f"joints, seen from the pelvis: {apart.mean():.1f} mm apart on average, in half of the "
        f"frames less than {np.median(apart.mean(axis=1)):.1f}"
    )
    _compare_fingers(whole, parts, seams)


def _compare_fingers(whole: Take, parts: Take, seams: np.ndarray) -> None:
    if whole.poses_hands is None or parts.poses_hands is None:
        found = [take.poses_hands is not None for take in (whole, parts)]
        print(f"fingers, in one and in parts: {found}")
        return
    turns = [
        axis_angle_to_matrix(take.poses_hands.reshape(len(take), -1, 3))
        for take in (whole, parts)
        if take.poses_hands is not None
    ]
    traces = np.einsum("tjab,tjab->tj", *turns)
    apart = np.degrees(np.arccos(np.clip((traces - 1) / 2, -1, 1))).mean(axis=1)
    seen = [(take.confidence_hands > 0).any(axis=1) for take in (whole, parts)]
    for where, inside in (("in seams", seams), ("elsewhere", ~seams)):
        chosen = inside & seen[0] & seen[1]
        print(
            f"fingers {where}: {apart[chosen].mean():.1f} degrees apart on average, "
            f"{apart[chosen].max():.1f} in the worst frame; seen in {chosen.sum()} frames, "
            f"in one of both only in {(inside & (seen[0] ^ seen[1])).sum()}"
        )


def _feet(take: Take) -> Feet:
    figure = figure_of(default_body(), take.betas)
    timeline = replace(Timeline(rate_of(take.times)), start=float(take.times[0]))
    raw, cleaned = (
        clean_motion(take, timeline, load_profile("default"), default_body(), root, feet)
        for root, feet in (("free", "never"), ("ground", "auto"))
    )
    times = timeline.time_of(raw.frames)
    poses = [posed(figure, keys.quaternions, keys.positions) for keys in (raw, cleaned)]
    found = find_contacts(figure, poses[0], times, foot_evidence(take, times)).points
    steps = [
        np.linalg.norm(np.diff(foot_points(pose)[..., :2], axis=0), axis=-1)
        / np.diff(times)[:, None, None]
        for pose in poses
    ]
    return Feet(times, found, *(1000 * each / 30 for each in steps))


def _jolts(take: Take) -> np.ndarray:
    """Return how far joints are from between before and after, at most, millimetres (T - 2,)."""
    return 1000 * np.linalg.norm(np.diff(take.joints(), 2, axis=0), axis=-1).max(axis=1)


def _row(name: str, values: Sequence[float]) -> None:
    print(f"{name:34}" + "".join(f"{value:10.2f}" for value in values))


if __name__ == "__main__":
    sys.exit(main())

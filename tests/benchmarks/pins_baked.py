"""What becomes of a pin once the take is baked: `python -m tests.benchmarks.pins_baked TAKES`.

Single pins, one at a time, at several moments of every take of a folder: how near the bake
comes to what was pinned, what moves over a second away from it, and the jitter around it before
and after, as Markdown.
"""

import argparse
import json
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np

from bake.feet.figure import figure_of, posed
from bake.motion.resample import Timeline, rate_of
from bake.scene.animation.motion import Motion, motion_of
from core_model.body.model import default_body
from core_model.body.skeleton import JOINT_INDEX
from core_model.geometry.rotations import axis_angle_to_matrix, matrix_to_axis_angle, rotation_angle
from core_model.solving.solve_takes import solve_takes
from core_model.take import Take
from core_model.take.folder import find_take_files

_BODY = default_body()
_PLACED: list[tuple[str, float, tuple[float, float, float]]] = [
    ("right_ankle", 0.5, (0.1, 0.0, 0.05)),
    ("left_ankle", 0.33, (0.05, 0.0, 0.0)),
    ("right_ankle", 0.67, (-0.05, 0.0, 0.0)),
    ("left_ankle", 0.6, (0.0, 0.1, 0.0)),
    ("left_wrist", 0.5, (0.0, 0.0, 0.15)),
    ("head", 0.4, (0.05, 0.05, 0.0)),
]
"""Joint, share of the take, and how far it is put elsewhere, metres."""

_TURNED = {"right_elbow": (0, 0.5, 0), "left_knee": (0.35, 0, 0), "pelvis": (0, 0, 0.4)}
_AROUND = 0.6  # seconds in which jitter is measured


def main() -> int:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("takes", type=Path, nargs="+")
    print("| take, pin | off | moved over 1 s away, mm | jitter, mm a frame^3 | times |")
    print("|---|---|---|---|---|")
    for folder in parser.parse_args().takes:
        files, _ = find_take_files([folder])
        for number, file in enumerate(files, 1):
            take = Take.load(file)
            pins = [*_PLACED, *((joint, 0.5, None) for joint in _TURNED)]
            for joint, share, moved in pins:
                cells = _measured(folder, number, take, joint, share, moved)
                print(f"| {folder.name} {number}, {joint} {share:.2f} | {cells} |", flush=True)
    return 0


def _measured(
    folder: Path,
    number: int,
    take: Take,
    joint: str,
    share: float,
    by: tuple[float, float, float] | None,
) -> str:
    seen = np.flatnonzero(take.frame_valid)
    row, index = int(seen[int(share * len(seen))]), JOINT_INDEX[joint]
    before = _baked(take)
    frame = int(np.abs(_times(before, take) - take.times[row]).argmin())
    joints, turns = _posed(before)
    pin: dict[str, Any] = {"person": number, "time": float(take.times[row]), "joint": joint}
    if by is not None:
        # As the add-on says it: the bake moves a figure as a whole, onto the floor, for one.
        moved = before.keys.positions[frame] - _captured(take).keys.positions[frame]
        pin["place"] = (joints[frame, index] + by - moved).tolist()
        pin["moved"] = moved.tolist()
    else:
        wanted = axis_angle_to_matrix(np.array(_TURNED[joint])) @ turns[frame, index]
        pin["rotation"] = matrix_to_axis_angle(wanted).tolist()
    with tempfile.TemporaryDirectory() as scratch:
        said, result = Path(scratch) / "said.json", Path(scratch) / "out"
        said.write_text(json.dumps({"format": "int-mocap-corrections-1", "pins": [pin]}))
        solved = solve_takes(folder, said, result)[number - 1]
    after = _baked(solved, take)
    then, turned = _posed(after)
    if by is not None:
        missed = then[frame, index] - joints[frame, index] - by
        off = f"{1000 * np.linalg.norm(missed):.1f} mm"
    else:
        off = f"{np.degrees(rotation_angle(turned[frame, index], wanted)):.2f} degrees"
    times = _times(before, take)
    far = np.abs(times - pin["time"]) > 1
    moved = 1000 * np.linalg.norm(then - joints, axis=-1)[far].max() if far.any() else 0.0
    near = np.abs(times - pin["time"]) < _AROUND
    jitter = [
        1000 * np.linalg.norm(np.diff(each[near], n=3, axis=0), axis=-1).mean()
        for each in (joints, then)
    ]
    return f"{off} | {moved:.2f} | {jitter[0]:.2f} to {jitter[1]:.2f} | {jitter[1] / jitter[0]:.2f}"


def _baked(take: Take, captured: Take | None = None) -> Motion:
    timeline = Timeline(rate_of(take.times), float(take.times[0]))
    return motion_of(take, timeline, captured=captured)


def _captured(take: Take) -> Motion:
    timeline = Timeline(rate_of(take.times), float(take.times[0]))
    return motion_of(take, timeline, root_motion="free", feet="never")


def _times(motion: Motion, take: Take) -> np.ndarray:
    timeline = Timeline(rate_of(take.times), float(take.times[0]))
    return np.asarray(timeline.time_of(motion.keys.frames))


def _posed(motion: Motion) -> tuple[np.ndarray, np.ndarray]:
    figure = figure_of(_BODY, motion.take.betas)
    pose = posed(figure, motion.keys.quaternions, motion.keys.positions)
    return pose.joints, pose.locals


if __name__ == "__main__":
    sys.exit(main())

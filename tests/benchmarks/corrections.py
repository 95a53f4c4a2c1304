"""What pins are worth: the worst captures of the rendered clips, solved again with a few of them.

`python -m tests.benchmarks.corrections` captures four rendered clips (two minutes each), pins the
true rotations of some joints on one frame in thirty, and prints PA-MPJPE before and after, of all
frames and of those without a pin. Then single pins on two clips: how near they are reached, what
moves far away, and how much more everything trembles.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch

from core_model.body.model import default_body
from core_model.body.skeleton import JOINT_INDEX
from core_model.capture import capture
from core_model.corrections.records import Corrections, Pin, PlacePin, RotationPin
from core_model.geometry.rotations import axis_angle_to_matrix, rotation_angle
from core_model.network.checkpoints import load_int_checkpoint
from core_model.network.inference import prepare_for_inference
from core_model.options import CaptureOptions
from core_model.solving.lifting import network_lift
from core_model.solving.sides import Lift
from core_model.solving.solve import solve
from core_model.take import Take
from train.evaluate.aligned import align, answer
from train.evaluate.benchmarks import BenchmarkClip, rendered_clips
from train.evaluate.joint_sets import HIPS
from train.evaluate.metrics import pose_errors

_CLIPS = ("laugh_table", "kick", "limp_pillar", "box_behind")
_SETS = {
    "root": range(1),
    "root, hips, knees": (0, 1, 2, 4, 5),
    "all but root": range(1, 24),
    "all": range(24),
}
_PINNED = (15, 45, 75)
_BODY = default_body()
_CPU = torch.device("cpu")


def main() -> int:
    """Print both tables."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--takes", type=Path, help="keep the captures here, and use those there")
    folder = parser.parse_args().takes or Path(tempfile.mkdtemp())
    clips = {clip.name: clip for clip in rendered_clips()}
    network = prepare_for_inference(load_int_checkpoint(CaptureOptions().weights), False)
    print("| clip | captured |", " | ".join(_SETS), "| without a pin, all | seconds |")
    print("|---|---|" + "---|" * (len(_SETS) + 2))
    for name in _CLIPS:
        clip, take = clips[name], _captured(clips[name], folder)
        assert take.camera
        lift = network_lift(network, _CPU, _BODY, take.camera)
        cells, spent = [f"{_error(clip, take):.1f}"], []
        for joints in _SETS.values():
            begin = time.perf_counter()
            after = solve(take, Corrections(_true_pins(clip, take, joints)), _BODY, lift, _CPU)
            spent.append(time.perf_counter() - begin)
            cells.append(f"{_error(clip, after):.1f}")
        free = np.setdiff1d(np.arange(len(clip.truth)), _PINNED)
        cells.append(f"{_error(clip, take, free):.1f} to {_error(clip, after, free):.1f}")
        print("|", " | ".join([name, *cells, f"{np.mean(spent):.1f}"]), "|", flush=True)
    print("\n| clip, pin | reached | moved over 1 s away, mm | jitter, mm/frame^3 |")
    print("|---|---|---|---|")
    for name in ("punch", "kick"):
        take = _captured(clips[name], folder)
        assert take.camera
        lift = network_lift(network, _CPU, _BODY, take.camera)
        for label, pin in _single_pins(take).items():
            print(f"| {name}, {label} | {_single(take, pin, lift)} |", flush=True)
    return 0


def _captured(clip: BenchmarkClip, folder: Path) -> Take:
    path = folder / clip.name / "person_01.npz"
    if not path.exists():
        capture(clip.video, path.parent, CaptureOptions(hands=False))
    return Take.load(path)


def _error(clip: BenchmarkClip, take: Take, frames: np.ndarray | None = None) -> float:
    """Return PA-MPJPE, millimetres."""
    points, truth = answer(clip, align(clip, take, _BODY)), clip.truth
    if frames is not None:
        points, truth = points[frames], truth[frames]
    errors = pose_errors(points, truth, HIPS, clip.mirror)
    assert errors
    return errors.pa_mpjpe


def _true_pins(clip: BenchmarkClip, take: Take, joints: Sequence[int]) -> tuple[Pin, ...]:
    assert clip.take and clip.take.camera and take.camera
    turns = clip.take.rotations()
    to_ours = take.camera.to_world[:3, :3] @ clip.take.camera.to_world[:3, :3].T
    turns[:, 0] = to_ours @ turns[:, 0]
    pins = []
    for frame in _PINNED:
        time_there = take.times[np.abs(take.times - frame / clip.frame_rate).argmin()]
        pins += [RotationPin(1, float(time_there), joint, turns[frame, joint]) for joint in joints]
    return tuple(pins)


def _single_pins(take: Take) -> dict[str, Pin]:
    row = len(take) // 2
    when, joints, turns = float(take.times[row]), take.joints(_BODY)[row], take.rotations()[row]

    def placed(name: str, by: Sequence[float]) -> Pin:
        index = JOINT_INDEX[name]
        return PlacePin(1, when, index, joints[index] + by)

    def turned(name: str, by: Sequence[float]) -> Pin:
        index = JOINT_INDEX[name]
        return RotationPin(1, when, index, axis_angle_to_matrix(np.array(by)) @ turns[index])

    return {
        "wrist 15 cm up": placed("right_wrist", (0, 0, 0.15)),
        "ankle 10 cm aside": placed("left_ankle", (0.1, 0, 0.03)),
        "pelvis 5 cm up": placed("pelvis", (0, 0, 0.05)),
        "knee by 20 degrees": turned("left_knee", (0.35, 0, 0)),
        "facing by 29 degrees": turned("pelvis", (0, 0, 0.5)),
    }


def _single(take: Take, pin: Pin, lift: Lift) -> str:
    after = solve(take, Corrections((pin,)), _BODY, lift, _CPU)
    row, before, joints = len(take) // 2, take.joints(_BODY), after.joints(_BODY)
    if isinstance(pin, PlacePin):
        reached = f"{1000 * np.linalg.norm(joints[row, pin.joint] - pin.place):.2f} mm"
    else:
        away = rotation_angle(after.rotations()[row, pin.joint], pin.rotation)
        reached = f"{np.degrees(away):.3f} degrees"
    far = np.abs(take.times - pin.time) > 1
    moved = 1000 * np.abs(joints - before)[far].max()
    near = slice(row - 18, row + 19)
    jitters = [
        1000 * np.linalg.norm(np.diff(each[near], n=3, axis=0), axis=-1).mean()
        for each in (before, joints)
    ]
    return f"{reached} | {moved:.2f} | {jitters[0]:.2f} to {jitters[1]:.2f}"


if __name__ == "__main__":
    sys.exit(main())

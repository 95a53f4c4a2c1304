"""Every step of the image network's training on small made-up data: `make train-demo`.

All nine sets are drawn from our own body, a small network goes through the three phases in two
processes, each of which begins with the weights of the one before, and is evaluated by the paper's
protocol. It shows that everything runs and learns, not how well: the sets hold a few pictures.
"""

import argparse
import csv
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import cv2
import numpy as np

from core_model.engine.command_line import a_path, a_whole_number, command
from core_model.errors import MocapError
from train.phases.small_sets import write_small_sets
from train.places import REPOSITORY

_PICTURES = 4
_SMALL = (
    "network.width=96 network.blocks=2 network.heads=4 network.temporal_blocks=1 "
    "network.temporal_heads=4 network.trunk=[[128,1,1],[256,1,2],[384,1,2]] body={} "
    "augmentation.random_crop=0 augmentation.flip=0 augmentation.jitter=0 augmentation.erase=0 "
    "optimiser.milestones=[] mixture.clip_length=2 run.epochs=1 run.workers=1 run.log_every=1"
).split()
_NO_VALIDATION = "validation.dataset=null"
_PHASES = {
    1: ["mixture.pictures=2", "optimiser.rate=0.001", "run.epoch_batches=100", _NO_VALIDATION],
    2: [
        *("mixture.pictures=1", "mixture.clips_3d=1", "mixture.clips_2d=1"),
        *("optimiser.rate=0.0003", "run.epoch_batches=80", _NO_VALIDATION),
    ],
    3: [
        *("mixture.clips_3d=1", "optimiser.rate=0.0002", "optimiser.clip=50"),
        *("run.epoch_batches=100", _NO_VALIDATION),
    ],
}
"""What is other than in `configs/phaseN.yaml`: batches of all processes, not of each."""

_WIDTH, _HEIGHT, _LEFT, _BOTTOM = 1200, 600, 90, 60
_COLOURS = {"loss": (40, 40, 40), "keypoints_2d": (200, 120, 30), "joints_3d": (40, 110, 220)}
_SMOOTHED = 8  # steps


@command("python -m train.phases.demo")
def main(arguments: list[str] | None = None) -> int:
    """Make the sets, train, evaluate, draw; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m train.phases.demo", description=__doc__)
    parser.add_argument(
        "-o", "--out", type=a_path, default=Path("runs/train_demo"), help="default: runs/train_demo"
    )
    parser.add_argument("--processes", type=a_whole_number, default=2)
    given = parser.parse_args(arguments)
    out: Path = given.out.resolve()
    launched = launcher(given.processes)
    print(f"Drawing small sets into {out / 'data'}.", flush=True)
    write_small_sets(out / "data", _PICTURES, videos=1)
    start = "null"
    for phase, changes in _PHASES.items():
        folder = out / f"phase{phase}"
        more = [f"mixture.root={out / 'data'}", f"run.folder={folder}", f"run.start={start}"]
        config = f"configs/phase{phase}.yaml"
        run([*launched, "-m", "train", config, *_SMALL, *changes, *more, "--fresh"])
        start = str(folder / "checkpoint.pt")
        first, last = ends(losses(folder)["loss"])
        print(f"Phase {phase}: the loss went from {first:.1f} to {last:.1f}.", flush=True)
    evaluation = ["3dpw", "--checkpoint", start, "--root", str(out / "data"), "--own-body"]
    run([*launched, "-m", "train.evaluate", *evaluation, "--json", str(out / "scores.json")])
    chart = out / "losses.png"
    cv2.imwrite(str(chart), drawn({phase: losses(out / f"phase{phase}") for phase in _PHASES}))
    print(f"The curves of the losses are in {chart}, the scores in {out / 'scores.json'}.")
    return 0


def launcher(count: int) -> list[str]:
    """Return what starts `python ARGUMENTS` in so many processes: Horovod, else torchrun."""
    if find_spec("horovod") is None:
        print("Horovod is not installed (make horovod): torchrun starts the processes.")
        module = ["-m", "torch.distributed.run", "--standalone", f"--nproc-per-node={count}"]
        return [sys.executable, *module]
    horovodrun = str(Path(sys.executable).with_name("horovodrun"))
    hosts = ["-np", str(count), "-H", f"localhost:{count}", "--network-interface", "lo"]
    return [horovodrun, "--gloo", *hosts, sys.executable]


def run(line: list[str]) -> None:
    """Run a command in the repository.

    Raises
    ------
    MocapError
        When it fails.
    """
    if subprocess.run(line, cwd=REPOSITORY).returncode:
        raise MocapError(f"This failed: {' '.join(line)}")


def losses(folder: Path) -> dict[str, np.ndarray]:
    """Return the curves of a run by their names, terms of clips and pictures added up."""
    rows: dict[str, dict[int, float]] = {}
    with open(folder / "log.csv", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            name = row["name"].rpartition("/")[2]
            if row["kind"] == "train" and name in _COLOURS:
                steps = rows.setdefault(name, {})
                steps[int(row["step"])] = steps.get(int(row["step"]), 0.0) + float(row["value"])
    return {name: np.array(list(steps.values())) for name, steps in rows.items()}


def ends(curve: np.ndarray) -> tuple[float, float]:
    """Return the means of the first and of the last steps."""
    return float(curve[:_SMOOTHED].mean()), float(curve[-_SMOOTHED:].mean())


def drawn(phases: dict[int, dict[str, np.ndarray]]) -> np.ndarray:
    """Draw the curves of all phases side by side, on a logarithmic scale: (600, 1200, 3) uint8."""
    image = np.full((_HEIGHT, _WIDTH, 3), 255, np.uint8)
    values = np.concatenate([curve for curves in phases.values() for curve in curves.values()])
    low, high = np.log10(values[values > 0].min()), np.log10(values.max())
    wide = (_WIDTH - _LEFT) // len(phases)

    def height(value: np.ndarray | float) -> np.ndarray:
        share = (np.log10(np.maximum(value, 1e-9)) - low) / max(high - low, 1e-6)
        return np.asarray(_HEIGHT - _BOTTOM - share * (_HEIGHT - 2 * _BOTTOM))

    for power in range(int(np.ceil(low)), int(np.floor(high)) + 1):
        y = int(height(10.0**power))
        cv2.line(image, (_LEFT, y), (_WIDTH, y), (225, 225, 225), 1)
        _write(image, f"{10.0**power:g}", (10, y + 5))
    for number, (phase, curves) in enumerate(phases.items()):
        left = _LEFT + number * wide
        cv2.line(image, (left, _BOTTOM), (left, _HEIGHT - _BOTTOM), (160, 160, 160), 1)
        count = len(curves["loss"])
        _write(image, f"phase {phase}: {count} steps", (left + 10, _HEIGHT - 20))
        for name, curve in curves.items():
            x = left + np.arange(len(curve)) * (wide - 20) / max(count - 1, 1)
            # A batch without truth in space has no loss there.
            line = np.stack((x, height(curve)), -1)[curve > 0].round().astype(np.int32)
            cv2.polylines(image, [line], False, _COLOURS[name], 2, cv2.LINE_AA)
    for number, (name, colour) in enumerate(_COLOURS.items()):
        _write(image, name, (_LEFT + 10 + 170 * number, 30), colour)
    return image


def _write(
    image: np.ndarray,
    text: str,
    place: tuple[int, int],
    colour: tuple[int, int, int] = (60, 60, 60),
) -> None:
    cv2.putText(image, text, place, cv2.FONT_HERSHEY_SIMPLEX, 0.55, colour, 1, cv2.LINE_AA)


if __name__ == "__main__":
    sys.exit(main())

"""Takes of several cameras solved again: `python -m tests.benchmarks.solved_views TAKES`.

All frames are solved once more with one pin, the left knee as it is in the middle frame: once with
what the first camera saw, once with what all of them did. How far do joints go from where all
cameras saw them?
"""

import argparse
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch

from core_model.body.model import default_body
from core_model.body.skeleton import JOINT_INDEX
from core_model.corrections.records import Corrections, RotationPin
from core_model.lifting.figure import Figure
from core_model.solving.solve import solve
from core_model.take import Take
from core_model.take.folder import find_take_files

_BODY, _KNEE = default_body(), JOINT_INDEX["left_knee"]


def moved(take: Take, several: bool) -> np.ndarray:
    """Return how far joints go (T, 24), mm, when a take is solved again."""
    middle = len(take) // 2
    pin = RotationPin(1, float(take.times[middle]), _KNEE, take.rotations()[middle, _KNEE])
    seen = take if several else replace(take, views=())
    everywhere = np.ones(len(take), bool)
    said, device = Corrections(pins=(pin,)), torch.device("cpu")
    solved = solve(seen, said, _BODY, _unlifted, device, anew=everywhere)
    apart = np.linalg.norm(solved.joints(_BODY) - take.joints(_BODY), axis=-1)
    return np.asarray(1000 * apart)


def _unlifted(figure: Figure, times: np.ndarray) -> Figure:
    return figure


def main() -> int:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("takes", type=Path, nargs="+")
    files, _ = find_take_files(parser.parse_args().takes)
    print("| take | cameras | the first one's landmarks: mean, most, mm | all of them |")
    print("|---|---|---|---|")
    for file in files:
        take = Take.load(file)
        if take.views:
            found = [moved(take, several) for several in (False, True)]
            cells = " | ".join(f"{away.mean():.1f}, {away.max():.1f}" for away in found)
            print(f"| {file.stem} | {1 + len(take.views)} | {cells} |", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())

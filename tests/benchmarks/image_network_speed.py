"""Speed and memory of the image INT on the processor, as trained and made ready for reading.

Run as `python -m tests.benchmarks.image_network_speed`. The variants take turns in one process, so
that whatever else the machine does hits all alike; the weights are made up. Memory is measured in a
process of its own.
"""

import argparse
import copy
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable

import torch

from core_model.geometry.rotations import rot6d_to_matrix, rotation_angle
from core_model.network import INTConfig, INTNetwork, INTOutput
from core_model.network.inference import prepare_for_inference
from tests.core_model import parity

Read = Callable[[torch.Tensor], INTOutput]


def main() -> None:
    """Measure and print the tables."""
    parser = argparse.ArgumentParser(description="Measure the image INT on the processor.")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--frames", type=int, default=16, help="frames of the clip")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--memory-of", choices=("float32", "half"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    torch.set_grad_enabled(False)
    if options.memory_of:
        print(*memory(options.frames, options.memory_of == "half"))
        return
    # First: a new process counts the memory of the one that it was split off from.
    print("peak memory of a process that reads one clip")
    for name in ("float32", "half"):
        command = [sys.executable, "-m", __spec__.name, "--memory-of", name]
        command += ["--frames", str(options.frames), "--threads", str(options.threads)]
        run = subprocess.run(command, capture_output=True, text=True, check=True)
        before, peak = (float(value) for value in run.stdout.split())
        print(f"{name:10}{peak - before:8.0f} MiB besides {before:.0f} MiB for the libraries")
    plain = made_up()
    variants: dict[str, Read] = {
        "as trained": plain,
        "prepared": prepare_for_inference(copy.deepcopy(plain)),
        "prepared, half": prepare_for_inference(copy.deepcopy(plain), half=True),
    }
    clip = torch.from_numpy(parity.frames(11, 1, options.frames))
    seconds, outputs = take_turns(variants, clip, options.rounds)
    print(f"T={options.frames}, {options.threads} threads, PyTorch {torch.__version__}")
    print(f"{'':18}{'frames/s':>10}{'times':>8}{'worst output':>14}{'mean angle':>12}{'worst':>8}")
    for name, taken in seconds.items():
        ratio = statistics.median(
            before / after for before, after in zip(seconds["as trained"], taken, strict=True)
        )
        differences = zip(outputs[name], outputs["as trained"], strict=True)
        worst = max(float((ours - theirs).abs().max()) for ours, theirs in differences)
        turned, meant = (rot6d_to_matrix(outputs[n].rot6d) for n in (name, "as trained"))
        angles = torch.rad2deg(rotation_angle(turned, meant))
        rate = options.frames / statistics.median(taken)
        print(
            f"{name:18}{rate:10.2f}{ratio:8.2f}{worst:14.1e}{angles.mean():11.2f}°"
            f"{angles.max():7.2f}°"
        )


def made_up() -> INTNetwork:
    """Return the image network with weights that do not turn everything to zero."""
    network = INTNetwork(INTConfig.image()).eval().requires_grad_(False)
    parity.fill(network)
    return network


def take_turns(
    variants: dict[str, Read], clip: torch.Tensor, rounds: int
) -> tuple[dict[str, list[float]], dict[str, INTOutput]]:
    """Run all variants in turn, after one run to warm up; return seconds and outputs."""
    outputs = {name: read(clip) for name, read in variants.items()}
    seconds: dict[str, list[float]] = {name: [] for name in variants}
    for _ in range(rounds):
        for name, read in variants.items():
            start = time.perf_counter()
            read(clip)
            seconds[name].append(time.perf_counter() - start)
    return seconds, outputs


def memory(frames: int, half: bool) -> tuple[float, float]:
    """Return MiB in use at the start, and at most while a network is made and reads a clip."""
    before = _peak()
    network = INTNetwork(INTConfig.image()).eval().requires_grad_(False)
    prepare_for_inference(network, half)(torch.zeros(1, frames, 3, 224, 224))
    return before, _peak()


def _peak() -> float:
    # Linux counts in KiB, macOS in bytes.
    unit = 2**20 if sys.platform == "darwin" else 2**10
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit


if __name__ == "__main__":
    main()

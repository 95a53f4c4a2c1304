"""What share of a capture nobody can spare: `python -m tests.benchmarks.capture_efficiency`.

Seconds say little on a machine that others use. So the same clip goes two ways, by turns: captured
as a user does it, in a process of its own; and only decoded, with each network run as often as the
capture runs it, on all cores, none of which waits for another. The second over the first, in
seconds and in seconds of the processor, is how much of the capture is unavoidable: the rest is
loading, waiting, the fit, and what finds people, hands, gravity and floor.
"""

import argparse
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Collection
from contextlib import suppress
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any
from unittest.mock import patch

import numpy as np
import torch

from core_model.capture import capture
from core_model.detection import litert
from core_model.detection.litert import PoseModel
from core_model.engine.command_line import a_path
from core_model.engine.side_by_side import cores
from core_model.network.checkpoints import load_weights
from core_model.network.int_network import INTNetwork
from core_model.options import CaptureOptions
from core_model.video.clip import open_video
from tests.benchmarks.capture_speed import Run, make_clip, run_capture
from tests.places import DEMO

_READING, _RELATING = "frames read", "frames related"  # by the lifting network


def main() -> None:
    """Measure and print the shares."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clip", type=a_path, default=DEMO, help="that is played to and fro")
    parser.add_argument("--frames", type=int, default=412)
    parser.add_argument("--quality", default="fast")
    parser.add_argument("--rounds", type=int, default=2)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        clip, takes = Path(name) / "clip.mp4", Path(name) / "takes"
        make_clip(given.clip, clip, given.frames)
        calls, outputs = _calls(clip, takes, given.quality)
        told = ", ".join(f"{count} of {name}" for name, count in _counted(calls).items())
        print(f"{given.frames} frames, {cores()} cores, {given.quality}; networks: {told}")
        for _ in range(given.rounds):
            least = _bare(clip, calls, outputs)
            run = run_capture(clip, takes, "cpu", "--quality", given.quality)
            _tell(run, least, given.frames)


def _calls(
    clip: Path, takes: Path, quality: str
) -> tuple[list[tuple[str, tuple[int, ...]]], dict[str, Collection[str]]]:
    """Return which networks a capture runs, each time, on what shape; and outputs that it uses."""
    calls: list[tuple[str, tuple[int, ...]]] = []
    names: dict[int, str] = {}
    used: dict[str, Collection[str]] = {}
    made, looked = PoseModel.__init__, PoseModel.__call__
    read, related = INTNetwork.read_frames, INTNetwork.relate_frames

    def make(self: PoseModel, name: str, outputs: Collection[str], **options: Any) -> None:
        names[id(self)], used[name] = name, outputs
        made(self, name, outputs, **options)

    def look(self: PoseModel, picture: np.ndarray) -> dict[str, np.ndarray]:
        calls.append((names[id(self)], picture.shape))
        return looked(self, picture)

    def read_frames(self: INTNetwork, evidence: torch.Tensor) -> torch.Tensor:
        calls.append((_READING, tuple(evidence.shape)))
        return read(self, evidence)

    def relate_frames(self: INTNetwork, joints: torch.Tensor) -> torch.Tensor:
        calls.append((_RELATING, tuple(joints.shape)))
        return related(self, joints)

    options = CaptureOptions(quality=quality, device="cpu", refine=False)
    with (
        patch.object(litert.PoseModel, "__init__", make),
        patch.object(litert.PoseModel, "__call__", look),
        patch.object(INTNetwork, "read_frames", read_frames),
        patch.object(INTNetwork, "relate_frames", relate_frames),
    ):
        capture(clip, takes, options)
    return calls, used


def _counted(calls: list[tuple[str, tuple[int, ...]]]) -> Counter[str]:
    return Counter(name.removesuffix(".tflite") for name, _ in calls)


def _bare(
    clip: Path, calls: list[tuple[str, tuple[int, ...]]], outputs: dict[str, Collection[str]]
) -> tuple[float, float]:
    """Decode a clip and run networks on all cores; return the seconds, and the processor's."""
    ready = threading.Barrier(cores() + 1)
    tasks: SimpleQueue[Callable[[dict[str, Any]], object]] = SimpleQueue()
    tasks.put(lambda networks: [None for _ in open_video(clip)])
    kinds = {call: _task(*call) for call in set(calls)}
    for call in sorted(calls):
        tasks.put(kinds[call])

    def work() -> None:
        lifting = load_weights()
        networks: dict[str, Any] = {
            _READING: lifting.read_frames,
            _RELATING: lifting.relate_frames,
        }
        networks |= {name: PoseModel(name, outputs[name], threads=lambda: 1) for name in outputs}
        ready.wait()
        with suppress(Empty):
            while True:
                tasks.get_nowait()(networks)

    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    workers = [threading.Thread(target=work) for _ in range(cores())]
    for worker in workers:
        worker.start()
    ready.wait()
    began, spent = time.perf_counter(), time.process_time()
    for worker in workers:
        worker.join()
    torch.set_num_threads(threads)
    return time.perf_counter() - began, time.process_time() - spent


def _task(name: str, shape: tuple[int, ...]) -> Callable[[dict[str, Any]], object]:
    noise = np.random.default_rng(0).uniform(0, 1, shape).astype(np.float32)
    given = torch.from_numpy(noise) if name in (_READING, _RELATING) else noise
    return lambda networks: networks[name](given)


def _tell(run: Run, least: tuple[float, float], frames: int) -> None:
    seconds, processor = least
    print(
        f"unavoidable {seconds:.1f} s ({processor:.1f} of the processor), capture "
        f"{run.seconds:.1f} s ({run.processor:.1f}): {seconds / run.seconds:.0%} of the seconds, "
        f"{processor / run.processor:.0%} of the processor's; {frames / run.seconds:.1f} frames/s "
        f"of {frames / seconds:.1f} possible"
    )
    stages = ", ".join(f"{name} {spent:.1f}" for name, spent in run.stages.items())
    rest = run.seconds - sum(run.stages.values())
    print(f"  {stages}, start and end {rest:.1f}", flush=True)


if __name__ == "__main__":
    main()

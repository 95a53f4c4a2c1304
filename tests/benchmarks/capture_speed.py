"""Speed of capture by stage, and its peak memory on a short clip and on one ten times as long.

Run as `python -m tests.benchmarks.capture_speed`. The clips are made for the run: the project's
demo at 1280x720, and, where the data folder stands beside the repository, an outdoor clip with two
people, both played forward and backward so that the motion never jumps.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import chain, cycle, islice
from pathlib import Path

import av

from train.places import DEFAULT_DATA, DEMO_FOLDER

WIDTH, HEIGHT = 1280, 720
SHORT, TIMES_AS_LONG = 150, 10


@dataclass(frozen=True)
class Run:
    """One capture in a process of its own.

    Parameters
    ----------
    seconds : float
        From start to end of the process.
    stages : dict of str to float
        Seconds by stage, as the capture itself reports.
    people : int
    peak : float
        Peak resident memory, MiB.
    processor : float
        Seconds of the processor, of all cores together.
    """

    seconds: float
    stages: dict[str, float]
    people: int
    peak: float
    processor: float


def main() -> None:
    """Measure and print the tables."""
    parser = argparse.ArgumentParser(description="Measure the speed and memory of capture.")
    parser.add_argument("--device", choices=("auto", "cpu", "cuda"), default="auto")
    device = parser.parse_args().device
    sources = [DEMO_FOLDER / "demo.mp4", DEFAULT_DATA / "clips" / "sports2d_demo.mp4"]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for source in sources:
            if not source.exists():
                print(f"{source.name} is not there: left out\n")
                continue
            clip = folder / f"{source.stem}_{HEIGHT}p.mp4"
            make_clip(source, clip, SHORT)
            short = run_capture(clip, folder / "takes", device)
            print_stages(source.stem, short, SHORT)
            if source == sources[0]:
                make_clip(source, clip, SHORT * TIMES_AS_LONG)
                long = run_capture(clip, folder / "takes", device)
                print_stages(
                    f"{source.stem}, {TIMES_AS_LONG} times as long", long, SHORT * TIMES_AS_LONG
                )
                print(
                    f"peak memory: {short.peak:.0f} MiB for {SHORT} frames, {long.peak:.0f} MiB "
                    f"for {SHORT * TIMES_AS_LONG}: {long.peak / short.peak:.2f} times as much\n"
                )


def make_clip(source: Path, path: Path, count: int) -> None:
    """Re-encode `count` frames of a clip at 1280x720, forward, backward and so on."""
    with av.open(str(source)) as clip:
        rate = clip.streams.video[0].average_rate or Fraction(30)
        frames = [
            frame.reformat(WIDTH, HEIGHT, "yuv420p")
            for frame in islice(clip.decode(video=0), SHORT)
        ]
    order: Iterator[av.VideoFrame] = cycle(chain(frames, reversed(frames[1:-1])))
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=rate, options={"preset": "veryfast"})
        stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        for number, frame in enumerate(islice(order, count)):
            frame.pts, frame.time_base = number, 1 / rate
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))


def run_capture(clip: Path, takes: Path, device: str, *options: str) -> Run:
    """Capture a clip in a process of its own and measure that process."""
    command = [sys.executable, "-m", "core_model", str(clip), "-o", str(takes), "--device", device]
    command += options
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - start
    if os.waitstatus_to_exitcode(status) != 0:
        raise SystemExit(f"The capture failed: {' '.join(command)}")
    summary = json.loads((takes / "capture.json").read_text())
    # Linux counts in KiB, macOS in bytes.
    unit = 2**20 if sys.platform == "darwin" else 2**10
    return Run(
        seconds,
        summary["stages"],
        len(summary["people"]),
        usage.ru_maxrss / unit,
        usage.ru_utime + usage.ru_stime,
    )


def print_stages(name: str, run: Run, frames: int) -> None:
    """Print one table: what each stage took, and what counts, all but loading."""
    people = "1 person" if run.people == 1 else f"{run.people} people"
    print(f"{name}: {frames} frames {WIDTH}x{HEIGHT}, {people}, {os.cpu_count()} cores")
    print(f"{'stage':14}{'seconds':>10}{'frames/s':>10}")
    for stage, seconds in run.stages.items():
        rate = f"{frames / seconds:10.1f}" if seconds > 0 and stage != "load" else f"{'':10}"
        print(f"{stage:14}{seconds:10.2f}{rate}")
    working = sum(seconds for stage, seconds in run.stages.items() if stage != "load")
    print(f"{'all but load':14}{working:10.2f}{frames / working:10.1f}")
    print(f"{'process':14}{run.seconds:10.2f}{frames / run.seconds:10.1f}")
    print(f"peak memory {run.peak:.0f} MiB\n")


if __name__ == "__main__":
    main()

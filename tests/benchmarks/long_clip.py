"""What a long or large clip takes: `python -m tests.benchmarks.long_clip FOLDER`.

A clip of two hours is made by looping a short one, enlarged to the size that is asked for. The
engine captures it as the add-on lets it; memory and scratch files are looked at every second. After
`--minutes` it is told to stop, and how long that takes is measured.
"""

import argparse
import os
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import islice
from pathlib import Path
from typing import Any

import av
import numpy as np

from core_model.engine.client import Engine, Worker, scratch_folder
from core_model.engine.command_line import a_path
from core_model.engine.forecast import CAPTURE, Forecast
from core_model.engine.protocol import Failure, Result, Step
from tests.places import DEMO

_LOOP = 100  # frames
_MEGABYTE = 2**20


@dataclass
class _Look:
    seconds: float
    stage: str
    done: int
    memory: float
    share: float


def main() -> int:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=a_path, help="for the clip and its takes")
    parser.add_argument("--clip", type=a_path, default=DEMO, help="that is looped")
    parser.add_argument("--seconds", type=float, default=7200.0)
    parser.add_argument("--size", type=int, nargs=2, default=(1920, 1080))
    parser.add_argument("--rate", type=int, default=30)
    parser.add_argument("--ten-bit", action="store_true")
    parser.add_argument("--across", type=int, default=1, help="copies of the picture side by side")
    parser.add_argument("--minutes", type=float, default=1e9, help="until it is told to stop")
    parser.add_argument("--quality", default="fast")
    given = parser.parse_args()
    given.folder.mkdir(parents=True, exist_ok=True)
    path = given.folder / "long.mp4"
    _make(path, given)
    print(f"{path.name}: {path.stat().st_size / _MEGABYTE:.0f} MB, {given.seconds:g} s", flush=True)
    looks = list(_watched(path, given))
    _tell(looks)
    return 0


def _watched(path: Path, given: argparse.Namespace) -> Iterator[_Look]:
    """Let the engine capture, and look at it; ends it when it is time."""
    job = {
        "kind": "capture",
        "video": str(path),
        "folder": str(given.folder / "takes"),
        "options": {"quality": given.quality},
    }
    with scratch_folder() as scratch:
        worker = Worker(
            job, Engine(sys.executable, dict(os.environ)), scratch, path.with_suffix(".log")
        )
        began, shown, step = time.monotonic(), 0.0, Step("", 0)
        forecast = Forecast(CAPTURE, began)
        try:
            while True:
                for message in worker.poll(1.0):
                    if isinstance(message, Result | Failure):
                        print(message)
                        return
                    if isinstance(message, Step):
                        step = message
                        forecast.hear(step, time.monotonic())
                now = time.monotonic() - began
                share = forecast.at(time.monotonic()).share
                look = _Look(now, step.stage, step.done, _memory(worker.process.pid), share)
                yield look
                if now - shown > 15:
                    shown = now
                    print(
                        f"{now:6.0f} s {look.stage:8} {look.done:7} {look.memory:6.0f} MB "
                        f"{share:6.1%}",
                        flush=True,
                    )
                if now > 60 * given.minutes:
                    return
        finally:
            ending = time.monotonic()
            worker.end(5.0)
            left = list((given.folder / "takes").rglob("*"))
            print(f"ended in {time.monotonic() - ending:.2f} s; left: {len(left)} files")


def _memory(process: int) -> float:
    """Return the megabytes of memory that a process has in use."""
    try:
        with open(f"/proc/{process}/status", encoding="ascii") as file:
            facts = dict(line.split(":", 1) for line in file)
        return int(facts["VmRSS"].split()[0]) / 1024
    except (OSError, KeyError):
        return 0.0


def _tell(looks: list[_Look]) -> None:
    """Print the peak of each stage, and how memory grows with the frames that were looked at."""
    for stage in dict.fromkeys(look.stage for look in looks):
        own = [look for look in looks if look.stage == stage]
        print(f"{stage or 'start'}: at most {max(look.memory for look in own):.0f} MB")
    people = [look for look in looks if look.stage == "people" and look.done > 300]
    if len(people) > 2:
        slope = np.polyfit([look.done for look in people], [look.memory for look in people], 1)[0]
        print(f"people: {1024 * slope:.2f} KB for each frame, over {people[-1].done} frames")


def _make(path: Path, given: argparse.Namespace) -> None:
    """Encode a short loop, then repeat its packets."""
    if path.exists():
        return
    loop = path.with_name("loop.mp4")
    codec, format = ("libx265", "yuv420p10le") if given.ten_bit else ("libx264", "yuv420p")
    with av.open(str(given.clip)) as source, av.open(str(loop), "w") as made:
        stream: Any = made.add_stream(codec, rate=given.rate, options={"preset": "ultrafast"})
        width, height = given.size
        stream.width, stream.height, stream.pix_fmt = width, height, format
        stream.codec_context.max_b_frames = 0
        for number, frame in enumerate(islice(source.decode(video=0), _LOOP)):
            image = frame.to_ndarray(format="rgb24")
            wide = np.ascontiguousarray(np.tile(image, (1, given.across, 1)), np.uint8)
            tiled = av.VideoFrame.from_ndarray(wide, "rgb24").reformat(width, height, format)
            tiled.pts, tiled.time_base = number, Fraction(1, given.rate)
            made.mux(stream.encode(tiled))
        made.mux(stream.encode())
    with av.open(str(path), "w") as made, av.open(str(loop)) as source:
        stream = source.streams.video[0]
        packets = [packet for packet in source.demux(stream) if packet.dts is not None]
        out = made.add_stream_from_template(stream)
        length = round(_LOOP / given.rate / stream.time_base)
        first = [(packet.pts, packet.dts) for packet in packets]
        for turn in range(round(given.seconds * given.rate / len(packets))):
            for packet, (pts, dts) in zip(packets, first, strict=True):
                packet.pts, packet.dts = pts + turn * length, dts + turn * length
                packet.stream = out
                made.mux(packet)


if __name__ == "__main__":
    sys.exit(main())

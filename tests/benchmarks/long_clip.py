"""What a long or large clip takes: `python -m tests.benchmarks.long_clip FOLDER`.

A clip of two hours is made of a short one that plays to and fro, enlarged to the size that is asked
for. The engine captures it as the add-on lets it; memory and the files it keeps are looked at every
second. With `--part` its parts are shorter, so that many pass in a short clip. After `--minutes` it
is told to stop, and how long that takes is measured. Started again with the same folder it goes on
where it was. What was looked at is added to `looks.jsonl`, and how far memory strayed from what it
was after a minute, or after the first part, is told at the end, and what the forecast of the time
left was worth.
"""

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
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
from core_model.engine.spare import Spare
from tests.places import DEMO

_MEGABYTE = 2**20
_SETTLED = 60.0  # seconds of a clip, after which memory is to stay as it is
_NEAR = 0.2  # of the seconds that were left, by which a forecast of them may be wrong


@dataclass
class _Look:
    seconds: float
    stage: str
    done: int
    memory: float
    peak: float  # since the look before
    disk: float
    share: float
    left: float | None  # seconds, as it was forecast


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
    parser.add_argument("--hands", action="store_true")
    parser.add_argument("--loop", type=int, default=100, help="frames that are played to and fro")
    parser.add_argument("--every", type=int, default=1, help="so many frames of the clip are one")
    parser.add_argument("--part", type=int, help="frames of a part, where not as in the product")
    given = parser.parse_args()
    given.folder.mkdir(parents=True, exist_ok=True)
    path = given.folder / "long.mp4"
    _make(path, given)
    print(f"{path.name}: {path.stat().st_size / _MEGABYTE:.0f} MB, {given.seconds:g} s", flush=True)
    looks = []
    with open(given.folder / "looks.jsonl", "a", encoding="utf-8") as record:
        for look in _watched(path, given):
            looks.append(look)
            print(json.dumps(asdict(look)), file=record, flush=True)
    _tell(looks)
    _tell_growth(looks, given.part or round(_SETTLED * given.rate))
    return 0


def _watched(path: Path, given: argparse.Namespace) -> Iterator[_Look]:
    """Let the engine capture, and look at it; ends it when it is time."""
    job = {
        "kind": "capture",
        "video": str(path),
        "folder": str(given.folder / "takes"),
        "options": {"quality": given.quality, "hands": given.hands},
    }
    with scratch_folder() as scratch:
        engine, log = Engine(sys.executable, dict(os.environ)), path.with_suffix(".log")
        spare = _with_parts(given.part) if given.part else None
        worker = Worker(job, engine, scratch, log, spare)
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
                standing = forecast.at(time.monotonic())
                memory, peak = _memory(worker.process.pid)
                disk = _size(given.folder / "takes")
                share, left = standing.share, standing.left
                look = _Look(now, step.stage, step.done, memory, peak, disk, share, left)
                yield look
                if now - shown > 15:
                    shown = now
                    print(
                        f"{now:6.0f} s {look.stage:8} {look.done:7} {look.memory:6.0f} MB "
                        f"{share:6.1%} {left or 0:6.0f} s left",
                        flush=True,
                    )
                if now > 60 * given.minutes:
                    return
        finally:
            ending = time.monotonic()
            worker.end(5.0)
            files = list((given.folder / "takes").rglob("*"))
            print(f"ended in {time.monotonic() - ending:.2f} s; left: {len(files)} files")


def _with_parts(frames: int) -> Spare:
    """Start a worker whose parts have so many frames."""
    command = [sys.executable, "-m", "tests.benchmarks.parts_worker", str(frames)]
    pipe, nothing = subprocess.PIPE, subprocess.DEVNULL
    return Spare(
        subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=nothing, encoding="utf-8")
    )


def _memory(process: int) -> tuple[float, float]:
    """Return the megabytes that a process has in use, and had at most since this was asked."""
    try:
        with open(f"/proc/{process}/status", encoding="ascii") as file:
            facts = dict(line.split(":", 1) for line in file)
        with open(f"/proc/{process}/clear_refs", "w", encoding="ascii") as file:
            file.write("5")  # the peak begins anew
        return int(facts["VmRSS"].split()[0]) / 1024, int(facts["VmHWM"].split()[0]) / 1024
    except (OSError, KeyError):
        return 0.0, 0.0


def _size(folder: Path) -> float:
    """Return the megabytes of all files in a folder."""
    total = 0
    for path in folder.rglob("*"):
        with suppress(OSError):
            total += path.stat().st_size
    return total / _MEGABYTE


def _tell(looks: list[_Look]) -> None:
    """Print the peak of each stage, how memory grows, and what the forecasts were worth."""
    for stage in dict.fromkeys(look.stage for look in looks):
        own = [look for look in looks if look.stage == stage]
        memory, disk = (max(getattr(look, name) for look in own) for name in ("memory", "disk"))
        print(f"{stage or 'start'}: at most {memory:.0f} MB, {disk:.0f} MB on disk")
    print(f"at most at any moment: {max(look.peak for look in looks):.0f} MB")
    for stage in ("people", "fit"):
        own = [look for look in looks if look.stage == stage and look.done > 300]
        if len(own) > 2:
            slope = np.polyfit([look.done for look in own], [look.memory for look in own], 1)[0]
            print(f"{stage}: {1024 * slope:.2f} KB for each frame, over {own[-1].done} frames")
    end = looks[-1].seconds
    told = [(look.left, end - look.seconds) for look in looks if look.left is not None]
    near = sum(abs(left - really) <= _NEAR * end for left, really in told)
    exact = sum(abs(left - really) <= _NEAR * really for left, really in told)
    if told:
        print(
            f"seconds left: right by {_NEAR:.0%} of themselves in {exact / len(told):.0%}, of "
            f"the whole in {near / len(told):.0%} of {len(told)} looks"
        )


def _tell_growth(looks: list[_Look], frames: int) -> None:
    """Print how far memory strays from what it is when so many frames were followed."""
    settled = next((look for look in looks if look.stage == "people" and look.done > frames), None)
    if settled is None:
        print(f"{frames} frames were not reached: nothing is known of growth")
        return
    after = looks[looks.index(settled) :]
    print(f"after {frames} frames: {settled.memory:.0f} MB; from there on:")
    following = [look for look in after if look.stage == "people"]
    for name, own in (("following", following), ("to the end", after)):
        memory = [look.memory for look in own if look.memory]
        peak = max(look.peak for look in own)
        told = ", ".join(
            f"{what} {value:.0f} MB ({value / settled.memory - 1:+.1%})"
            for what, value in (("least", min(memory)), ("most", max(memory)), ("peak", peak))
        )
        print(f"  {name}: {told}")


def _make(path: Path, given: argparse.Namespace) -> None:
    """Encode a short loop, then repeat its packets."""
    if path.exists():
        return
    loop = path.with_name("loop.mp4")
    codec, format = ("libx265", "yuv420p10le") if given.ten_bit else ("libx264", "yuv420p")
    with av.open(str(given.clip)) as source:
        there = [
            frame.to_ndarray(format="rgb24")
            for frame in islice(source.decode(video=0), 0, given.loop * given.every, given.every)
        ]
    with av.open(str(loop), "w") as made:
        stream: Any = made.add_stream(codec, rate=given.rate, options={"preset": "ultrafast"})
        width, height = given.size
        stream.width, stream.height, stream.pix_fmt = width, height, format
        stream.codec_context.max_b_frames = 0
        for number, image in enumerate([*there, *there[-2:0:-1]]):
            wide = np.ascontiguousarray(np.tile(image, (1, given.across, 1)), np.uint8)
            tiled = av.VideoFrame.from_ndarray(wide, "rgb24").reformat(width, height, format)
            tiled.pts, tiled.time_base = number, Fraction(1, given.rate)
            made.mux(stream.encode(tiled))
        made.mux(stream.encode())
    unfinished = path.with_name("unfinished.mp4")
    with av.open(str(unfinished), "w") as made, av.open(str(loop)) as source:
        stream = source.streams.video[0]
        packets = [packet for packet in source.demux(stream) if packet.dts is not None]
        out = made.add_stream_from_template(stream)
        length = round(len(packets) / given.rate / stream.time_base)
        first = [(packet.pts, packet.dts) for packet in packets]
        for turn in range(round(given.seconds * given.rate / len(packets))):
            for packet, (pts, dts) in zip(packets, first, strict=True):
                packet.pts, packet.dts = pts + turn * length, dts + turn * length
                packet.stream = out
                made.mux(packet)
    unfinished.replace(path)


if __name__ == "__main__":
    sys.exit(main())

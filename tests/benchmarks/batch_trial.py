"""Sixty clips in a batch that is killed again and again: `python -m tests.benchmarks.batch_trial`.

Short cuts of the real clips, six of them damaged; the whole run is killed with SIGKILL at random
moments and begun again. In the end every clip is done or explained, and none was done twice.
"""

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import av

from core_model.detection.detector import Detector
from core_model.engine.command_line import a_path
from tests.places import DEMO, ROOT, SHARED

_CLIPS = (
    *("sports2d_demo.mp4", "people/yoga_warrior.mp4", "people/gymnasts_attention.avi"),
    *("people/handheld_handshake.mp4", "people/upper_body_signs.mkv", "people/handheld_turn.mp4"),
)
_SECONDS = 1.2  # of a cut
_STEP = 0.1  # seconds between pictures that are looked at for people
_DAMAGED = 6


def main() -> int:
    """Run the command line; the exit code is 1 where anything was lost or done twice."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=a_path, help="for clips and results; goes on where it was")
    parser.add_argument("--clips", type=int, default=60)
    parser.add_argument("--kills", type=int, default=5)
    given = parser.parse_args()
    clips, results = given.folder / "clips", given.folder / "results"
    if not clips.is_dir():
        clips.mkdir(parents=True)
        _make(clips, given.clips)
    chance = random.Random(time.time())
    done: dict[str, int] = {}
    for kill in range(given.kills + 1):
        print(f"run {kill + 1}", flush=True)
        pause = chance.uniform(20, 240) if kill < given.kills else None
        for name in _run(clips, results, pause):
            done[name] = done.get(name, 0) + 1
    report = json.loads((results / "report.json").read_text())
    counts = report["counts"]
    twice = sorted(name for name, count in done.items() if count > 1)
    explained = [each for each in report["clips"] if each["state"] == "failed" and each["sentence"]]
    hidden = [str(path) for path in results.rglob(".*")]
    print(f"{counts}, {len(explained)} explained, done twice: {twice}, left half made: {hidden}")
    for each in explained:
        print(f"  {each['name']}: {each['sentence']}")
    wanted = given.clips - _DAMAGED
    lost = counts["done"] < wanted or len(explained) != given.clips - counts["done"]
    return int(lost or bool(twice or hidden))


def _run(clips: Path, results: Path, pause: float | None) -> Iterator[str]:
    """Run the batch, kill it after a while; gives the names of clips that it said are done."""
    running = subprocess.Popen(
        [sys.executable, "-m", "bake.batch", str(clips), "-o", str(results), "--quality", "fast"]
        + ["--no-hands", "--workers", "2"],
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    if pause:
        # Also when it has ended before: then there is nothing to kill.
        subprocess.Popen(
            [sys.executable, "-c", _KILLER, str(pause), str(running.pid)], start_new_session=True
        )
    assert running.stderr
    for line in running.stderr:
        name, _, what = line.strip().partition(": ")
        if what.startswith("done in"):
            yield name
    running.wait()


_KILLER = f"""
import os, sys, time
from contextlib import suppress
time.sleep(float(sys.argv[1]))
with suppress(ProcessLookupError):
    os.killpg(int(sys.argv[2]), {int(signal.SIGKILL)})
"""


def _make(folder: Path, count: int) -> None:
    """Cut short clips with people in them, each from another moment, the last few damaged."""
    sources = [SHARED / "data" / "clips" / name for name in _CLIPS] + [DEMO]
    each = -(-count // len(sources))
    moments = {source: _moments_with_people(source, each) for source in sources}
    for number in range(count):
        source = sources[number % len(sources)]
        path = folder / f"cut_{number:02d}.mp4"
        _cut(source, path, moments[source][number // len(sources)])
        if number >= count - _DAMAGED:
            data = path.read_bytes()
            path.write_bytes(data[: len(data) // (20 + number)])


def _moments_with_people(source: Path, count: int) -> list[float]:
    """Return seconds at which cuts begin that show somebody at their beginning, middle and end."""
    detector = Detector()
    seen: list[bool] = []
    with av.open(str(source)) as container:
        for seconds, frame in _timed(container):
            if seconds >= len(seen) * _STEP:
                seen.append(bool(detector.detect(frame.to_ndarray(format="rgb24"))))
    last = round(_SECONDS / _STEP)
    starts = [
        number * _STEP
        for number in range(len(seen) - last)
        if seen[number] and seen[number + last // 2] and seen[number + last]
    ]
    if len(starts) < count:
        raise SystemExit(f"{source.name} shows people at too few moments: {len(starts)}.")
    return [round(starts[number * len(starts) // count], 1) for number in range(count)]


def _timed(container: Any) -> Iterator[tuple[float, Any]]:
    """Yield seconds since the first picture, and pictures."""
    first = None
    for frame in container.decode(video=0):
        if frame.time is not None:
            first = frame.time if first is None else first
            yield frame.time - first, frame


def _cut(source: Path, path: Path, start: float) -> None:
    with av.open(str(source)) as given, av.open(str(path), "w") as made:
        rate = round(given.streams.video[0].average_rate or 30)
        stream: Any = made.add_stream("libx264", rate=rate)
        stream.pix_fmt, number = "yuv420p", 0
        for seconds, frame in _timed(given):
            if seconds < start:
                continue
            if seconds >= start + _SECONDS:
                break
            stream.width, stream.height = frame.width // 2 * 2, frame.height // 2 * 2
            image = frame.reformat(stream.width, stream.height, "yuv420p")
            image.pts, image.time_base = number, Fraction(1, rate)
            number += 1
            made.mux(stream.encode(image))
        made.mux(stream.encode())


if __name__ == "__main__":
    sys.exit(main())

"""Sixty clips in a batch that is killed again and again: `python -m tests.benchmarks.batch_trial`.

Short cuts of the real clips, six of them damaged. They are done once undisturbed; then anew into
another folder, where the whole run is killed with SIGKILL at random moments and begun again. In
the end every clip is done or explained, none was done twice, and all is as in the first run.
"""

import argparse
import hashlib
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np

from core_model.detection.detector import Detector
from core_model.engine.command_line import a_path
from core_model.take import Take
from core_model.take.folder import read_summary
from tests.places import DEMO, ROOT, SHARED

_CLIPS = (
    *("sports2d_demo.mp4", "people/yoga_warrior.mp4", "people/gymnasts_attention.avi"),
    *("people/handheld_handshake.mp4", "people/upper_body_signs.mkv", "people/handheld_turn.mp4"),
)
_SECONDS = 1.0  # of a cut
_STEP = 0.1  # seconds between pictures that are looked at for people
_DAMAGED = 6


def main() -> int:
    """Run the command line; the exit code is 1 where anything was lost or done twice."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=a_path, help="for clips and results; goes on where it was")
    parser.add_argument("--clips", type=int, default=60)
    parser.add_argument("--kills", type=int, default=5)
    given = parser.parse_args()
    clips = given.folder / "clips"
    if not clips.is_dir():
        clips.mkdir(parents=True)
        _make(clips, given.clips)
    wanted, disturbed = given.folder / "undisturbed", given.folder / "killed"
    began = time.monotonic()
    undisturbed = list(_run(clips, wanted, None))
    whole = time.monotonic() - began
    print(f"undisturbed: {len(undisturbed)} done in {whole:.0f} s", flush=True)
    chance = random.Random(time.time())
    done: Counter[str] = Counter()
    for kill in range(given.kills):
        # Together they are shorter than the run, so that each meets it at work.
        pause = chance.uniform(3, max(whole / given.kills, 6))
        done.update(_run(clips, disturbed, pause))
        print(f"killed after {pause:.0f} s ({kill + 1}), {done.total()} done", flush=True)
    done.update(_run(clips, disturbed, None))
    twice = sorted(name for name, count in done.items() if count > 1)
    hidden = [str(path) for path in disturbed.rglob(".*")]
    first, last = _outcomes(wanted), _outcomes(disturbed)
    other = sorted(name for name in first | last if first.get(name) != last.get(name))
    explained = {name: each[0] for name, each in last.items() if each[0]}
    print(f"{len(last) - len(explained)} done, {len(explained)} explained; done twice: {twice}")
    print(f"other than undisturbed: {other}; left half made: {hidden}")
    for name, sentence in explained.items():
        print(f"  {name}: {sentence}")
    lost = len(last) != given.clips or len(explained) > _DAMAGED
    return int(lost or bool(twice or hidden or other))


def _outcomes(results: Path) -> dict[str, tuple[str, ...]]:
    """Return of each clip of a report the sentence, if it failed, and hashes of what was made."""
    report = json.loads((results / "report.json").read_text())
    found = {}
    for clip in report["clips"]:
        summary = read_summary(results / clip["name"])
        people = summary.people if summary else ()
        motions = (_motion_hash(results / clip["name"] / person.file) for person in people)
        found[clip["name"]] = (clip["sentence"], *motions)
        if clip["state"] == "done":
            assert (results / f"{clip['name']}.blend").stat().st_size
    return found


def _motion_hash(path: Path) -> str:
    take = Take.load(path)
    arrays = (take.times, take.poses, take.trans, take.betas, take.keypoints2d, take.confidence)
    return hashlib.sha256(b"".join(np.asarray(each).tobytes() for each in arrays)).hexdigest()


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
        subprocess.Popen(
            [sys.executable, "-c", _KILLER, str(pause), str(running.pid)], start_new_session=True
        )
    assert running.stderr
    for line in running.stderr:
        name, _, what = line.strip().partition(": ")
        if what.startswith("done in"):
            yield name
    if (running.wait() == -signal.SIGKILL) != bool(pause):
        raise SystemExit(f"The run ended with {running.returncode}.")


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

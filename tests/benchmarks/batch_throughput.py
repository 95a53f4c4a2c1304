"""A batch against two perfect processes: `python -m tests.benchmarks.batch_throughput`.

Equal cuts of a real clip, captured fast with hands and baked, are done by turns as a batch with its
own choice of workers, and by two loops side by side, each of which has half of the cores and starts
the programs that do the steps of a clip one after the other: nothing is planned, kept or told, and
nothing waits.
"""

import argparse
import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from fractions import Fraction
from pathlib import Path
from typing import Any

import av

from bake.batch.one_clip import PICTURES
from core_model.engine.command_line import a_path
from core_model.take.folder import read_summary
from tests.places import ROOT, SHARED

_LOOPS = 2
_HALF = {"OMP_NUM_THREADS": str(max(1, len(os.sched_getaffinity(0)) // _LOOPS))}


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clip", type=a_path, default=SHARED / "data/clips/sports2d_demo.mp4")
    parser.add_argument("--clips", type=int, default=8)
    parser.add_argument("--seconds", type=float, default=10.0, help="of each clip")
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--batch", default="", help="more options of the batch, --workers=2")
    given = parser.parse_args()
    ways: dict[str, Callable[[list[Path], Path], None]] = {
        "batch": lambda clips, out: _batch(clips, out, given.batch.split()),
        "two processes": _loops,
    }
    wall: dict[str, list[float]] = {name: [] for name in ways}
    used: dict[str, list[float]] = {name: [] for name in ways}
    with tempfile.TemporaryDirectory() as folder:
        clips = _cuts(given.clip, Path(folder), given.clips, given.seconds)
        for number in range(given.rounds):
            for name in list(ways)[:: 1 if number % 2 else -1]:
                out = Path(folder) / "out"
                began, before = time.perf_counter(), _processor_seconds()
                ways[name](clips, out)
                wall[name].append(time.perf_counter() - began)
                used[name].append(_processor_seconds() - before)
                _check(clips, out)
                shutil.rmtree(out)
                print(
                    f"{name}: {wall[name][-1]:.1f} s, {used[name][-1]:.1f} of processors",
                    flush=True,
                )
    for what, found in (("seconds", wall), ("processor seconds", used)):
        batch, perfect = (statistics.median(found[name]) for name in ways)
        print(f"{what}: {batch:.1f} to {perfect:.1f}, {batch / perfect:.3f}")


def _batch(clips: Sequence[Path], out: Path, more: Sequence[str]) -> None:
    command = [sys.executable, "-m", "bake.batch", *map(str, clips), "-o", str(out)]
    _run([*command, "--quality", "fast", *more])


def _loops(clips: Sequence[Path], out: Path) -> None:
    def loop(number: int) -> None:
        for clip in clips[number::_LOOPS]:
            _do(clip, out)

    with ThreadPoolExecutor(_LOOPS) as pool:
        list(pool.map(loop, range(_LOOPS)))


def _do(clip: Path, out: Path) -> None:
    """Do what a batch does of a clip."""
    takes, blend = out / clip.stem, out / f"{clip.stem}.blend"
    takes.mkdir(parents=True)
    _engine(takes, "capture", clip, {"quality": "fast"})
    summary = read_summary(takes)
    people = summary.people if summary else ()
    first, last = min(each.start for each in people), max(each.end for each in people)
    moments = [first + (last - first) * (i + 0.5) / PICTURES for i in range(PICTURES)]
    told = ",".join(f"{each:.3f}" for each in moments)
    bake = [sys.executable, "-m", "bake", str(takes), "-o", str(blend)]
    _run([*bake, "--pictures", str(takes), "--picture-times", told], **_HALF)
    _engine(takes, "stills", clip, {"times": moments})


def _engine(takes: Path, kind: str, clip: Path, options: dict[str, Any]) -> None:
    job = takes.with_name(f"{takes.name}_{kind}.json")
    content = {"kind": kind, "video": str(clip), "folder": str(takes), "options": options}
    job.write_text(json.dumps(content), encoding="utf-8")
    _run([sys.executable, "-m", "core_model.worker", str(job)], **_HALF)


def _run(command: Sequence[str], **environment: str) -> None:
    subprocess.run(
        command,
        check=True,
        env=os.environ | {"PYTHONPATH": str(ROOT)} | environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def _check(clips: Sequence[Path], out: Path) -> None:
    """Make sure that all was done."""
    for clip in clips:
        made = [out / f"{clip.stem}.blend", out / clip.stem / f"picture_{PICTURES:02d}.png"]
        made += [out / clip.stem / "capture.json", out / clip.stem / f"clip_{PICTURES:02d}.jpg"]
        if missing := [path.name for path in made if not path.exists()]:
            raise SystemExit(f"{clip.stem}: {', '.join(missing)} was not made.")


def _processor_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _cuts(source: Path, folder: Path, count: int, seconds: float) -> list[Path]:
    """Cut the beginning of a clip; the same pictures each time, in other bytes."""
    first = folder / "cut_0.mp4"
    with av.open(str(source)) as given, av.open(str(first), "w") as made:
        rate = round(given.streams.video[0].average_rate or 30)
        stream: Any = made.add_stream("libx264", rate=rate)
        stream.pix_fmt = "yuv420p"
        for number, frame in enumerate(given.decode(video=0)):
            if number >= seconds * rate:
                break
            stream.width, stream.height = frame.width // 2 * 2, frame.height // 2 * 2
            image = frame.reformat(stream.width, stream.height, "yuv420p")
            image.pts, image.time_base = number, Fraction(1, rate)
            made.mux(stream.encode(image))
        made.mux(stream.encode())
    clips = [first]
    for number in range(1, count):
        clips.append(folder / f"cut_{number}.mp4")
        # A box that nobody reads: a batch does the same clip once only.
        clips[-1].write_bytes(first.read_bytes() + b"\x00\x00\x00\x09free" + bytes([number]))
    return clips


if __name__ == "__main__":
    main()

"""How right the time left is of a clip that goes in parts: `python -m tests.benchmarks.time_left`.

A clip is captured in parts far shorter than those of a long clip. What it tells of its progress is
kept with the clock and with the processor's seconds. The forecast then hears it as it was told, and
as a machine would have told it that had nothing else to do; both once more, where the machine is
known from the capture before. The time left is compared with what was really left.
"""

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from core_model.capture import capture
from core_model.engine.command_line import a_path
from core_model.engine.forecast import BAKE, CAPTURE, CORES, OTHER_CORES, Forecast
from core_model.engine.protocol import Step
from core_model.options import CaptureOptions
from core_model.parts.following import Limits
from core_model.progress import NOTHING
from core_model.take.folder import read_summary
from tests.places import SHARED

CLIP = SHARED / "data" / "clips" / "people" / "yoga_warrior.mp4"
_MANY = 10**9
_EVERY = 0.1  # seconds between two messages of a worker, at least
_MOMENTS = 300
_RIGHT = 0.2

NO_PACE: Mapping[str, float] = {}

Stream = list[tuple[float, Step]]


def main() -> int:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("clip", type=a_path, nargs="?", default=CLIP)
    parser.add_argument("--frames", type=int, default=150, help="from one part to the next")
    parser.add_argument("--overlap", type=float, default=0.3, help="of parts, seconds")
    parser.add_argument("--quality", default="fast")
    parser.add_argument("--hands", action="store_true")
    parser.add_argument("--told", type=a_path, help="a file of --keep, instead of a capture")
    parser.add_argument("--keep", type=a_path, help="a file of JSON for what was told")
    given = parser.parse_args()
    stream, end, cpu = _read(given.told) if given.told else _recorded(given)
    print(
        f"{end:.0f} s, of the processor {cpu:.0f} s; {end - stream[-1][0]:.1f} s after all was told"
    )
    if given.keep:
        told = [(when, vars(step)) for when, step in stream]
        given.keep.write_text(json.dumps({"end": end, "cpu": cpu, "steps": told}))
    pace = _tell("as it was", stream, end)
    _tell("... once more", stream, end, pace)
    quiet, quiet_end = _undisturbed(stream, cpu)
    pace = _tell("undisturbed", quiet, quiet_end)
    _tell("... once more", quiet, quiet_end, pace)
    return 0


def _read(path: Path) -> tuple[Stream, float, float]:
    kept = json.loads(path.read_text())
    return [(when, Step(**step)) for when, step in kept["steps"]], kept["end"], kept["cpu"]


def _recorded(given: argparse.Namespace) -> tuple[Stream, float, float]:
    """Capture; return what was told, how long it took, and how long on the processor."""
    stream: Stream = []
    began, cpu_began = time.monotonic(), time.process_time()
    last: tuple[str, float] = ("", 0.0)

    def hear(stage: str, done: int, total: int | None, ahead: Mapping[str, int] = NOTHING) -> None:
        nonlocal last
        now = time.monotonic() - began
        if stage == last[0] and now - last[1] < _EVERY and done != total:
            return
        last = stage, now
        cpu = time.process_time() - cpu_began
        stream.append((now, Step(stage, done, total, ahead=dict(ahead), cpu=cpu)))

    cut = Limits(given.frames, _MANY, given.overlap)
    options = CaptureOptions(quality=given.quality, hands=given.hands)
    with tempfile.TemporaryDirectory() as folder:
        capture(given.clip, Path(folder) / "takes", options, hear, (cut, cut))
        summary = read_summary(Path(folder) / "takes")
        print(summary.stages if summary else "")
    return stream, time.monotonic() - began, time.process_time() - cpu_began


def _undisturbed(stream: Stream, cpu: float) -> tuple[Stream, float]:
    """Return what a machine tells that has two cores and nothing else to do, and its end."""
    told: Stream = []
    now, before, stage = 0.0, 0.0, ""
    for _, step in stream:
        now += ((step.cpu or 0.0) - before) / CORES.get(stage, OTHER_CORES)
        before, stage = step.cpu or 0.0, step.stage
        told.append((now, step))
    return told, now + (cpu - before) / OTHER_CORES


def _tell(
    name: str, stream: Stream, end: float, pace: Mapping[str, float] = NO_PACE
) -> dict[str, float]:
    """Print how right the time left was, where a pace is known of before; return the new one."""
    forecast, coming = Forecast(CAPTURE, 0.0, pace), list(stream)
    wrong: list[float] = []
    for now in np.linspace(0, end, _MOMENTS, endpoint=False):
        while coming and coming[0][0] <= now:
            forecast.hear(coming[0][1], coming[0][0])
            del coming[0]
        left = forecast.at(float(now)).left
        wrong.append(np.inf if left is None else left / (end - now) - 1)
    off = np.array(wrong)
    right = np.abs(off) <= _RIGHT
    print(f"{name}: the time left is right by {_RIGHT:.0%} in {right.mean():.0%} of the moments, "
          f"in {right[_MOMENTS // 10 : -_MOMENTS // 10].mean():.0%} of those between a tenth and "
          "nine")  # fmt: skip
    tenths = [f"{np.median(part):+.0%}" for part in np.array_split(off, 10)]
    print(f"  too long by, in each tenth: {' '.join(tenths)}")
    forecast.reach(BAKE, 0.0, end)
    return forecast.pace()


if __name__ == "__main__":
    sys.exit(main())

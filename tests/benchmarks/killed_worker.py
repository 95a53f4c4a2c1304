"""A worker that is killed at random moments: `python -m tests.benchmarks.killed_worker`.

In a folder that holds an earlier capture, the engine captures a part of the demo again and again,
and is killed with SIGKILL somewhere between its first word and its last. After every kill the
earlier takes are whole, or all of the new ones are there; the capture that is left alone in the end
leaves nothing half made.
"""

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from core_model.take import Take
from core_model.take.folder import read_summary
from tests.bake.batch import quick_programs
from tests.places import DEMO, ROOT

_FRAMES, _PEOPLE = 4, 2  # of the earlier capture


def main() -> int:
    """Run the command line; the exit code is 1 where anything was lost or left half made."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=0.5, help="of the demo")
    given = parser.parse_args()
    chance = random.Random(time.time())
    with tempfile.TemporaryDirectory() as name:
        folder, job = Path(name) / "takes", Path(name) / "job.json"
        quick_programs.save(folder, _FRAMES, _PEOPLE)
        options = {"quality": "fast", "end": given.seconds}
        about = {"kind": "capture", "video": str(DEMO), "folder": str(folder), "options": options}
        job.write_text(json.dumps(about))
        alone = Path(name) / "alone.json"
        alone.write_text(json.dumps(about | {"folder": str(Path(name) / "other")}))
        stages = _until(alone, None)
        found = read_summary(Path(name) / "other")
        new = [each.frames for each in found.people] if found else []
        killed: dict[str, int] = {}
        replaced = 0
        for number in range(given.kills):
            stage = _until(job, chance.uniform(0, len(stages)))[-1]
            killed[stage] = killed.get(stage, 0) + 1
            if _is_whole(folder, new):
                replaced += 1
                quick_programs.save(folder, _FRAMES, _PEOPLE)
            elif not _is_whole(folder, [_FRAMES] * _PEOPLE):
                print(f"after kill {number + 1} the takes are neither those of before nor new")
                return 1
        _until(job, None)
        summary, left = read_summary(folder), list(folder.glob(".*"))
        people = summary.people if summary else ()
        anew = bool(people) and _is_whole(folder, [each.frames for each in people])
        print(f"killed {given.kills} times, in the stages {killed}")
        print(f"{replaced} of them came when the new takes were there, all others before")
        print(f"captured anew: {anew}; left half made: {[path.name for path in left]}")
        return int(not anew or bool(left))


def _until(job: Path, moment: float | None) -> list[str]:
    """Let the engine work, kill it after so many of its messages; return the stages it told of.

    The part of `moment` behind the point is that of a fifth of a second after that message.
    """
    worker = subprocess.Popen(
        [sys.executable, "-m", "core_model.worker", job],
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert worker.stdout and worker.stdin
    told = ["start"]
    for line in worker.stdout:
        told.append(json.loads(line).get("stage", told[-1]))
        if moment is not None and len(told) > moment:
            time.sleep(moment % 1 / 5)
            break
    if moment is not None:
        worker.send_signal(signal.SIGKILL)
    worker.stdout.close()
    worker.stdin.close()
    if worker.wait() not in (0, -signal.SIGKILL):
        raise SystemExit(f"The engine ended with {worker.returncode}.")
    return told


def _is_whole(folder: Path, frames: list[int]) -> bool:
    """Return whether a folder holds takes of so many frames, and its summary says so."""
    summary = read_summary(folder)
    if summary is None or [each.frames for each in summary.people] != frames:
        return False
    named = {each.file for each in summary.people}
    return {path.name for path in folder.glob("*.npz")} == named and frames == [
        len(Take.load(folder / each.file)) for each in summary.people
    ]


if __name__ == "__main__":
    sys.exit(main())

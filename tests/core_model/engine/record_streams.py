"""Record what the engine says while it captures real clips.

`python -m tests.core_model.engine.record_streams quiet` on a machine of two cores that has nothing
else to do, `... busy` on one whose other programs come and go; each renews its own in
`streams.json`. Then the costs in `core_model.engine.forecast` are those of this code.
"""

import argparse
import json
import os
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from core_model.engine.client import Engine, run
from core_model.engine.protocol import Step
from core_model.storage.atomic import replaced_when_complete
from tests.places import SHARED

RECORDED = Path(__file__).with_name("streams.json")
_CLIPS = SHARED / "data" / "clips"
_JOBS: dict[str, dict[str, tuple[str, dict[str, Any]]]] = {
    "quiet": {
        "cam02": ("pose2sim_single/cam02.mp4", {"quality": "fast"}),
        "yoga_warrior": ("people/yoga_warrior.mp4", {"quality": "fast"}),
        "one_by_one": ("intel_onebyone.mp4", {"quality": "fast"}),
        "two_people": ("pose2sim_multi/cam02.mp4", {}),
        "runner": ("sports2d_demo.mp4", {}),
        "runner_fast": ("sports2d_demo.mp4", {"quality": "fast"}),
    },
    "busy": {
        "yoga_warrior": ("people/yoga_warrior.mp4", {"quality": "fast"}),
        "runner": ("sports2d_demo.mp4", {}),
    },
}


def _recorded(clip: str, options: dict[str, Any]) -> dict[str, Any]:
    """Capture, and return messages and end, in seconds since the engine was started."""
    steps: list[list[object]] = []

    def hear(step: Step) -> None:
        now = round(time.monotonic() - began, 2)
        steps.append([now, step.stage, step.done, step.total, step.ahead, step.cpu])

    with tempfile.TemporaryDirectory() as folder:
        job = {
            "kind": "capture",
            "video": str(_CLIPS / clip),
            "folder": str(Path(folder) / "takes"),
            "options": {"device": "cpu", **options},
        }
        began = time.monotonic()
        engine = Engine(sys.executable, dict(os.environ))
        run(job, engine, Path(folder) / "log", hear)
        return {"steps": steps, "end": round(time.monotonic() - began, 2)}


def main() -> int:
    """Record all of one kind."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("machine", choices=_JOBS)
    machine = parser.parse_args().machine
    streams = json.loads(RECORDED.read_text()) if RECORDED.is_file() else {}
    streams[machine] = {}
    for name, (clip, options) in _JOBS[machine].items():
        streams[machine][name] = _recorded(clip, options)
        print(f"{name}: {streams[machine][name]['end']:.1f} s")
    with replaced_when_complete(RECORDED) as temporary:
        temporary.write_text(json.dumps(streams, separators=(",", ":")))
    return 0


if __name__ == "__main__":
    sys.exit(main())

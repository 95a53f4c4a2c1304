"""Readers of a batch and of the engine: lists of clips, journals, jobs."""

import json
import tempfile
from pathlib import Path

from tests.fuzz.targets.target import Target


def _lists() -> list[bytes]:
    rows = [{"clip": "a.mp4", "people": 2, "in": 0.5, "hands": False, "smooth": "heavy"}]
    return [json.dumps(rows).encode()]


def _tables() -> list[bytes]:
    return [b"clip,people,in,out,height,smooth\na.mp4,2,0.5,12,1.74,default\na.mp4,,,,,heavy\n"]


def _read_list(path: Path) -> object:
    from bake.batch.jobs import jobs_of

    (path.parent / "a.mp4").touch()
    return jobs_of([], [path], {}, {}, ("blend",))


def _journals() -> list[bytes]:
    from bake.batch.jobs import ClipJob
    from bake.batch.journal import DONE, NAME, Journal

    with tempfile.TemporaryDirectory() as folder:
        clip = Path(folder) / "a.mp4"
        clip.write_bytes(b"a")
        journal, job = Journal(Path(folder)), ClipJob(clip, "a", {}, {})
        key = journal.key_of(job)
        journal.admit(key, job)
        journal.end(key, DONE, {"files": ["a.blend"], "people": []})
        journal.close()
        return [(Path(folder) / NAME).read_bytes()]


def _read_journal(path: Path) -> object:
    from bake.batch.journal import NAME, Journal
    from bake.batch.report import write_report

    path.rename(path.with_name(NAME))
    journal = Journal(path.parent)
    try:
        return write_report(path.parent, journal.entries())
    finally:
        journal.close()


def _jobs() -> list[bytes]:
    options = {"people": [1, 2], "start": 0.5, "end": 2.0, "quality": "fast", "hands": False}
    capture = {"video": "/clips/a.mp4", "folder": "/takes", "options": options}
    stills = {"video": "/clips/a.mp4", "folder": "/takes", "options": {"times": [0.5], "fps": 25}}
    return [
        json.dumps({"kind": "capture"} | capture).encode(),
        json.dumps({"kind": "stills"} | stills).encode(),
        json.dumps({"kind": "check_engine", "options": {"device": "cpu"}}).encode(),
    ]


def _read_job(path: Path) -> object:
    from core_model.engine.protocol import read_job
    from core_model.options import CaptureOptions

    job = read_job(path)
    if job["kind"] != "capture":
        return job
    options = CaptureOptions.of(job["options"])
    options.check()
    return options


TARGETS = {
    "lists of clips, JSON": Target(".json", _lists, _read_list),
    "lists of clips, CSV": Target(".csv", _tables, _read_list),
    "jobs of the engine": Target(".json", _jobs, _read_job),
    "journals of a batch": Target(".sqlite", _journals, _read_journal),
}

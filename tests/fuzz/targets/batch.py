"""Readers of a batch and of the engine: lists of clips, journals, jobs."""

import tempfile
from pathlib import Path
from typing import Any

from tests.fuzz.engines.guided import Guided
from tests.fuzz.engines.structured import Structured
from tests.fuzz.packing import as_json, as_table
from tests.fuzz.target import Target


def _lists() -> list[Any]:
    row = {"clip": "a.mp4", "people": 2, "in": 0.5, "hands": False, "smooth": "heavy"}
    return [[row | {"formats": "blend,fbx"}, {"clip": "a.mp4", "height": 1.74, "out": 3}]]


def _tables() -> list[Any]:
    names = ["clip", "people", "in", "out", "height", "smooth", "formats"]
    rows = ["a.mp4", "2", "0.5", "12", "1.74", "default", "blend"], ["a.mp4"] + [""] * 6
    return [[names, *map(list, rows)]]


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


def _jobs() -> list[Any]:
    options = {"people": [1, 2], "start": 0.5, "end": 2.0, "quality": "fast", "hands": False}
    capture = {"video": "/clips/a.mp4", "folder": "/takes", "options": options}
    stills = {"video": "/clips/a.mp4", "folder": "/takes", "options": {"times": [0.5], "fps": 25}}
    return [
        {"kind": "capture"} | capture,
        {"kind": "stills"} | stills,
        {"kind": "check_engine", "options": {"device": "cpu"}},
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
    "lists of clips, JSON": Target(".json", _lists, _read_list, Structured(as_json)),
    "lists of clips, CSV": Target(".csv", _tables, _read_list, Structured(as_table)),
    "jobs of the engine": Target(".json", _jobs, _read_job, Structured(as_json)),
    "journals of a batch": Target(".sqlite", _journals, _read_journal, Guided()),
}

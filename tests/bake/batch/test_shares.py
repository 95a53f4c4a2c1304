"""Clips that are done at once share the cores; the last ones have what is left over."""

import threading

import pytest

from bake.batch import machine
from bake.batch.jobs import jobs_of
from bake.batch.journal import Journal
from bake.batch.one_clip import Outcome, Tools
from bake.batch.run import BatchOptions, plan, run_batch
from core_model.engine.client import Engine


@pytest.mark.parametrize(
    ("clips", "workers", "shares"),
    [(1, 4, ["8"]), (2, 4, ["4", "4"]), (2, 1, ["8", "8"]), (3, 3, ["3", "3", "3"])],
)
def test_each_clip_has_its_share_of_the_cores(monkeypatch, tmp_path, clips, workers, shares):
    monkeypatch.setattr(machine, "_usable_cores", lambda: 8)
    for number in range(clips):
        (tmp_path / f"c{number}.mp4").write_bytes(bytes([number]))
    told: list[str] = []
    at_once = threading.Barrier(min(clips, workers))

    def do(job, name, folder, tools, *rest):
        told.append(tools.engine.environment[machine.THREADS])
        at_once.wait(60)  # nobody is done before all have begun
        return Outcome()

    journal, options = Journal(tmp_path / "out"), BatchOptions(workers=workers)
    todo, _ = plan(journal, jobs_of([str(tmp_path)], [], {}, {}, ("blend",)), tmp_path, options)
    tools = Tools(Engine("", {}), ())
    run_batch(journal, todo, tmp_path, tools, options, lambda e: None, threading.Event(), do)
    journal.close()
    assert told == shares

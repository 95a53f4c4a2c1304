"""The journal stays true whatever ends the process that wrote to it."""

import sqlite3
import subprocess
import sys

import pytest

from bake.batch.jobs import ClipJob
from bake.batch.journal import DONE, FAILED, NAME, RUNNING, WAITING, Journal
from core_model.errors import OutputError

_DIES_WITH_A_CLIP = """
import os, signal, sys
from pathlib import Path
from bake.batch.jobs import ClipJob
from bake.batch.journal import Journal
folder, clip = map(Path, sys.argv[1:])
journal = Journal(folder)
job = ClipJob(clip, "walk", {}, {})
key = journal.key_of(job)
journal.admit(key, job)
assert journal.claim(key)
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.fixture
def job(tmp_path):
    path = tmp_path / "walk.mp4"
    path.write_bytes(b"a clip")
    return ClipJob(path, "walk", {}, {})


def test_a_clip_is_known_by_its_content_and_options_not_by_its_name(job, tmp_path):
    journal = Journal(tmp_path / "out")
    moved = tmp_path / "moved.mp4"
    moved.write_bytes(b"a clip")
    assert journal.key_of(job) == journal.key_of(ClipJob(moved, "moved", {}, {}))
    assert journal.key_of(job) != journal.key_of(ClipJob(job.clip, "walk", {}, {"smooth": "heavy"}))
    before = journal.key_of(job)
    job.clip.write_bytes(b"another one")
    assert journal.key_of(job) != before


def test_a_clip_is_one_runs_at_a_time(job, tmp_path):
    first, second = Journal(tmp_path / "out"), Journal(tmp_path / "out")
    key = first.key_of(job)
    assert first.admit(key, job) == second.admit(key, job)
    assert first.claim(key) and not second.claim(key)
    first.end(key, DONE, {"files": ["walk.blend"]})
    assert second.entry(key).state == DONE
    assert second.entry(key).result == {"files": ["walk.blend"]}


def test_a_clip_of_a_run_that_was_killed_is_free(job, tmp_path):
    folder = tmp_path / "out"
    killed = subprocess.run(
        [sys.executable, "-c", _DIES_WITH_A_CLIP, str(folder), str(job.clip)], check=False
    )
    assert killed.returncode == -9
    journal = Journal(folder)
    (entry,) = journal.entries()
    assert entry.state == RUNNING
    assert journal.claim(entry.key)
    assert journal.entry(entry.key).attempts == 2
    journal.close()
    assert not list(folder.glob(".at_work-*"))


def test_what_a_run_leaves_undone_waits(job, tmp_path):
    journal = Journal(tmp_path / "out")
    key = journal.key_of(job)
    journal.admit(key, job)
    journal.claim(key)
    journal.close()
    assert Journal(tmp_path / "out").entry(key).state == WAITING


def test_other_options_for_the_same_name_get_a_name_of_their_own(job, tmp_path):
    journal = Journal(tmp_path / "out")
    other = ClipJob(job.clip, "walk", {"people": 1}, {})
    names = [journal.admit(journal.key_of(each), each).name for each in (job, other, job)]
    assert names == ["walk", "walk_2", "walk"]


def test_what_failed_can_wait_again(job, tmp_path):
    journal = Journal(tmp_path / "out")
    key = journal.key_of(job)
    journal.admit(key, job)
    journal.end(key, FAILED, {"sentence": "It is dark."})
    journal.forget(key)
    assert journal.entry(key).state == WAITING


def test_a_damaged_journal_is_one_sentence(tmp_path):
    folder = tmp_path / "out"
    folder.mkdir()
    (folder / NAME).write_bytes(b"no database at all" * 100)
    with pytest.raises(OutputError, match="The journal"):
        Journal(folder)


@pytest.mark.parametrize("damage", ["CAST(X'ff' AS TEXT)", "'{'", "'[1]'", "3"])
def test_a_journal_with_damaged_entries_is_one_sentence(job, tmp_path, damage):
    journal = Journal(tmp_path / "out")
    journal.admit(journal.key_of(job), job)
    with sqlite3.connect(tmp_path / "out" / NAME) as database:
        database.execute(f"UPDATE clips SET result = {damage}")
    with pytest.raises(OutputError, match="The journal"):
        journal.entries()


def test_who_finds_the_journal_damaged_does_not_keep_it_from_others(job, tmp_path, monkeypatch):
    """Not even while the error is told: a batch could not end for a minute, waiting for itself."""
    monkeypatch.setattr("bake.batch.journal._PATIENCE", 0.1)
    journal = Journal(tmp_path / "out")
    journal.admit(journal.key_of(job), job)
    with sqlite3.connect(tmp_path / "out" / NAME) as database:
        database.execute("UPDATE clips SET key = CAST(X'ff' AS TEXT)")
    with pytest.raises(OutputError, match="decode") as told:
        journal.entries()
    journal.close()
    assert told.value.__traceback__

"""Logs: one for each job, the oldest taken away."""

import os
import time

import pytest

from core_model.engine.logs import KEPT, logs_folder, new_log, newest_log
from core_model.errors import OutputError


def test_every_job_has_its_own_and_the_newest_is_found(tmp_path):
    folder = tmp_path / "a" / "logs"
    assert newest_log(folder) is None
    logs = [new_log(folder) for _ in range(10)]
    assert len(set(logs)) == 10
    assert newest_log(folder) == logs[-1]
    other = new_log(folder, "command")
    logs[0].write_text("still at work")
    assert newest_log(folder) == other, "the one that was begun last"


def test_old_ones_are_taken_away_but_none_of_today(tmp_path):
    logs = [new_log(tmp_path) for _ in range(KEPT + 5)]
    assert all(log.exists() for log in logs)
    (tmp_path / "notes.txt").write_text("mine")
    old = time.time() - 2 * 86_400
    for log in logs[:10]:
        os.utime(log, (old, old))
    newest = new_log(tmp_path)
    left = sorted(path.name for path in tmp_path.glob("*.log"))
    assert left == [log.name for log in logs[6:]] + [newest.name]
    assert (tmp_path / "notes.txt").exists()


def test_a_folder_that_cannot_be_made_is_one_sentence(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError, match="Cannot write a log to"):
        new_log(tmp_path / "file" / "logs")


@pytest.mark.skipif(os.name == "nt", reason="Windows has another place")
def test_a_process_without_a_home_has_a_place_too(monkeypatch):
    for name in ("HOME", "XDG_STATE_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("pathlib.Path.home", lambda: (_ for _ in ()).throw(RuntimeError()))
    assert logs_folder().is_absolute()

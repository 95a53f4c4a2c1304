"""What goes wrong around a batch costs no result that was there, and the same command goes on."""

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import threading
import time

import pytest

from bake.batch.jobs import ClipJob, jobs_of
from bake.batch.journal import DONE, FAILED, Journal
from bake.batch.one_clip import Outcome, Tools
from bake.batch.programs import Limits, bake
from bake.batch.report import write_report
from bake.batch.run import BatchOptions, plan, run_batch
from core_model.engine.client import Engine
from core_model.errors import OutputError
from core_model.take import Take
from core_model.take.folder import read_summary
from tests.bake.batch import quick_programs
from tests.places import ROOT

ENVIRONMENT = os.environ | {"PYTHONPATH": str(ROOT)}
TOOLS = Tools(Engine("", {}), ())


@pytest.fixture
def clips(tmp_path):
    """Return a folder of six clips."""
    folder = tmp_path / "clips"
    folder.mkdir()
    for number in range(6):
        (folder / f"c{number}.mp4").write_bytes(bytes([number]))
    return folder


def batch(clips, folder, *more, pause=0.0):
    return subprocess.Popen(
        [sys.executable, quick_programs.HERE, "batch", clips, "-o", folder, *more],
        env=ENVIRONMENT | {"QUICK_PAUSE": str(pause)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def run_quickly(journal, jobs, folder, do, **options):
    """Run a batch in this process in which `do` does the clips."""
    todo, known = plan(journal, jobs, folder, BatchOptions(**options))
    run_batch(
        journal,
        todo,
        folder,
        TOOLS,
        BatchOptions(**options),
        lambda event: None,
        threading.Event(),
        do,
    )
    return {entry.name: journal.entry(entry.key) for _, entry in (*todo, *known)}


def whole(folder, names):
    """Assert that the results of these clips are there and complete, and nothing else is."""
    for name in names:
        summary = read_summary(folder / name)
        assert summary and len(Take.load(folder / name / summary.people[0].file)) == 4
        assert (folder / f"{name}.blend").read_text() == "baked"
    assert not [path for path in folder.rglob(".*") if not path.name.startswith(".at_work")]


def test_two_batches_on_one_folder_share_the_clips(clips, tmp_path):
    folder = tmp_path / "results"
    both = [batch(clips, folder, "--workers", "2", pause=0.1) for _ in range(2)]
    for each in both:
        printed, told = each.communicate()
        assert "Traceback" not in told, told
    last = batch(clips, folder)
    last.communicate()
    assert last.returncode == 0
    baked = (tmp_path / "bakes.log").read_text().split()
    assert sorted(baked) == [f"c{number}" for number in range(6)]
    whole(folder, baked)
    assert not list(folder.glob(".*"))


def test_a_batch_killed_at_any_moment_loses_nothing_and_bakes_nothing_twice(clips, tmp_path):
    folder, chance = tmp_path / "results", random.Random(7)
    done_before: dict[str, int] = {}
    for _ in range(6):
        running = batch(clips, folder, pause=0.05)
        time.sleep(chance.uniform(0.3, 1.5))
        os.killpg(running.pid, signal.SIGKILL)
        running.communicate()
        if folder.exists():
            with_results = {path.stem: path.stat().st_mtime_ns for path in folder.glob("*.blend")}
            done = {
                each.name: with_results[each.name]
                for each in _entries(folder)
                if each.state == DONE
            }
            assert done_before.items() <= done.items()
            done_before = done
    last = batch(clips, folder)
    printed, told = last.communicate()
    assert last.returncode == 0, told
    assert "6 of 6" in printed
    whole(folder, [f"c{number}" for number in range(6)])
    for name, written in done_before.items():
        assert (folder / f"{name}.blend").stat().st_mtime_ns == written


def _entries(folder):
    journal = Journal(folder)
    try:
        return journal.entries()
    finally:
        journal.close()


def test_a_bake_ends_when_only_the_batch_is_killed(tmp_path):
    baking = tmp_path / "bake.py"
    baking.write_text(
        "import os, sys, time\n"
        "from pathlib import Path\n"
        "from core_model.engine.command_line import command\n"
        "def work():\n"
        "    try:\n"
        "        Path(sys.argv[1]).write_text(str(os.getpid()))\n"
        "        time.sleep(500)\n"
        "    finally:\n"
        "        Path(sys.argv[2]).write_text('tidied')\n"
        "command('bake')(work)()\n"
    )
    started, tidied = tmp_path / "pid", tmp_path / "tidied"
    program = (
        "import os, sys, threading\n"
        "from pathlib import Path\n"
        "from bake.batch.programs import Limits, bake\n"
        f"bake([sys.executable, {str(baking)!r}], [{str(started)!r}, {str(tidied)!r}],"
        f" dict(os.environ), Path({str(tmp_path / 'log')!r}), Limits(1e12, threading.Event()))\n"
    )
    parent = subprocess.Popen([sys.executable, "-c", program], env=ENVIRONMENT)
    while not started.exists() or not started.read_text():
        time.sleep(0.02)
    parent.kill()
    parent.wait()
    child = int(started.read_text())
    while _is_alive(child):
        time.sleep(0.02)
    assert tidied.read_text() == "tidied"


def _is_alive(process):
    try:
        with open(f"/proc/{process}/stat") as file:
            return file.read().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_a_bake_hears_of_the_batch_only_through_the_pipe(tmp_path):
    seen = tmp_path / "seen"
    program = (
        "import os, sys; from pathlib import Path; from core_model.engine.command_line import "
        "command; command('bake')(lambda: Path(sys.argv[1]).write_text(repr("
        "[os.environ.get('INT_MOCAP_ENDS_WITH_STDIN'), sys.stdin.read()])) and 0)()"
    )
    bake(
        [sys.executable, "-c", program],
        [str(seen)],
        ENVIRONMENT,
        tmp_path / "log",
        Limits(1e12, threading.Event()),
    )
    assert seen.read_text() == "[None, '']"


def test_a_clip_that_is_exchanged_while_it_is_read_is_done_anew(clips, tmp_path):
    folder, clip = tmp_path / "results", clips / "c0.mp4"
    journal = Journal(folder)
    jobs = jobs_of([str(clip)], [], {}, {}, ("blend",))

    def exchange(job, name, folder, *rest):
        job.clip.write_bytes(b"another clip")
        return Outcome(files=[])

    (entry,) = run_quickly(journal, jobs, folder, exchange).values()
    assert entry.state == FAILED and "changed while" in entry.result["sentence"]
    (anew,) = run_quickly(journal, jobs, folder, lambda *args: Outcome()).values()
    assert anew.state == DONE and anew.key != entry.key
    clip.unlink()

    def remove(job, *rest):
        (clips / "c1.mp4").unlink()
        return Outcome()

    jobs = jobs_of([str(clips / "c1.mp4")], [], {}, {}, ("blend",))
    (gone,) = run_quickly(journal, jobs, folder, remove).values()
    assert gone.state == FAILED


def test_a_folder_of_results_that_is_taken_away_is_a_sentence_and_can_be_begun_anew(
    clips, tmp_path
):
    folder = tmp_path / "results"
    journal = Journal(folder)

    def take_away(*args):
        shutil.rmtree(folder)
        return Outcome()

    with pytest.raises(OutputError, match="The journal .* cannot be used"):
        run_quickly(journal, jobs_of([str(clips)], [], {}, {}, ("blend",)), folder, take_away)
    again = batch(clips, folder)
    printed, told = again.communicate()
    assert again.returncode == 0, told
    assert sorted((tmp_path / "bakes.log").read_text().split()) == [f"c{n}" for n in range(6)]


def test_a_disk_that_is_full_is_a_sentence_and_the_batch_goes_on_when_there_is_room(
    small_disk, clips
):
    """The journal, its log and the report are written to it, at first with no page left at all."""
    folder = small_disk(30) / "results"
    (folder.parent / "of others").write_bytes(b"something")
    jobs = jobs_of([str(clips)], [], {}, {}, ("blend",))
    done: list[str] = []
    refused = 0
    for pages in (0, 1, 2, 4, 6, 8, 11, 14, 18, 24, 32, 48, 64):
        small_disk(pages)
        try:
            journal = Journal(folder)
            entries = run_quickly(journal, jobs, folder, lambda job, *rest: _named(done, job))
            write_report(folder, journal.entries())
            journal.close()
        except OutputError as error:
            assert "Traceback" not in str(error)
            refused += 1
        else:
            break
    assert refused >= 3
    assert {each.state for each in entries.values()} == {DONE}
    assert set(done) == {f"c{number}" for number in range(6)}
    report = json.loads((folder / "report.json").read_text())
    assert report["counts"][DONE] == 6
    assert not [path for path in folder.glob(".*") if not path.name.startswith(".at_work")]


def _named(done, job):
    done.append(job.name)
    return Outcome()


def test_a_clock_that_is_set_back_stops_nothing(clips, tmp_path, monkeypatch):
    folder, hours = tmp_path / "results", iter(range(10_000, 0, -1))
    monkeypatch.setattr(time, "time", lambda: 3600.0 * next(hours))
    journal = Journal(folder)
    jobs = jobs_of([str(clips)], [], {}, {}, ("blend",))
    assert {each.state for each in run_quickly(journal, jobs, folder, _fine).values()} == {DONE}
    done: list[ClipJob] = []
    run_quickly(journal, jobs, folder, lambda job, *rest: _noted(done, job))
    assert not done
    journal.close()


def _noted(done, job):
    done.append(job)
    return Outcome()


def _fine(*args):
    return Outcome()


def test_what_may_pass_is_tried_again_with_a_pause_and_then_explained(clips, tmp_path, monkeypatch):
    monkeypatch.setattr("bake.batch.run._BACK_OFF", 0.01)
    journal = Journal(tmp_path / "results")
    tried: list[str] = []

    def no_memory(job, name, *rest):
        tried.append(name)
        return Outcome(sentence="Memory ran out.", kind="memory", may_pass=len(tried) != 2)

    jobs = jobs_of([str(clips / "c0.mp4")], [], {}, {}, ("blend",))
    (entry,) = run_quickly(journal, jobs, tmp_path / "results", no_memory, attempts=3).values()
    assert tried == ["c0", "c0"] and entry.state == FAILED
    assert json.loads(json.dumps(entry.result))["sentence"] == "Memory ran out."
    journal.close()

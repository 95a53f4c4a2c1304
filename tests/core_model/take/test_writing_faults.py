"""Takes of before are there until the new ones are, whatever happens in between."""

import multiprocessing
import os
import random
import signal
import subprocess
import sys
import time

from core_model.errors import OutputError
from core_model.take import Take
from core_model.take.folder import read_summary
from tests.bake.batch import quick_programs
from tests.places import ROOT


def state_of(folder):
    """Return how many frames each take of a folder has; asserts that it is whole."""
    summary = read_summary(folder)
    assert summary
    takes = [Take.load(folder / person.file) for person in summary.people]
    assert [len(each) for each in takes] == [person.frames for person in summary.people]
    named = {person.file for person in summary.people}
    assert {path.name for path in folder.glob("*.npz")} == named
    return [len(each) for each in takes]


def _many(folder, frames, people, rounds):
    for _ in range(rounds):
        quick_programs.save(folder, frames, people)


def test_two_captures_into_one_folder_leave_the_one_or_the_other(tmp_path):
    context = multiprocessing.get_context("spawn")
    both = [context.Process(target=_many, args=(tmp_path, *what, 20)) for what in ((4, 1), (7, 3))]
    for each in both:
        each.start()
    for each in both:
        each.join()
        assert each.exitcode == 0
    assert state_of(tmp_path) in ([4], [7, 7, 7])
    assert not list(tmp_path.glob(".*"))


def test_a_writer_killed_at_any_moment_damages_nothing_and_what_it_left_is_taken_away(tmp_path):
    quick_programs.save(tmp_path, 4, 2)
    program = (
        "from tests.core_model.take.test_writing_faults import _many; import sys; "
        "print(flush=True); _many(sys.argv[1], 4, 2, 10_000)"
    )
    chance = random.Random(3)
    for _ in range(8):
        writer = subprocess.Popen(
            [sys.executable, "-c", program, str(tmp_path)],
            env=os.environ | {"PYTHONPATH": str(ROOT)},
            stdout=subprocess.PIPE,
        )
        assert writer.stdout
        writer.stdout.readline()
        time.sleep(chance.uniform(0, 0.1))
        writer.send_signal(signal.SIGKILL)
        writer.wait()
        writer.stdout.close()
        assert state_of(tmp_path) == [4, 4]
    quick_programs.save(tmp_path, 4, 2)
    assert not list(tmp_path.glob(".*"))


def test_a_disk_that_is_full_at_any_write_leaves_the_takes_of_before(small_disk):
    folder = small_disk(50) / "takes"
    quick_programs.save(folder, 4, 2)
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    refused = 0
    for pages in range(40):
        small_disk(pages)
        try:
            quick_programs.save(folder, 300, 3)
        except OutputError as error:
            assert "No space left" in str(error)
            refused += 1
            assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
        else:
            break
    assert refused > 3
    assert state_of(folder) == [300, 300, 300]

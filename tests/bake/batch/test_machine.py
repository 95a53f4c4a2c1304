"""As many clips are done at once as cores and memory allow, also that of the graphics card."""

import sys

import pytest

from bake.batch import machine

_MEGABYTE = 2**20


@pytest.fixture(autouse=True)
def large_machine(monkeypatch):
    monkeypatch.setattr(machine, "_usable_cores", lambda: 16)
    monkeypatch.setattr(machine, "free_memory", lambda: 64 * 2**30)


@pytest.fixture
def a_card(monkeypatch, tmp_path):
    """Return what puts a card with so many free MiB into the machine, as its own tool tells."""

    def put(told: str) -> None:
        tool = tmp_path / "tool.py"
        tool.write_text(f"print({told!r})", encoding="utf-8")
        monkeypatch.setattr(machine, "_CARD_MEMORY", (sys.executable, str(tool)))

    return put


def test_the_card_says_how_many_captures_fit_onto_it(a_card):
    a_card("6144")
    assert machine.free_card_memory() == 6144 * _MEGABYTE
    assert machine.workers_that_fit() == 3
    assert machine.workers_that_fit(on_card=False) == 16


def test_a_full_card_does_one_clip_after_the_other(a_card):
    a_card("500")
    assert machine.workers_that_fit() == 1


@pytest.mark.parametrize("told", ["[N/A]", "", "No devices were found"])
def test_a_card_of_which_nothing_is_known_limits_nothing(a_card, told):
    a_card(told)
    assert machine.workers_that_fit() == 16


def test_without_a_card_cores_and_memory_decide(monkeypatch):
    monkeypatch.setattr(machine, "_CARD_MEMORY", ("no-such-program",))
    assert machine.workers_that_fit() == 16


def test_memory_decides_where_there_is_less_of_it_than_of_cores(monkeypatch):
    monkeypatch.setattr(machine, "free_memory", lambda: 9 * 2**30)
    assert machine.workers_that_fit(on_card=False) == 4


@pytest.mark.parametrize(
    ("clips", "threads"), [(1, "16"), (3, "5"), (9, "2"), (16, "1"), (40, "1")]
)
def test_each_clip_works_on_its_share_of_the_cores(clips, threads):
    assert machine.environment_beside({"A": "b"}, clips) == {"A": "b", machine.THREADS: threads}


def test_the_number_of_threads_that_is_told_is_kept():
    assert machine.environment_beside({machine.THREADS: "7"}, 2) == {machine.THREADS: "7"}

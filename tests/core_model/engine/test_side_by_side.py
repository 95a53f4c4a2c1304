import threading
import time
from functools import partial

import pytest

from core_model.engine import side_by_side as room
from core_model.engine.side_by_side import Task, side_by_side

CORES = room.cores


@pytest.fixture(autouse=True)
def two_cores(monkeypatch):
    monkeypatch.setattr(room, "cores", lambda: 2)


def test_tasks_are_done_at_once_and_what_they_give_comes_in_their_order():
    both_there = threading.Barrier(2)

    def meet(tell):
        both_there.wait(60)  # one after the other, they would never meet
        return threading.current_thread().name

    names = side_by_side([Task(1, meet), Task(1, meet)])
    assert len(set(names)) == 2
    numbers = [Task(1, partial(_given, number)) for number in range(20)]
    assert side_by_side(numbers) == list(range(20))


def _given(number, tell):
    return number


def test_no_more_tasks_are_at_work_than_there_are_cores():
    at_work: list[None] = []
    most: list[int] = []

    def work(tell):
        at_work.append(None)
        most.append(len(at_work))
        time.sleep(0.005)
        at_work.pop()

    side_by_side([Task(1, work)] * 12)
    assert max(most) <= 2


@pytest.mark.parametrize("most", [1, 4])
def test_progress_is_that_of_all_by_their_size_and_told_where_it_is_waited_for(most):
    told, here = [], threading.current_thread()

    def work(tell):
        for step in range(5):
            tell(step / 4)

    def tell(share):
        assert threading.current_thread() is here
        told.append(share)

    side_by_side([Task(1, work), Task(3, work)], tell, most)
    assert told == sorted(told) and told[-1] == 1
    if most == 1:
        assert told[4] == 0.25


def test_what_goes_wrong_in_one_is_told_and_ends_the_others():
    ended = threading.Event()

    def wrong(tell):
        raise ValueError("a sentence")

    def endless(tell):
        try:
            while True:
                time.sleep(0.001)
                tell(0.5)
        finally:
            ended.set()

    with pytest.raises(ValueError, match="a sentence"):
        side_by_side([Task(1, endless), Task(1, wrong)])
    assert ended.is_set()


def test_who_waits_can_be_stopped():
    begun = threading.Event()

    def endless(tell):
        begun.set()
        while True:
            time.sleep(0.001)
            tell(0.5)

    def stop(share):
        if begun.is_set():
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        side_by_side([Task(1, endless), Task(1, endless)], stop)


def test_tasks_of_a_task_are_done_in_its_thread():
    def inner(tell):
        return threading.current_thread().name

    def outer(tell):
        return {threading.current_thread().name, *side_by_side([Task(1, inner)] * 3)}

    assert all(len(names) == 1 for names in side_by_side([Task(1, outer)] * 2))


@pytest.mark.parametrize(("told", "most"), [("1", 1), ("2", 2), ("900", 4), ("0", 1), ("2,1", 4)])
def test_a_capture_takes_no_more_of_the_processor_than_it_is_told(monkeypatch, told, most):
    monkeypatch.setattr(room.os, "sched_getaffinity", lambda process: set(range(32)), raising=False)
    monkeypatch.setenv("OMP_NUM_THREADS", told)
    assert CORES() == most

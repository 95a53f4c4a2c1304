"""A task ends, however it is ended, and the next one can begin."""

from collections.abc import Callable

import pytest

from core_model.errors import MocapError
from int_mocap_addon import tasks
from int_mocap_addon.tasks import Cancelled, Outcome, Progress, Steps


def _fails(error: BaseException) -> Steps:
    try:
        yield Progress("Working")
    finally:
        raise error


def _goes_on() -> Steps:
    try:
        yield Progress("Working")
    except Cancelled:
        yield Progress("Not so fast")
    return Outcome("INFO", ("Done.",))


@pytest.fixture(autouse=True)
def nothing_under_way():
    yield
    assert tasks.current() is None
    tasks.end_all()


@pytest.mark.parametrize(
    ("steps", "text"),
    [
        (lambda: _fails(MocapError("The disk is full.")), "The disk is full."),
        (lambda: _fails(ValueError("a mistake")), "Something went wrong; the console tells more."),
        (_goes_on, tasks.CANCELLED.text),
    ],
)
def test_a_task_that_fails_while_it_is_cancelled_has_ended(steps: Callable[[], Steps], text: str):
    task = tasks.start("Capture", steps())
    assert not task.poll()
    task.cancel()
    assert tasks.current() is None and task.poll()
    assert task.outcome and task.outcome.text == text
    assert tasks.start("Capture", _goes_on()) is tasks.current()
    tasks.end_all()


def test_a_mistake_of_ours_is_a_sentence_for_the_user_and_a_traceback_for_the_console(capsys):
    task = tasks.start("Bake", _fails(ValueError("a mistake")))
    assert not task.poll() and task.poll()
    assert task.outcome and task.outcome.level == "ERROR"
    assert "ValueError: a mistake" in capsys.readouterr().err


def test_ctrl_c_ends_the_task_and_goes_on_to_whoever_waits():
    task = tasks.start("Bake", _fails(KeyboardInterrupt()))
    task.poll()
    with pytest.raises(KeyboardInterrupt):
        task.poll()
    assert task.outcome is not None


def _made_of(steps: Steps) -> Steps:
    outcome = yield from tasks.told_otherwise(
        steps, lambda progress: Progress(f"Part: {progress.text}", 0.5)
    )
    return Outcome("INFO", ("Whole.", *outcome.sentences))


def test_a_task_that_is_part_of_another_tells_its_progress_and_is_cancelled_with_it():
    task = tasks.start("Capture", _made_of(_goes_on()))
    assert not task.poll() and task.progress == Progress("Part: Working", 0.5)
    assert task.poll() and task.outcome and task.outcome.text == "Whole. Done."
    task = tasks.start("Capture", _made_of(_fails(MocapError("The disk is full."))))
    task.poll()
    task.cancel()
    assert task.outcome and task.outcome.text == "The disk is full."


def test_what_was_said_is_forgotten():
    task = tasks.start("Bake", _goes_on())
    while not task.poll():
        pass
    assert tasks.last_outcome() is not None
    tasks.forget_outcome()
    assert tasks.last_outcome() is None


def test_how_a_task_ended_can_be_asked_for_by_its_title():
    def ends() -> Steps:
        yield Progress("Working")
        return Outcome("INFO", ("Done.",))

    task = tasks.start("Bake", ends())
    assert tasks.last_outcome() is None
    while not task.poll():
        pass
    assert tasks.last_outcome() == tasks.last_outcome("Bake") == task.outcome
    assert tasks.last_outcome("Check Engine") is None

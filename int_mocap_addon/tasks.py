"""Work that goes on while Blender is used: one task at a time, a small step at each tick.

A task is a generator that yields `Progress` and returns an `Outcome`. Whoever drives it, be it a
modal operator, a script or a test, calls `poll` until that says True. It is cancelled by an
exception where it stands, so what it holds is released in its own `finally`.
"""

import threading
import traceback
from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import Literal, TypeVar

from core_model.errors import MocapError

T = TypeVar("T")


@dataclass(frozen=True)
class Progress:
    """Where a task stands.

    Parameters
    ----------
    text : str
        What is going on, for the user.
    fraction : float or None
        0 to 1 of the whole task, None where unknown.
    can_cancel : bool
        False in the short moment in which the scene is changed.
    left : float or None
        Seconds until the task ends, None where unknown.
    """

    text: str
    fraction: float | None = None
    can_cancel: bool = True
    left: float | None = None


@dataclass(frozen=True)
class Outcome:
    """How a task ended.

    Parameters
    ----------
    level : str
        INFO, WARNING or ERROR, as operators report.
    sentences : tuple of str
    finished : bool
        False when nothing was done, so that there is nothing to undo.
    """

    level: Literal["INFO", "WARNING", "ERROR"]
    sentences: tuple[str, ...]
    finished: bool = True

    @property
    def text(self) -> str:
        """All sentences in one line."""
        return " ".join(self.sentences)


Steps = Generator[Progress, None, Outcome]
CANCELLED = Outcome("INFO", ("Cancelled; nothing was changed.",), finished=False)


class Cancelled(Exception):
    """Thrown into a task to cancel it; one that has done something by then may return it."""


class Task:
    """One piece of work that is under way.

    Parameters
    ----------
    title : str
    steps : generator
    """

    def __init__(self, title: str, steps: Steps) -> None:
        self.title = title
        self.progress = Progress("Starting")
        self.outcome: Outcome | None = None
        self._steps = steps

    def poll(self) -> bool:
        """Do the next step; return True once the task has ended, however it did."""
        if self.outcome is not None:
            return True
        try:
            self.progress = next(self._steps)
        except StopIteration as end:
            self._end(end.value)
        except Exception as error:
            self._fail(error)
        except BaseException as error:
            self._fail(error)
            raise
        return self.outcome is not None

    def cancel(self) -> None:
        """End the task now; what it left half made is taken away."""
        if self.outcome is not None:
            return
        try:
            self._steps.throw(Cancelled())
            self._steps.close()
            self._end(CANCELLED)
        except StopIteration as end:
            self._end(end.value)
        except Cancelled:
            self._end(CANCELLED)
        except Exception as error:
            self._fail(error)
        except BaseException as error:
            self._fail(error)
            raise

    def _fail(self, error: BaseException) -> None:
        """End with what the user should know; a mistake of ours is told to the console only."""
        if isinstance(error, MocapError):
            sentence = str(error)
        else:
            sentence = "Something went wrong; the console tells more."
            traceback.print_exception(error)
        self._end(Outcome("ERROR", (sentence,), finished=False))

    def _end(self, outcome: Outcome) -> None:
        global _current, _last
        self.outcome, _last = outcome, self
        if _current is self:
            _current = None


_current: Task | None = None
_last: Task | None = None


def start(title: str, steps: Steps) -> Task:
    """Make a task the current one.

    Raises
    ------
    MocapError
        When another is under way.
    """
    global _current, _last
    if _current is not None:
        raise MocapError(f"{_current.title} is still going on: wait for it or cancel it.")
    _current, _last = Task(title, steps), None
    return _current


def current() -> Task | None:
    """Return the task under way."""
    return _current


def last_outcome(title: str = "") -> Outcome | None:
    """Return how the last task ended, None while one is under way.

    Parameters
    ----------
    title : str
        Only of a task with this title; empty for any.
    """
    return _last.outcome if _last and title in ("", _last.title) else None


def forget_outcome() -> None:
    """Forget how the last task ended: what it was about is not before the user any more."""
    global _last
    _last = None


def end_all() -> None:
    """Cancel what is under way and forget what was."""
    if _current is not None:
        _current.cancel()
    forget_outcome()


def told_otherwise(steps: Steps, told: Callable[[Progress], Progress]) -> Steps:
    """Go through the steps of a task that is part of another, which tells its progress its way."""
    try:
        progress = next(steps)
        while True:
            try:
                yield told(progress)
            except GeneratorExit:
                steps.close()
                raise
            except BaseException as thrown:
                progress = steps.throw(thrown)
            else:
                progress = next(steps)
    except StopIteration as end:
        outcome: Outcome = end.value
        return outcome


def in_thread(progress: Progress, function: Callable[[], T]) -> Generator[Progress, None, T]:
    """Run a function that does not touch Blender beside it, and return what it returns."""
    returned: list[T] = []
    raised: list[Exception] = []

    def work() -> None:
        try:
            returned.append(function())
        except Exception as error:  # raised again where it is waited for
            raised.append(error)

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    while thread.is_alive():
        yield progress
    if raised:
        raise raised[0]
    return returned[0]

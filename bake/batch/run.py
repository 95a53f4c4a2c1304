"""A batch: every clip that can be done is done, every other one is explained, nothing is lost."""

import queue
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from bake.batch.jobs import ClipJob
from bake.batch.journal import DONE, FAILED, WAITING, Entry, Journal
from bake.batch.one_clip import DoClip, Outcome, Tools, do_clip
from core_model.engine.protocol import Step
from core_model.errors import MocapError

_BACK_OFF = 5.0
"""Seconds until a clip is tried again; twice as many after each time."""


@dataclass(frozen=True)
class BatchOptions:
    """How a batch is run.

    Parameters
    ----------
    workers : int
        Clips at once.
    attempts : int
        For a clip whose failure may pass.
    seconds : float
        The longest that one attempt may take.
    force : bool
        Do again what is done.
    retry_failed : bool
        Try again what failed in an earlier run; without it that is told again.
    """

    workers: int = 1
    attempts: int = 3
    seconds: float = 6 * 3600.0
    force: bool = False
    retry_failed: bool = False


@dataclass(frozen=True)
class Event:
    """Something that happened to a clip.

    Parameters
    ----------
    name : str
    what : str
        "begun", "step", "again", "done", "failed", "known" (it was done or failed before), or
        "elsewhere" (another run has it).
    step : Step or None
    outcome : Outcome or None
    """

    name: str
    what: str
    step: Step | None = None
    outcome: Outcome | None = None


@dataclass(frozen=True)
class _Work:
    key: str
    job: ClipJob
    name: str


def plan(
    journal: Journal, jobs: Sequence[ClipJob], folder: Path, options: BatchOptions
) -> tuple[list[tuple[ClipJob, Entry]], list[tuple[ClipJob, Entry]]]:
    """Enter all clips; return those that are to be done, and those of which the end is known.

    A clip that cannot be read is a failure like any other, one of which a result was taken away is
    to be done again.
    """
    todo: list[tuple[ClipJob, Entry]] = []
    known: list[tuple[ClipJob, Entry]] = []
    met: set[str] = set()
    for job in jobs:
        try:
            key = journal.key_of(job)
        except MocapError as error:
            key = f"unreadable {job.clip}"
            entry = journal.admit(key, job)
            journal.end(key, FAILED, Outcome(sentence=str(error), kind="clip").record())
            known.append((job, journal.entry(entry.key)))
            continue
        if key in met:
            continue
        met.add(key)
        entry = journal.admit(key, job)
        settled = (entry.state == DONE and not options.force and _is_there(entry, folder)) or (
            entry.state == FAILED and not (options.force or options.retry_failed)
        )
        if settled:
            known.append((job, entry))
            continue
        if entry.state in (DONE, FAILED):
            journal.forget(key)
        todo.append((job, journal.entry(key)))
    return todo, known


def _is_there(entry: Entry, folder: Path) -> bool:
    """Return whether all that was made of a clip is still in the folder."""
    return all((folder / name).exists() for name in entry.result.get("files", []))


def run_batch(
    journal: Journal,
    todo: Sequence[tuple[ClipJob, Entry]],
    folder: Path,
    tools: Tools,
    options: BatchOptions,
    tell: Callable[[Event], None],
    stopped: threading.Event,
    do: DoClip = do_clip,
) -> None:
    """Do clips until there are none left; returns early when `stopped` is set.

    Parameters
    ----------
    journal : Journal
    todo : sequence
        From `plan`.
    folder : Path
        For what is made.
    tools : Tools
    options : BatchOptions
    tell : callable
        Is told what happens, in this thread.
    stopped : threading.Event
    do : callable
        What does a clip.
    """
    waiting: queue.Queue[_Work] = queue.Queue()
    for job, entry in todo:
        waiting.put(_Work(entry.key, job, entry.name))
    events: queue.Queue[Event | BaseException] = queue.Queue()
    at_work: set[str] = set()

    def work() -> None:
        try:
            while not stopped.is_set():
                try:
                    each = waiting.get_nowait()
                except queue.Empty:
                    return
                at_work.add(each.key)
                # The last clips have the cores of those after which no others come.
                beside = tools.beside(min(options.workers, len(at_work) + waiting.qsize()))
                _until_settled(journal, each, folder, beside, options, events.put, stopped, do)
                at_work.discard(each.key)
        except KeyboardInterrupt:
            return
        except BaseException as error:  # told in the thread that waits
            stopped.set()
            events.put(error)

    threads = [threading.Thread(target=work) for _ in range(min(options.workers, len(todo)))]
    for thread in threads:
        thread.start()
    try:
        while any(thread.is_alive() for thread in threads) or not events.empty():
            try:
                event = events.get(timeout=0.2)
            except queue.Empty:
                continue
            if isinstance(event, BaseException):
                raise event
            tell(event)
    finally:
        stopped.set()
        for thread in threads:
            thread.join()


def _until_settled(
    journal: Journal,
    work: _Work,
    folder: Path,
    tools: Tools,
    options: BatchOptions,
    tell: Callable[[Event], None],
    stopped: threading.Event,
    do: DoClip,
) -> None:
    """Try a clip until it is done or will not be."""
    for attempt in range(1, options.attempts + 1):
        if not journal.claim(work.key):
            tell(Event(work.name, "elsewhere"))
            return
        tell(Event(work.name, "begun"))
        try:
            outcome = do(
                work.job,
                work.name,
                folder,
                tools,
                options.seconds,
                stopped,
                lambda step: tell(Event(work.name, "step", step)),
            )
        except BaseException:
            journal.end(work.key, WAITING, {})
            raise
        if not outcome.sentence and _has_changed(journal, work):
            outcome.sentence, outcome.kind = (
                "The clip was changed while it was worked on: the same command does it anew, as it "
                "is now.",
                "changed",
            )
        if not outcome.may_pass or attempt == options.attempts:
            journal.end(work.key, FAILED if outcome.sentence else DONE, outcome.record())
            tell(Event(work.name, "failed" if outcome.sentence else "done", outcome=outcome))
            return
        journal.end(work.key, WAITING, outcome.record())
        tell(Event(work.name, "again", outcome=outcome))
        if stopped.wait(_BACK_OFF * 2 ** (attempt - 1)):
            return


def _has_changed(journal: Journal, work: _Work) -> bool:
    """Return whether a clip is another than when its key was made, or gone."""
    try:
        return journal.key_of(work.job) != work.key
    except MocapError:
        return True

"""Writing a folder of takes: one file per person and a summary, replaced all at once."""

import json
import os
import re
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from itertools import count, islice
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from core_model import __version__
from core_model.engine.signals import held_back
from core_model.errors import OutputError, TakeError
from core_model.storage.atomic import folder_made, put_in_place, replaced_when_complete
from core_model.storage.locks import alone_in, is_abandoned
from core_model.take.folder import SUMMARY_FORMAT, SUMMARY_NAME, read_summary

_SCRATCH = ".capture-"


class TakeToWrite(Protocol):
    """A Take, or one that is never whole in memory."""

    @property
    def times(self) -> np.ndarray:
        """Seconds, (T,)."""

    @property
    def frame_valid(self) -> np.ndarray:
        """Whether the person was seen, (T,) bool; known once it is written."""

    @property
    def mean_confidence(self) -> float:
        """How sure it is on average, 0 to 1; known once it is written."""

    def __len__(self) -> int: ...

    def save(self, path: str | Path) -> None:
        """Write it; an `OutputError` if that cannot be done."""


@contextmanager
def scratch_folder(folder: Path) -> Iterator[Path]:
    """Give a scratch folder inside `folder`, which is made first and taken away if left empty.

    Raises
    ------
    OutputError
        When nothing can be written there, or a `capture.json` there is no capture's of ours.
    """
    _named_by_summary(folder)
    with folder_made(folder), ExitStack() as held:
        try:
            with alone_in(folder):
                _take_away_abandoned(folder)
                scratch = Path(tempfile.mkdtemp(prefix=_SCRATCH, dir=folder))
                held.enter_context(alone_in(scratch))
        except OSError as error:
            raise OutputError(f"Cannot write to the folder {folder}: {error.strerror}.") from error
        try:
            yield scratch
        finally:
            shutil.rmtree(scratch, ignore_errors=True)


def _take_away_abandoned(folder: Path) -> None:
    """Take away what processes left that were killed: nobody is alone in it any more."""
    for path in folder.glob(f"{_SCRATCH}*"):
        if is_abandoned(path):
            shutil.rmtree(path, ignore_errors=True)


def save_takes(
    folder: Path,
    scratch: Path,
    takes: Sequence[TakeToWrite],
    about: Mapping[str, Any],
    warnings: Sequence[str],
    others: Sequence[str] = (),
) -> None:
    """Write takes and summary to `scratch`, then put them in the place of those of before.

    Only files that the summary there names are replaced or taken away. Where another file has the
    name of a take, the take gets the next free number, and a warning.

    Parameters
    ----------
    folder, scratch : Path
        The folder of the takes, and a folder inside it.
    takes : sequence of Take, or of what is written like one
    about : mapping
        What else the summary says.
    warnings : sequence of str
        Sentences for the user.
    others : sequence of str
        Names of files that belong to the takes; those that are in `scratch` are put in place, those
        that are not are taken away.

    Raises
    ------
    OutputError
        When a file cannot be written; what was there before is still there then.
    """
    with alone_in(folder):
        ours = _named_by_summary(folder)
        names = _free_names(folder, ours, len(takes))
        strangers = sorted({_name(number) for number in range(1, len(takes) + 1)} - set(names))
        if strangers:
            warnings = [
                *warnings,
                f"{', '.join(strangers)} in {folder} is of no capture that is known there and was "
                f"left as it is; the new takes are {', '.join(names)}.",
            ]
        named = dict(zip(names, takes, strict=True))
        for name, take in named.items():
            take.save(scratch / name)
        _write_summary(scratch / SUMMARY_NAME, named, about, warnings)
        added = [name for name in others if (scratch / name).exists()]
        stale = (ours.union(others) if ours else ours) - {*names, *added}
        _put_in_place(folder, scratch, [*names, *added, SUMMARY_NAME], stale)


def _put_in_place(folder: Path, scratch: Path, names: Sequence[str], stale: set[str]) -> None:
    try:
        with held_back():
            for name in names:
                put_in_place(scratch / name, folder / name)
            for name in stale:
                (folder / name).unlink(missing_ok=True)
    except OSError as error:
        raise OutputError(f"Cannot write {error.filename}: {error.strerror}.") from error


def _name(number: int) -> str:
    return f"person_{number:02d}.npz"


def _free_names(folder: Path, ours: set[str], wanted: int) -> list[str]:
    """Return names that no file has, or one of the earlier capture's."""
    names = (_name(number) for number in count(1))
    free = (name for name in names if name in ours or not os.path.lexists(folder / name))
    return list(islice(free, wanted))


def _named_by_summary(folder: Path) -> set[str]:
    """Return the names of the takes that an earlier capture left.

    Raises
    ------
    OutputError
        When there is a summary that none of ours wrote.
    """
    try:
        summary = read_summary(folder)
    except TakeError as error:
        if isinstance(error.__cause__, OSError):
            raise OutputError(str(error)) from error
        raise OutputError(
            f"{folder / SUMMARY_NAME} is damaged or another program's, so that nobody knows what "
            "may be replaced: choose another folder, or take that file away."
        ) from error
    named = {person.file for person in summary.people} if summary else set()
    return {name for name in named if re.fullmatch(r"person_[0-9]+\.npz", name)}


def _write_summary(
    path: Path,
    takes: Mapping[str, TakeToWrite],
    about: Mapping[str, Any],
    warnings: Sequence[str],
) -> None:
    summary = {
        "format": SUMMARY_FORMAT,
        "version": __version__,
        **about,
        "warnings": list(warnings),
        "people": [
            {
                "file": name,
                "start": float(take.times[0]),
                "end": float(take.times[-1]),
                "frames": len(take),
                "seen": int(take.frame_valid.sum()),
                "confidence": round(take.mean_confidence, 3),
            }
            for name, take in takes.items()
        ],
    }
    with replaced_when_complete(path) as temporary:
        temporary.write_text(json.dumps(summary, indent=2) + "\n", encoding="utf-8")

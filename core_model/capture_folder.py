"""The folder that a capture leaves: one take per person and a summary, replaced all at once."""

import json
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count, islice
from pathlib import Path

from core_model import __version__
from core_model.engine.signals import held_back
from core_model.errors import OutputError, TakeError
from core_model.storage.atomic import folder_made, replaced_when_complete
from core_model.take import Take
from core_model.take.folder import SUMMARY_FORMAT, SUMMARY_NAME, read_summary
from core_model.video.blender_copy import NAME as COPY_NAME
from core_model.video.clip import Video


@contextmanager
def scratch_folder(folder: Path) -> Iterator[Path]:
    """Give a scratch folder inside `folder`, which is made first and taken away if left empty.

    Raises
    ------
    OutputError
        When nothing can be written there, or a `capture.json` there is no capture's of ours.
    """
    _named_by_summary(folder)
    with folder_made(folder):
        try:
            scratch = Path(tempfile.mkdtemp(prefix=".capture-", dir=folder))
        except OSError as error:
            raise OutputError(f"Cannot write to the folder {folder}: {error.strerror}.") from error
        try:
            yield scratch
        finally:
            shutil.rmtree(scratch, ignore_errors=True)


def save_capture(
    folder: Path,
    scratch: Path,
    takes: list[Take],
    video: Video,
    warnings: list[str],
    seconds: dict[str, float],
) -> None:
    """Write takes and summary to `scratch`, then put them in the place of an earlier capture's.

    Only files that the earlier capture names are replaced or taken away, and the copy of a clip
    that was made for Blender. Where another file has the
    name of a take, the take gets the next free number, and a warning.

    Parameters
    ----------
    folder, scratch : Path
        The capture folder, and a folder inside it.
    takes : list of Take
    video : Video
    warnings : list of str
        Sentences for the user.
    seconds : dict
        Time spent by stage.

    Raises
    ------
    OutputError
        When a file cannot be written; what was there before is still there then.
    """
    ours = _named_by_summary(folder)
    names = _free_names(folder, ours, len(takes))
    strangers = sorted({_name(number) for number in range(1, len(takes) + 1)} - set(names))
    if strangers:
        warnings = [
            *warnings,
            f"{', '.join(strangers)} in {folder} is of no capture that is known there and was left "
            f"as it is; the new takes are {', '.join(names)}.",
        ]
    for name, take in zip(names, takes, strict=True):
        take.save(scratch / name)
    _write_summary(
        scratch / SUMMARY_NAME, dict(zip(names, takes, strict=True)), video, warnings, seconds
    )
    try:
        with held_back():
            copied = [COPY_NAME] if (scratch / COPY_NAME).exists() else []
            for name in (*names, *copied, SUMMARY_NAME):
                (scratch / name).replace(folder / name)
            stale = ours | {COPY_NAME} if ours else ours
            for name in stale - {*names, *copied}:
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
    takes: dict[str, Take],
    video: Video,
    warnings: list[str],
    seconds: dict[str, float],
) -> None:
    summary = {
        "format": SUMMARY_FORMAT,
        "version": __version__,
        "video": str(video.path),
        "size": [video.width, video.height],
        "frame_rate": video.frame_rate,
        "sound_start": round(video.sound_start or 0.0, 6),
        "warnings": warnings,
        "people": [
            {
                "file": name,
                "start": float(take.times[0]),
                "end": float(take.times[-1]),
                "frames": len(take),
                "seen": int(take.frame_valid.sum()),
                "confidence": round(float(take.confidence[take.frame_valid].mean()), 3),
            }
            for name, take in takes.items()
        ],
        "stages": {stage: round(value, 3) for stage, value in seconds.items()},
    }
    with replaced_when_complete(path) as temporary:
        temporary.write_text(json.dumps(summary, indent=2) + "\n", encoding="utf-8")

"""Folders with takes: which of their files hold motion, and what `capture.json` says of them."""

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Any

from core_model.errors import TakeError
from core_model.storage.npz import NpzError, names_in_npz
from core_model.take.stored_fields import is_file_name

SUMMARY_NAME = "capture.json"
SUMMARY_FORMAT = "int-mocap-capture-1"

_MOST_BYTES = 2**20  # some thousand people


@dataclass(frozen=True)
class PersonSummary:
    """What a capture says of one of its takes.

    Parameters
    ----------
    file : str
        Name of the take in the folder of the capture.
    start, end : float
        Seconds in the clip at the first and the last frame.
    frames, seen : int
        Length of the take, and in how many frames the person was seen.
    confidence : float
        0 to 1, mean over joints and frames in which the person was seen.
    """

    file: str
    start: float = 0.0
    end: float = 0.0
    frames: int = 0
    seen: int = 0
    confidence: float = 0.0


@dataclass(frozen=True)
class ViewSummary:
    """What a capture says of a further clip of the same performance.

    Parameters
    ----------
    video : str
        Path of the clip.
    offset : float
        Second of the first clip at which it begins.
    told_by : str
        What told that: "you", "sound" or "motion".
    sure : float
        0 to 1: 0 where another offset explains as much.
    missed : float
        Metres by which the two clips' own motions differ in the middle.
    """

    video: str = ""
    offset: float = 0.0
    told_by: str = ""
    sure: float = 0.0
    missed: float = 0.0


@dataclass(frozen=True)
class CaptureSummary:
    """What a capture says of itself in its `capture.json`.

    Parameters
    ----------
    people : tuple of PersonSummary
    warnings : tuple of str
        Sentences for the user.
    video : str
        Path of the clip; empty where unknown.
    version : str
        Of the program that captured.
    sound_start : float
        Seconds in the clip at which its sound begins; below 0 before the first picture.
    stages : dict
        Seconds spent by stage.
    views : tuple of ViewSummary
        Of further clips of the same performance.
    notes : tuple of str
        Sentences for the user about what nothing is wrong with.
    """

    people: tuple[PersonSummary, ...] = ()
    warnings: tuple[str, ...] = ()
    video: str = ""
    version: str = ""
    sound_start: float = 0.0
    stages: dict[str, float] = field(default_factory=dict)
    views: tuple[ViewSummary, ...] = ()
    notes: tuple[str, ...] = ()


def find_take_files(given: Sequence[Path]) -> tuple[list[Path], list[str]]:
    """Return the takes among files and in folders; see `with_motion`.

    Parameters
    ----------
    given : sequence of Path
        Files, and folders with files directly in them.

    Returns
    -------
    files : list of Path
    warnings : list of str
        A sentence for every file that was left out.

    Raises
    ------
    TakeError
        When no take is among them.
    """
    found = [file for path in given for file in (_npz_files(path) if path.is_dir() else [path])]
    files, warnings = with_motion(found)
    if not found:
        raise TakeError(f"The folder {given[0]} holds no takes (person_01.npz and so on).")
    if not files:
        raise TakeError(
            f"{found[0]} is not a take: it has no 'poses' (AMASS keeps the shape of a subject in "
            "such files, and the motion in others)."
        )
    return files, warnings


def with_motion(paths: Sequence[Path]) -> tuple[list[Path], list[str]]:
    """Leave out files without motion: AMASS keeps some with the shape of a subject.

    Damaged files are not left out: reading them tells what is wrong.

    Returns
    -------
    files : list of Path
    warnings : list of str
        A sentence for every file that was left out.
    """
    files = [path for path in paths if _may_hold_motion(path)]
    left_out = [path for path in paths if path not in files]
    return files, [f"{path} holds no motion and was left out." for path in left_out]


def read_summary(folder: Path) -> CaptureSummary | None:
    """Read the `capture.json` of a folder, None if there is none.

    Raises
    ------
    TakeError
        When it is damaged, too large, or no capture's; every file that it names lies in the folder.
    """
    path = folder / SUMMARY_NAME
    try:
        if not path.is_file():
            return None
        with open(path, "rb") as file:
            data = file.read(_MOST_BYTES + 1)
    except OSError as error:
        raise TakeError(f"{path} cannot be read: {error.strerror}.") from error
    if len(data) > _MOST_BYTES:
        raise TakeError(f"{path} is larger than the summary of any capture.")
    try:
        return _summary(json.loads(data.decode("utf-8-sig")))
    except (ValueError, RecursionError, OverflowError) as error:
        raise TakeError(f"{path} is damaged, or not the summary of a capture.") from error


def sound_start_of(take: Path) -> float:
    """Return when the sound of a take's clip begins, seconds in the clip; 0 where unknown."""
    try:
        summary = read_summary(take.parent)
    except TakeError:  # the take itself is none the worse
        return 0.0
    known = summary and take.name in {person.file for person in summary.people}
    return summary.sound_start if summary and known else 0.0


def _npz_files(folder: Path) -> list[Path]:
    try:
        found = sorted(folder.iterdir())
    except OSError as error:
        raise TakeError(f"The folder {folder} cannot be read: {error.strerror}.") from error
    # Names that begin with a dot: half-written takes, and what macOS leaves on foreign disks.
    return [
        path
        for path in found
        if path.suffix.lower() == ".npz" and not path.name.startswith(".") and not path.is_dir()
    ]


def _may_hold_motion(path: Path) -> bool:
    try:
        return "poses" in names_in_npz(path)
    except (NpzError, OSError, ValueError):
        return True


def _summary(content: Any) -> CaptureSummary:
    if _value(content, "format", "") != SUMMARY_FORMAT:
        raise ValueError
    stages = _value(content, "stages", {})
    warnings = _value(content, "warnings", [])
    return CaptureSummary(
        people=tuple(_person(each) for each in _value(content, "people", [])),
        warnings=tuple(_checked(each, "") for each in warnings),
        video=_value(content, "video", ""),
        version=_value(content, "version", ""),
        sound_start=_value(content, "sound_start", 0.0),
        stages={name: _checked(seconds, 0.0) for name, seconds in stages.items()},
        notes=tuple(_checked(each, "") for each in _value(content, "notes", [])),
        views=tuple(_view(each) for each in _value(content, "views", [])),
    )


def _view(content: Any) -> ViewSummary:
    return ViewSummary(
        video=_value(content, "video", ""),
        offset=_value(content, "offset", 0.0),
        told_by=_value(content, "told_by", ""),
        sure=_value(content, "sure", 0.0),
        missed=_value(content, "missed", 0.0),
    )


def _person(content: Any) -> PersonSummary:
    name = _value(content, "file", "")
    if not _stays_in_folder(name):
        raise ValueError
    return PersonSummary(
        file=name,
        start=_value(content, "start", 0.0),
        end=_value(content, "end", 0.0),
        frames=_value(content, "frames", 0),
        seen=_value(content, "seen", 0),
        confidence=_value(content, "confidence", 0.0),
    )


def _value(content: Any, name: str, missing: Any) -> Any:
    """Return what an object of JSON holds by a name; a ValueError if it is of another kind."""
    return _checked(_checked(content, {}).get(name, missing), missing)


def _checked(value: Any, example: Any) -> Any:
    """Return a value that is of the kind of an example; whole numbers are numbers, too."""
    if isinstance(example, float) and type(value) is int:
        value = float(value)
    if type(value) is not type(example):
        raise ValueError
    if (isinstance(value, float) and not math.isfinite(value)) or (
        isinstance(value, str) and not is_file_name(value)
    ):
        raise ValueError
    return value


def _stays_in_folder(name: str) -> bool:
    """Tell whether a name is one of a take beside the summary, on any system."""
    alone = PurePosixPath(name).name == name == PureWindowsPath(name).name
    return alone and name.lower().endswith(".npz") and ":" not in name

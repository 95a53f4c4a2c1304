"""What is to be done with each clip of a batch: files, folders, patterns or a list with options."""

import csv
import glob
import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from bake.export.presets import ENDINGS
from core_model.engine.failures import quoted
from core_model.errors import MocapError

VIDEO_ENDINGS = frozenset(
    f".{name}"
    for name in (
        "3gp asf avi flv gif m2ts m4v mkv mov mp4 mpeg mpg mts mxf ogv ts webm wmv".split()
    )
)
"""Of files that are taken from folders; a file that is named may have any ending."""

CLIP_COLUMN = "clip"

CAPTURE_OPTIONS: Mapping[str, type] = {
    "people": str,
    "start": float,
    "end": float,
    "fps": float,
    "quality": str,
    "focal": float,
    "height": float,
    "refine": bool,
    "hands": bool,
    "device": str,
    "weights": Path,
    "window": int,
    "half": bool,
    "body": Path,
}
"""Options of a clip that the capture takes, by their names in `core_model.options`."""

BAKE_OPTIONS: Mapping[str, type] = {
    "smooth": str,
    "root": str,
    "feet": str,
    "root_bone": str,
    "in": float,
    "out": float,
    "keys": str,
    "angle_tolerance": float,
    "distance_tolerance": float,
    "rotation": str,
    "retarget": Path,
    "rig": str,
    "map": str,
    "root_motion": str,
    "start": str,
    "limbs": str,
    "into": str,
    "preset": str,
}
"""Options of a clip that `python -m bake` takes, without their hyphens."""


@dataclass(frozen=True)
class ClipJob:
    """A clip and what is to be made of it.

    Parameters
    ----------
    clip : Path
        Absolute.
    name : str
        Of what is made: unlike that of any other clip of the batch.
    capture, bake : mapping
        Options by name, plain values.
    formats : tuple of str
        Endings of the files that are wanted, such as "blend".
    """

    clip: Path
    name: str
    capture: Mapping[str, Any]
    bake: Mapping[str, Any]
    formats: tuple[str, ...] = ("blend",)

    def options_hash(self) -> str:
        """Return what changes when other options would give another result."""
        told = {"capture": dict(self.capture), "bake": dict(self.bake), "formats": self.formats}
        return hashlib.sha256(json.dumps(told, sort_keys=True, default=str).encode()).hexdigest()


def jobs_of(
    inputs: Sequence[str],
    lists: Sequence[Path],
    capture: Mapping[str, Any],
    bake: Mapping[str, Any],
    formats: Sequence[str],
) -> list[ClipJob]:
    """Return a job for each clip.

    Parameters
    ----------
    inputs : sequence of str
        Files, folders (with all below them) and patterns with `*`.
    lists : sequence of Path
        CSV or JSON files that name clips with options of their own; see `read_list`.
    capture, bake : mapping
        Options of every clip that its list does not say otherwise.
    formats : sequence of str

    Raises
    ------
    MocapError
        When an input is not there or a list is wrong.
    """
    shared = ClipJob(Path(), "", dict(capture), dict(bake), tuple(formats))
    jobs = [replace(shared, clip=clip) for text in inputs for clip in _clips(text)]
    for path in lists:
        jobs += [_listed(shared, row, path, number) for number, row in read_list(path)]
    return _named(_once_each(jobs))


def read_list(path: Path) -> list[tuple[int, dict[str, Any]]]:
    """Read a list of clips: each row with its number.

    A CSV file has a line of names first, one of them "clip"; what is left empty is not given. A
    JSON file holds a list of objects with the same names.

    Raises
    ------
    MocapError
        When it cannot be read.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise MocapError(f"The list {path} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise MocapError(f"The list {path} is no text in UTF-8.") from error
    if path.suffix.lower() == ".json":
        return _rows_of_json(text, path)
    try:
        return _rows_of_csv(text, path)
    except csv.Error as error:
        raise MocapError(f"The list {path} is no table: {error}.") from error


def _rows_of_csv(text: str, path: Path) -> list[tuple[int, dict[str, Any]]]:
    reader = csv.DictReader(text.splitlines())
    if CLIP_COLUMN not in (reader.fieldnames or ()):
        raise MocapError(f"The list {path} has no column '{CLIP_COLUMN}' in its first line.")
    rows = []
    for row in reader:
        if row.pop(None, None):
            raise MocapError(f"Line {reader.line_num} of {path} has more values than columns.")
        given = {name.strip(): value.strip() for name, value in row.items() if value}
        rows.append((reader.line_num, {name: value for name, value in given.items() if value}))
    return rows


def _rows_of_json(text: str, path: Path) -> list[tuple[int, dict[str, Any]]]:
    try:
        content = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise MocapError(f"The list {path} is no JSON.") from error
    if not isinstance(content, list) or not all(isinstance(row, dict) for row in content):
        raise MocapError(f"The list {path} must hold a list of objects, one for each clip.")
    return list(enumerate(content, start=1))


def _listed(shared: ClipJob, row: Mapping[str, Any], path: Path, number: int) -> ClipJob:
    where = f"row {number} of {path}"
    given = dict(row)
    named = given.pop(CLIP_COLUMN, None)
    if not isinstance(named, str) or not named:
        raise MocapError(f"There is no clip in {where}.")
    clip = path.parent / Path(named)
    if not _exists(clip):
        raise MocapError(f"The clip {quoted(named)} in {where} is not there.")
    formats = given.pop("formats", None)
    capture, bake = dict(shared.capture), dict(shared.bake)
    for name, value in given.items():
        for options, kinds in ((capture, CAPTURE_OPTIONS), (bake, BAKE_OPTIONS)):
            if name in kinds:
                options[name] = read_value(name, value, kinds[name], where, path.parent)
                break
        else:
            known = ", ".join((CLIP_COLUMN, *CAPTURE_OPTIONS, *BAKE_OPTIONS, "formats"))
            raise MocapError(f"'{quoted(name)}' in {where} is no option; there are {known}.")
    return ClipJob(
        clip.absolute(),
        "",
        capture,
        bake,
        formats_of(str(formats), where) if formats else shared.formats,
    )


def formats_of(text: str, where: str = "--formats") -> tuple[str, ...]:
    """Read endings of files that are wanted, with commas or spaces between them.

    Raises
    ------
    MocapError
        When nobody can write one.
    """
    formats = tuple(each.lstrip(".").lower() for each in re.split(r"[\s,;]+", text.strip()))
    for each in formats:
        if f".{each}" not in ENDINGS:
            known = ", ".join(ending.lstrip(".") for ending in ENDINGS)
            raise MocapError(f"{quoted(each)} in {where} is no format; there are {known}.")
    return formats


def read_value(name: str, value: Any, kind: type, where: str, folder: Path) -> Any:
    """Read a value of a list as the kind that it has to be; plain values for JSON."""
    try:
        if kind is bool:
            if isinstance(value, bool):
                return value
            return {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False}[
                str(value).lower()
            ]
        if kind is Path:
            path = (folder / str(value)).absolute()
            if not _exists(path):
                raise MocapError(f"{quoted(str(path))}, {name} in {where}, is not there.")
            return str(path)
        if name == "people":
            return int(value) if str(value).isdecimal() else str(value)
        return kind(value)
    except (KeyError, TypeError, ValueError, OverflowError) as error:
        wanted = {bool: "yes or no", int: "a whole number", float: "a number"}.get(kind, "text")
        given = quoted(repr(value))
        raise MocapError(f"'{name}' in {where} is {given}; it must be {wanted}.") from error


def _clips(text: str) -> Iterable[Path]:
    path = Path(text)
    if path.is_dir():
        found = sorted(
            each
            for each in path.rglob("*")
            if each.suffix.lower() in VIDEO_ENDINGS
            and each.is_file()
            and not any(part.startswith(".") for part in each.relative_to(path).parts)
        )
    elif _exists(path):
        found = [path]
    elif glob.has_magic(text):
        found = sorted(Path(each) for each in glob.glob(str(path), recursive=True))
        found = [each for each in found if each.is_file()]
    else:
        raise MocapError(f"{path} is not there.")
    return [each.absolute() for each in found]


def _exists(path: Path) -> bool:
    """Return whether something is there; a name that no file can have is not."""
    try:
        return path.exists()
    except (OSError, ValueError):
        return False


def _once_each(jobs: Sequence[ClipJob]) -> list[ClipJob]:
    """Keep one job of those with the same clip and the same options."""
    kept: dict[tuple[Path, str], ClipJob] = {}
    for job in jobs:
        kept[job.clip.resolve(), job.options_hash()] = job
    return list(kept.values())


def _named(jobs: Sequence[ClipJob]) -> list[ClipJob]:
    """Give each job a name: that of its clip, with its folder's before it where two are alike."""
    taken: set[str] = set()
    named = []
    for job in jobs:
        clip = job.clip
        wanted = (clip.stem, f"{clip.parent.name}_{clip.stem}", f"{clip.parent.name}_{clip.name}")
        names = (*wanted, *(f"{clip.stem}_{number}" for number in range(2, len(jobs) + 2)))
        name = next(each for each in map(_plain, names) if each.lower() not in taken)
        taken.add(name.lower())
        named.append(replace(job, name=name))
    return named


def _plain(name: str) -> str:
    """Return a name that every system takes for a file."""
    plain = re.sub(r'[<>:"/\\|?*\x00-\x1f\udc80-\udcff]+', "_", name).strip(". ")
    return plain[:100] or "clip"

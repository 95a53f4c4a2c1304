"""Results of other systems, and takes, read as Takes."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from core_model.errors import TakeError
from core_model.results.content import NpzTable, open_content, sentences_about
from core_model.results.floor import lowest_soles
from core_model.results.parameters import RATE
from core_model.results.placing import takes_of
from core_model.results.record import Z_UP, Result
from core_model.results.sources import Source, find_sources
from core_model.results.systems import SYSTEMS, tram
from core_model.take import Take
from core_model.take.upright import upright

USUAL_RATE = 30.0
_POSSIBLE_RATES = (1.0, 1000.0)


@dataclass(frozen=True)
class ReadOptions:
    """What a file may leave open.

    Parameters
    ----------
    frame_rate : float or None
        Pictures per second of the clip behind files that do not say it.
    up : str
        One of `core_model.take.upright.UP_AXES`: the axis that is up in files of AMASS and others
        where either may be.
    clips_from : tuple of str
        Other computers that may be asked for the clips that takes name.
    rate_hint, up_hint : str
        What a warning says of where the user tells these.
    """

    frame_rate: float | None = None
    up: str = "auto"
    clips_from: tuple[str, ...] = ()
    rate_hint: str = "--clip-fps tells"
    up_hint: str = "--up tells which axis is up"


@dataclass(frozen=True)
class Found:
    """The people of one source.

    Parameters
    ----------
    source : Source
    takes : list of Take
    as_it_is : bool
        Whether the file itself is a Take, which `Take.load` reads.
    """

    source: Source
    takes: list[Take]
    as_it_is: bool


class _NoMotionError(TakeError):
    """A file is whole, and holds nobody's motion."""


def read_all(
    given: Sequence[Path], options: ReadOptions = ReadOptions()
) -> tuple[list[Found], list[str]]:
    """Read everybody in files and folders: takes, AMASS, and results of other systems.

    Parameters
    ----------
    given : sequence of Path
    options : ReadOptions

    Returns
    -------
    found : list of Found
    warnings : list of str
        One sentence each.

    Raises
    ------
    TakeError
        When a file is missing, damaged, not to be trusted, or nobody's motion is in any.
    """
    sources, warnings, found = find_sources(given), [], []
    for source in sources:
        try:
            one, told = read(source, options)
        except _NoMotionError as error:
            if len(sources) == 1 and source.chosen:
                raise
            warnings.append(f"{source.path} holds no motion and was left out.")
            refused = error
            continue
        found.append(one)
        warnings += told
    if not found:
        raise refused
    return found, warnings


def read(source: Source, options: ReadOptions = ReadOptions()) -> tuple[Found, list[str]]:
    """Read the people of one source; returns warnings, too.

    Raises
    ------
    TakeError
        When a file is missing, damaged, not to be trusted, or nobody's motion is in it.
    """
    contents = {path: open_content(path) for path in source.paths}
    path, content = next(iter(contents.items()))
    if isinstance(content, NpzTable) and is_take(content):
        take, remark = upright(Take.load(path), options.up)
        if not take.frame_valid.any():
            raise TakeError(f"{path} has no frame in which the person was seen.")
        return Found(source, [take], True), _about(path, remark, options)
    with sentences_about(path):
        result = _result(contents, content, path)
        warnings = [f"{path} {each}." for each in result.warnings]
        rate = _rate(result, options, path, warnings)
        if result.axis_unsure and result.frame != Z_UP and options.up == "z":
            result = replace(result, frame=Z_UP)
        try:
            takes = takes_of(result, rate, _origin(result, path))
        except TakeError as error:
            raise TakeError(f"{path} cannot be used: {error}") from error
        if result.axis_unsure and result.frame == Z_UP:
            takes = [_stood(take, options, path, warnings) for take in takes]
    return Found(source, takes, False), warnings


def is_take(content: Any) -> bool:
    """Tell whether the arrays of an `.npz` are those of a Take or of AMASS, with its own times."""
    return {"poses", "trans"} <= set(content) and any(
        name in content for name in ("times", *RATE[:2])
    )


def _result(contents: dict[Path, Any], content: Any, path: Path) -> Result:
    for system in SYSTEMS:
        if system.fits(content):
            if system is tram:
                return tram.read_all(contents)
            try:
                return system.read(content, path)
            except TakeError as error:
                if str(path) in str(error):
                    raise
                raise TakeError(f"{path} cannot be used: {error}") from error
    raise _NoMotionError(_nobody(content, path))


def _nobody(content: Any, path: Path) -> str:
    if tram.is_camera(content):
        return f"{path} is TRAM's camera; give the folder, or the files hps_track_*.npy in it."
    if path.suffix.lower() == ".npz":
        return (
            f"{path} is not a take: it has no 'poses' (AMASS keeps the shape of a subject in "
            "such files, and the motion in others)."
        )
    return (
        f"{path} holds no motion that is known here: see the page on results of other systems "
        "for what is read."
    )


def _rate(result: Result, options: ReadOptions, path: Path, warnings: list[str]) -> float:
    rate = result.rate or options.frame_rate
    if rate is None:
        rate = USUAL_RATE
        warnings.append(
            f"{path} does not say how many frames a second it has: {rate:g} were taken "
            f"({options.rate_hint})."
        )
    if not _POSSIBLE_RATES[0] <= rate <= _POSSIBLE_RATES[1]:
        raise TakeError(f"{path}: {rate:g} frames a second are not possible.")
    return rate


def _stood(take: Take, options: ReadOptions, path: Path, warnings: list[str]) -> Take:
    """Let somebody stand on the floor whose file has Y up, as most programs but AMASS have it."""
    turned, remark = upright(take, options.up, careful=False)
    warnings += _about(path, remark, options)
    if turned is take:
        return take
    height = lowest_soles(
        turned.poses[take.frame_valid], turned.trans[take.frame_valid], take.betas
    )
    return replace(turned, trans=turned.trans - [0.0, 0.0, height])


def _about(path: Path, remark: str | None, options: ReadOptions) -> list[str]:
    return [f"{path} {remark} ({options.up_hint})."] if remark else []


def _origin(result: Result, path: Path) -> dict[str, Any]:
    return {"system": result.system, "file": path.name, "estimated": result.estimated}

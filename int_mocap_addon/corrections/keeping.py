"""The file of corrections beside a take: written with every solve, read when the take is loaded."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import bpy

from core_model.errors import MocapError

from ..takes.listing import takes_of_capture
from .records import corrections_of, list_corrections, sort_corrections

if TYPE_CHECKING:
    from core_model.corrections.records import Corrections


def numbers_of(scene: bpy.types.Scene, take: Any) -> dict[str, int]:
    """Return the number of each listed take of a capture in its folder, from 1, by uid.

    Raises
    ------
    TakeError
        When the folder cannot be read, or the take is not there any more.
    """
    from core_model.errors import TakeError

    path = _file(take)
    names = _numbers_in(path.parent)
    if path.name not in names:
        raise TakeError(f"There is no take at {path}.")
    return {
        each.uid: names[_file(each).name]
        for each in takes_of_capture(scene, take)
        if _file(each).name in names
    }


def save_beside(scene: bpy.types.Scene, take: Any) -> tuple[Path, "Corrections"]:
    """Write what is said of a capture beside its takes; return the file and all that it says.

    What was said there of people of the folder who are not in the list stays.

    Raises
    ------
    MocapError
        When the folder cannot be read or written, or the file that is there is damaged: somebody
        may have written it by hand.
    """
    from core_model.corrections.file import CORRECTIONS_NAME, load_corrections, save_corrections

    numbers = numbers_of(scene, take)
    takes = [each for each in takes_of_capture(scene, take) if each.uid in numbers]
    said = corrections_of(takes, numbers)
    path = _file(take).parent / CORRECTIONS_NAME
    if path.exists():
        try:
            there = load_corrections(path).of_others(numbers.values())
        except MocapError as error:
            raise MocapError(f"{error} Mend it or move it away, then solve again.") from error
        gone = there.people - {*_numbers_in(path.parent).values()}
        said = said.together_with(there.without(gone))
    save_corrections(path, said)
    return path, said


def read_beside(scene: bpy.types.Scene, uids: list[str]) -> list[str]:
    """List what the files beside takes say of them; returns what the user should know.

    Parameters
    ----------
    scene : bpy.types.Scene
    uids : list of str
        Of takes that were just listed.
    """
    from core_model.corrections.file import CORRECTIONS_NAME, load_corrections

    from ..takes.listing import find_take

    told: dict[str, None] = {}
    for uid in uids:
        take = find_take(scene, uid)
        path = _file(take).parent / CORRECTIONS_NAME
        if take.corrections or not path.is_file():
            continue
        try:
            numbers = numbers_of(scene, take)
            said = load_corrections(path)
        except MocapError as error:
            told[str(error)] = None
            continue
        number = numbers[uid]
        own = said.of(number)
        others = type(said)(exchanges=said.exchanges, dropped=said.dropped)
        uids_by_number = {each: other for other, each in numbers.items()}
        list_corrections(take, own, uids_by_number)
        list_corrections(take, others, uids_by_number)
        sort_corrections(take)
    return list(told)


def _numbers_in(folder: Path) -> dict[str, int]:
    """Return the number of each take in a folder, from 1, by the name of its file."""
    from core_model.take.folder import find_take_files

    files, _ = find_take_files([folder])
    return {file.name: number for number, file in enumerate(files, 1)}


def _file(take: Any) -> Path:
    return Path(bpy.path.abspath(take.path))

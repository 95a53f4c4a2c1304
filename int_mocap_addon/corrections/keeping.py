"""The file of corrections beside a take: written with every solve, read when the take is loaded."""

from pathlib import Path
from typing import Any

import bpy

from core_model.errors import MocapError

from ..takes.listing import takes_of_capture
from .records import corrections_of, list_corrections, sort_corrections


def numbers_of(scene: bpy.types.Scene, take: Any) -> dict[str, int]:
    """Return the number of each listed take of a capture in its folder, from 1, by uid.

    Raises
    ------
    TakeError
        When the folder cannot be read, or the take is not there any more.
    """
    from core_model.errors import TakeError
    from core_model.take.folder import find_take_files

    path = _file(take)
    files, _ = find_take_files([path.parent])
    names = {file.name: number for number, file in enumerate(files, 1)}
    if path.name not in names:
        raise TakeError(f"There is no take at {path}.")
    return {
        each.uid: names[_file(each).name]
        for each in takes_of_capture(scene, take)
        if _file(each).name in names
    }


def save_beside(scene: bpy.types.Scene, take: Any) -> Path:
    """Write what is said of a capture beside its takes, and return the file.

    Raises
    ------
    MocapError
        When the folder cannot be read or written.
    """
    from core_model.corrections.file import CORRECTIONS_NAME, save_corrections

    numbers = numbers_of(scene, take)
    takes = [each for each in takes_of_capture(scene, take) if each.uid in numbers]
    path = _file(take).parent / CORRECTIONS_NAME
    save_corrections(path, corrections_of(takes, numbers))
    return path


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


def _file(take: Any) -> Path:
    return Path(bpy.path.abspath(take.path))

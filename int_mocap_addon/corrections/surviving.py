"""What was said of earlier captures of a clip goes on to count for a new one."""

from collections.abc import Generator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import bpy

from core_model.errors import MocapError

from ..scenes import SceneOfTask
from ..takes.listing import find_take, takes_of_capture
from ..takes.replacing import takes_of_clip
from ..tasks import Progress, in_thread
from ..wording import counted
from .keeping import numbers_of
from .records import corrections_of, list_corrections, sort_corrections
from .stances import said_of

if TYPE_CHECKING:
    from core_model.corrections.records import Corrections


@dataclass(frozen=True)
class Earlier:
    """What was said of one capture.

    Parameters
    ----------
    files : dict
        Of its takes, by their number.
    said : Corrections
    """

    files: dict[int, Path]
    said: "Corrections"


def said_of_clip(scene: bpy.types.Scene, clip: Path) -> list[Earlier]:
    """Return what is said of the captures of a clip that are in the list, the latest last."""
    found, done = [], set[str]()
    for take in takes_of_clip(scene, clip):
        together = takes_of_capture(scene, take)
        if take.uid in done:
            continue
        done |= {each.uid for each in together}
        if not any(said_of(each) for each in together):
            continue
        try:
            numbers = numbers_of(scene, take)
        except MocapError:  # its folder is gone, and with it what the pins could be seen from
            continue
        takes = [each for each in together if each.uid in numbers]
        files = {numbers[each.uid]: Path(bpy.path.abspath(each.path)) for each in takes}
        found.append(Earlier(files, corrections_of(takes, numbers)))
    return found


def carry_over(
    where: SceneOfTask, earlier: Sequence[Earlier], uids: Sequence[str]
) -> Generator[Progress, None, list[str]]:
    """Say of new takes what was said of the same people; return what the user should know."""
    if not earlier:
        return []
    scene = where.find()
    files = [Path(bpy.path.abspath(find_take(scene, uid).path)) for uid in uids]
    numbers = numbers_of(scene, find_take(scene, uids[0]))
    del scene
    ordered = [numbers[uid] for uid in uids]

    def work() -> list[tuple[int, Any]]:
        return _carried(earlier, files, ordered)

    carried = yield from in_thread(Progress("Carrying over what you corrected", 0.9), work)
    scene = where.find()
    by_number = {number: uid for uid, number in numbers.items()}
    count = 0
    for number, said in carried:
        take = find_take(scene, by_number[number])
        before = len(take.corrections)
        list_corrections(take, said, by_number)
        sort_corrections(take)
        count += len(take.corrections) - before
    if not count:
        return []
    return [f"{counted(count, 'correction', 'corrections')} carried over: press Solve Again."]


def _carried(
    earlier: Sequence[Earlier], files: Sequence[Path], numbers: Sequence[int]
) -> list[tuple[int, Any]]:
    """Return what is said of the people of a new capture, by their numbers."""
    from dataclasses import replace

    from core_model.corrections.carrying import carried, same_person
    from core_model.corrections.records import Corrections
    from core_model.take import Take

    new = [Take.load(file) for file in files]
    found: list[tuple[int, Any]] = []
    for each in earlier:
        known: dict[int, int] = {}
        for number, file in each.files.items():
            if not file.is_file():
                continue
            old = Take.load(file)
            place = same_person(old, new)
            if place is None or numbers[place] in known.values():
                continue
            known[number] = numbers[place]
            own = carried(each.said.of(number), old, new[place], numbers[place])
            found.append((numbers[place], own))
        exchanges = tuple(
            replace(one, people=(known[one.people[0]], known[one.people[1]]))
            for one in each.said.exchanges
            if set(one.people) <= set(known)
        )
        dropped = tuple(known[number] for number in each.said.dropped if number in known)
        rest = Corrections(exchanges=exchanges, dropped=dropped)
        found += [(number, rest) for number in known.values() if rest]
    return found

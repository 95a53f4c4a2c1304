"""Results of other systems onto the list: read, written as takes, then listed as any take."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from ..scenes import SceneOfTask
from ..storage import (
    captures_folder,
    missing_folders,
    new_takes_folder,
    remove_capture_folder,
)
from ..tasks import Outcome, Progress, Steps, in_thread
from ..wording import counted
from .listing import TakeFacts, add_take, read_facts

if TYPE_CHECKING:
    from core_model.results.reading import Found

_READING, _WRITING = "Reading the results", "Writing the takes"


def are_results(given: Sequence[Path]) -> bool:
    """Tell whether any of the files, or of those in the folders, is more than a take.

    Raises
    ------
    TakeError
        When a folder holds nothing that can be read.
    """
    from core_model.results.sources import find_sources, is_result

    return any(is_result(path) for source in find_sources(given) for path in source.paths)


def load_steps(scene_name: str, given: Sequence[Path], rate: float | None) -> Steps:
    """Read results, write a take for everybody in them, and list those.

    Parameters
    ----------
    scene_name : str
    given : sequence of Path
        Files and folders.
    rate : float or None
        Frames per second of the clip behind files that do not say it.
    """
    return _load(SceneOfTask(scene_name), given, rate)


def _load(where: SceneOfTask, given: Sequence[Path], rate: float | None) -> Steps:
    found, warnings = yield from in_thread(Progress(_READING), partial(_read, given, rate))
    made = missing_folders(captures_folder())
    folders = [None if each.as_it_is else new_takes_folder(each.source.name) for each in found]
    listed = False
    try:
        write = partial(_write, found, folders)
        facts = yield from in_thread(Progress(_WRITING, 0.9), write)
        scene = where.find()
        for each in facts:
            add_take(scene, each)
        listed = True
    finally:
        if not listed:
            for folder in filter(None, folders):
                remove_capture_folder(folder, made)
    people = counted(len(facts), "take", "takes")
    done = f"Loaded {people}: {', '.join(each.name for each in facts)}."
    unique = tuple(dict.fromkeys(warnings))
    return Outcome("WARNING" if unique else "INFO", (done, *unique))


def _read(given: Sequence[Path], rate: float | None) -> "tuple[list[Found], list[str]]":
    from core_model.results.reading import ReadOptions, read_all

    options = ReadOptions(
        frame_rate=rate,
        rate_hint="Frame Rate, where files are chosen, tells",
        up_hint="change Up in the list of takes if it should not be",
    )
    return read_all(given, options)


def _write(found: "Sequence[Found]", folders: Sequence[Path | None]) -> list[TakeFacts]:
    from core_model.results.converting import save

    facts: list[TakeFacts] = []
    for each, folder in zip(found, folders, strict=True):
        if folder is None:
            facts.append(read_facts(each.source.path.resolve()))
            continue
        save(each.takes, folder, each.source.path, ())
        name = each.source.name
        for number in range(1, len(each.takes) + 1):
            person = f"person_{number:02d}"
            called = name if len(each.takes) == 1 else f"{name}_{person}"
            facts.append(replace(read_facts(folder / f"{person}.npz"), name=called))
    return facts

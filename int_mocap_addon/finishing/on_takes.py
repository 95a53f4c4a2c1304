"""Takes that finishing tools work on, and what becomes of those that they make."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import bpy

from core_model.errors import MocapError

from ..storage import new_takes_folder, remove_capture_folder
from ..takes.edits import found_edits
from ..takes.listing import active_take, add_take, read_facts, take_file

if TYPE_CHECKING:
    from core_model.body.model import Body
    from core_model.take import Take

_LEFT_OUT = (
    "what you edited by hand stays with the old action. Choose Action instead of Take over the "
    "buttons to keep it, or pin what you posed and solve before."
)


def read(item: Any) -> "tuple[Take, Body]":
    """Return a listed take, upright, and its body.

    Raises
    ------
    MocapError
        When one of the files is not to be had.
    """
    from core_model.take import Take
    from core_model.take.upright import upright

    take, _ = upright(Take.load(take_file(item)), item.up)
    return take, body_from(item.body_file)


def body_from(file: str) -> "Body":
    """Return the body of a file, the default one if it is empty."""
    from core_model.body.model import default_body, load_body

    return load_body(Path(bpy.path.abspath(file))) if file else default_body()


def list_made(
    scene: bpy.types.Scene, item: Any, suffix: str, takes: "list[Take]"
) -> tuple[bool, str]:
    """Write takes and list them; return whether to warn, and what to tell.

    Parameters
    ----------
    scene : bpy.types.Scene
    item : TakeItem
        That they were made of.
    suffix : str
        Of their names.
    takes : list of Take

    Raises
    ------
    MocapError
        When they cannot be written; then none is.
    """
    facts = [read_facts(path) for path in _written(f"{item.name}_{suffix}", takes)]
    # Adding to the list moves what is in it: the item is not read any more after that.
    body_file, by_hand = item.body_file, found_edits(scene, [item])
    for each in facts:
        add_take(scene, each, body_file)
        active_take(scene).name = f"{each.path.parent.name}"
    names = ", ".join(each.path.parent.name for each in facts)
    if by_hand:
        return True, f"Made {names} of the take alone: {_LEFT_OUT}"
    return False, f"Made {names}: bake it to see it."


def _written(name: str, takes: "list[Take]") -> list[Path]:
    """Write takes into folders of their own, all or none."""
    paths: list[Path] = []
    for take in takes:
        paths.append(new_takes_folder(name) / "person_01.npz")
        try:
            take.save(paths[-1])
        except MocapError:
            for each in paths:
                remove_capture_folder(each.parent, [])
            raise
    return paths

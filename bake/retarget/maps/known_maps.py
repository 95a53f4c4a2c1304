"""The presets: a bone map in a file for each family of rigs."""

import functools
from pathlib import Path

from bake.retarget.maps.bone_map import BoneMap
from bake.retarget.maps.map_file import read_map
from core_model.errors import RigError

_FOLDER = Path(__file__).parents[1] / "presets"


@functools.cache
def preset_names() -> tuple[str, ...]:
    """Return the names of all presets, by which `load_preset` finds them."""
    return tuple(sorted(path.stem for path in _FOLDER.glob("*.json")))


@functools.cache
def load_preset(name: str) -> BoneMap:
    """Read a preset, with the names of bones as its makers write them.

    Raises
    ------
    RigError
        When there is none of this name.
    """
    if name not in preset_names():
        raise RigError(
            f"There is no bone map {name}: there is {', '.join(preset_names())}, and any file "
            "that `python -m bake map` wrote."
        )
    return read_map(_FOLDER / f"{name}.json")


def find_map(name_or_file: str) -> BoneMap:
    """Return a map by the name of a preset or the path of a file.

    Raises
    ------
    RigError
        When it is neither, or the file is no bone map.
    """
    if name_or_file in preset_names():
        return load_preset(name_or_file)
    if Path(name_or_file).suffix or Path(name_or_file).exists():
        return read_map(name_or_file)
    return load_preset(name_or_file)

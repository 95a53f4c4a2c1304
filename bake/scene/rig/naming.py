"""The names of all that makes up one figure: they change together."""

import re
from typing import Any

import bpy

from bake.scene.animation.action import rename_action


def rename_figure(armature: Any, body: Any, old: str, new: str) -> str:
    """Rename an armature and with it what still has a name that was made from the old one.

    What the user named himself keeps its name, and so does what is linked from another file.

    Parameters
    ----------
    armature, body : bpy.types.Object or None
        From the writer.
    old, new : str
        Names of the take.

    Returns
    -------
    str
        The name that the armature has now: with a number where the new one is taken.
    """
    if armature and not armature.library:
        if armature.name != new:
            armature.name = new
        new = armature.name
        _follow(armature.data, old, new)
        rename_action(armature, old, new)
    if body and not body.library:
        for thing in (body, body.data, *body.data.materials):
            _follow(thing, f"{old}_body", f"{new}_body")
    return new


def carries(name: str, given: str) -> bool:
    """Return whether a name is the given one, perhaps with a number that Blender appended."""
    return name == given or re.fullmatch(re.escape(given) + r"\.\d{3,}", name) is not None


def _follow(thing: bpy.types.ID | None, old: str, new: str) -> None:
    if thing is not None and not thing.library and carries(thing.name, old):
        thing.name = new

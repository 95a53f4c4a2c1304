"""Saving a .blend into another folder: the paths that the tab remembers go on to fit.

Blender remaps its own relative paths; those of add-ons are theirs to remap.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import bpy
from bpy.app.handlers import persistent

from .paths import blend_folder, moved, portable
from .settings import settings_of


def add_handlers() -> None:
    """Begin to follow."""
    bpy.app.handlers.save_pre.append(_before_saving)
    bpy.app.handlers.save_post.append(_after_saving)
    bpy.app.handlers.save_post_fail.append(_after_saving)


def remove_handlers() -> None:
    """Follow no more."""
    bpy.app.handlers.save_pre.remove(_before_saving)
    bpy.app.handlers.save_post.remove(_after_saving)
    bpy.app.handlers.save_post_fail.remove(_after_saving)


@persistent
def _before_saving(target: str = "", *_: object) -> None:
    if target:  # empty for the start-up file
        _move(blend_folder(), Path(target).parent)


@persistent
def _after_saving(target: str = "", *_: object) -> None:
    # A copy was saved, or saving failed: the file that is open is still where it was.
    if target:
        _move(Path(target).parent, blend_folder())


def _move(old: Path | None, new: Path | None) -> None:
    if old == new:
        return
    for owner, name in _paths():
        given = getattr(owner, name)
        path = moved(given, old, new)
        if path and name in ("path", "solved") and not path.startswith("//"):
            path = portable(Path(path), new)
        if path != given:
            # Past the property's update: it is the same file as before.
            stored = getattr(owner, "bl_system_properties_get", lambda owner=owner: owner)()
            stored[name] = path


def _paths() -> Iterator[tuple[Any, str]]:
    """Give all that holds a path, with the name of its property."""
    for scene in bpy.data.scenes:
        settings = settings_of(scene)
        yield from ((settings.capture, name) for name in ("clip", "weights", "body_file"))
        for take in settings.takes:
            yield from ((take, name) for name in ("path", "clip", "body_file", "solved"))

"""Small pictures of the people that were found, as icons."""

from typing import Any

import bpy.utils.previews

_previews: Any = None


def icon_of(path: str) -> int:
    """Return the icon of a picture file, 0 when it cannot be shown."""
    global _previews
    if _previews is None:
        _previews = bpy.utils.previews.new()
    if path not in _previews:
        try:
            _previews.load(path, path, "IMAGE")
        except (KeyError, RuntimeError):
            return 0
    return int(_previews[path].icon_id)


def forget_thumbnails() -> None:
    """Free all pictures."""
    global _previews
    if _previews is not None:
        bpy.utils.previews.remove(_previews)
        _previews = None

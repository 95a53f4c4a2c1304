"""Small pictures of the clip and of the people that were found, as icons."""

from typing import Any, Literal

import bpy.utils.previews

_previews: Any = None


def icon_of(path: str, kind: Literal["IMAGE", "MOVIE"] = "IMAGE") -> int:
    """Return the icon of a picture or video, 0 when there is none.

    Blender reads the file beside what it does, and draws the icon once it is there.
    """
    global _previews
    if _previews is None:
        _previews = bpy.utils.previews.new()
    if path not in _previews:
        try:
            _previews.load(path, path, kind)
        except (KeyError, RuntimeError):
            return 0
    return int(_previews[path].icon_id)


def forget_thumbnails() -> None:
    """Free all pictures."""
    global _previews
    if _previews is not None:
        bpy.utils.previews.remove(_previews)
        _previews = None

"""The add-on as Blender's preferences know it."""

from typing import Any

import bpy

ADDON = __package__ or ""
"""Its name there."""


def given(name: str) -> Any:
    """Return one of the add-on's preferences, None while it is registered by hand: it has none."""
    preferences = bpy.context.preferences
    addon = preferences.addons.get(ADDON) if preferences else None
    return getattr(addon.preferences, name) if addon else None

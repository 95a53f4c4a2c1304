"""What the tab remembers in a scene, by one function that every panel uses."""

from typing import Any

import bpy


def settings_of(scene: bpy.types.Scene | None) -> Any:
    """Return the `MocapSettings` of a scene."""
    return getattr(scene, "int_mocap")  # noqa: B009 - the type checker does not know it

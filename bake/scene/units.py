"""How long a metre is in a scene."""

import bpy


def units_per_metre(scene: bpy.types.Scene) -> float:
    """Return how many of a scene's units make a metre: 100 in a scene in centimetres."""
    settings = scene.unit_settings
    return 1.0 if settings.system == "NONE" else 1.0 / settings.scale_length

"""What a scene begins with: the defaults of the preferences, taken when it is first used."""

import bpy

from .addon import given
from .settings import settings_of

_DEFAULTS = (
    ("cleanup", "profile"),
    ("cleanup", "reduce_keys"),
    ("rig", "root"),
    ("rig", "colours"),
    ("rig", "bone_shapes"),
)
"""Groups of a scene's settings, and those of theirs that the preferences have, too."""


def take_defaults(scene: bpy.types.Scene) -> None:
    """Give a scene the defaults, once; what the user has set in it stays."""
    settings = settings_of(scene)
    if settings.has_defaults:
        return
    settings.has_defaults = True
    for group, name in _DEFAULTS:
        owner, wanted = getattr(settings, group), given(name)
        if wanted is not None and not owner.is_property_set(name):
            if getattr(owner, name) != wanted:
                setattr(owner, name, wanted)

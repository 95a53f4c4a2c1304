"""Two copies of the add-on in one Blender, from two repositories: one works, the other waits."""

import sys
from types import ModuleType

import bpy

_OWN_NAME = __name__.rpartition(".")[2]


def another_works() -> bool:
    """Return whether another copy has registered what this one would."""
    return hasattr(bpy.types.Scene, "int_mocap")


def waiting_copy() -> ModuleType | None:
    """Return a copy that is enabled and waits for this one to end, if there is one."""
    preferences = bpy.context.preferences
    for addon in preferences.addons if preferences else ():
        module = sys.modules.get(addon.module)
        is_copy = addon.module != __package__ and f"{addon.module}.{_OWN_NAME}" in sys.modules
        if module and is_copy and getattr(module, "__addon_enabled__", False):
            return module
    return None

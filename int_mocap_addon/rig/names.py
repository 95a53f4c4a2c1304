"""A take, its armature, body and action have one name, wherever the user changes it.

In the list of takes, the take's own update renames the rest. In the Outliner, it is the armature
that is renamed, which Blender tells of by its message bus; undo, redo and loading bring names back
without telling, so that all are looked at once after those.
"""

from typing import Any

import bpy
from bpy.app.handlers import persistent

from ..settings import settings_of

_owner = object()
"""Of the subscriptions."""


def add_handlers() -> None:
    """Begin to follow."""
    _subscribe()
    bpy.app.handlers.load_post.append(_after_loading)
    bpy.app.handlers.undo_post.append(_after_undo)
    bpy.app.handlers.redo_post.append(_after_undo)


def remove_handlers() -> None:
    """Follow no more."""
    bpy.msgbus.clear_by_owner(_owner)
    bpy.app.handlers.load_post.remove(_after_loading)
    bpy.app.handlers.undo_post.remove(_after_undo)
    bpy.app.handlers.redo_post.remove(_after_undo)


def rename_take(take: Any, old: str, new: str) -> None:
    """Give all that a take became a new name, and the take the name that it got."""
    from bake.scene.rig.naming import rename_figure

    named = rename_figure(take.armature, take.body, old, new)
    remember(take, named)


def follow_names() -> None:
    """Give takes whose armature was renamed its name, and so all else that they became."""
    for scene in bpy.data.scenes:
        for take in settings_of(scene).takes:
            armature = take.armature
            if armature and armature.name != take.name:
                rename_take(take, take.name, armature.name)


def remember(take: Any, name: str) -> None:
    """Set the name of a take without renaming what it became."""
    if take.name != name:
        stored = getattr(take, "bl_system_properties_get", lambda: take)()
        stored["name"] = name


def _subscribe() -> None:
    # The Outliner tells of objects, other editors of any data-block.
    kinds: tuple[Any, ...] = (bpy.types.Object, bpy.types.ID)
    for kind in kinds:
        bpy.msgbus.subscribe_rna(key=(kind, "name"), owner=_owner, args=(), notify=follow_names)


@persistent
def _after_loading(*_: object) -> None:
    _subscribe()  # loading a file ends all subscriptions
    follow_names()


@persistent
def _after_undo(*_: object) -> None:
    follow_names()

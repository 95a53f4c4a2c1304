"""A clip that is captured again: what its earlier captures became makes room for the new one."""

from pathlib import Path
from typing import Any

import bpy

from ..settings import settings_of
from ..wording import counted


def takes_of_clip(scene: bpy.types.Scene, clip: Path) -> list[Any]:
    """Return the takes of the list that were captured from a clip."""
    return [
        item
        for item in settings_of(scene).takes
        if item.clip and Path(bpy.path.abspath(item.clip)).absolute() == clip
    ]


def remove_takes_of_clip(scene: bpy.types.Scene, clip: Path) -> list[str]:
    """Take the earlier captures of a clip off the list and out of the scene.

    Figures that somebody worked on by hand stay, and so do all files on disk. Returns what the user
    should know, one sentence each.

    Parameters
    ----------
    scene : bpy.types.Scene
    clip : Path
        Absolute.
    """
    from bake.scene.by_hand.handwork import has_handwork
    from bake.scene.removing import in_scene
    from bake.scene.timing import forget_room

    going: list[Any] = []
    kept: list[Any] = []
    for item in takes_of_clip(scene, clip):
        armature = in_scene(item.armature, scene)
        by_hand = armature and has_handwork(armature, item.body)
        (kept if by_hand else going).append(item)
    used = [thing for item in kept for thing in (item.camera, item.sound)]
    for item in going:
        _remove_from_scene(scene, item, used)
    names = [item.name for item in kept]
    for uid in [item.uid for item in going]:
        _unlist(scene, uid)
    forget_room(scene)
    told = []
    if going:
        told.append(f"Replaced {counted(len(going), 'take', 'takes')} of an earlier capture.")
    if names:
        told.append(f"Kept {', '.join(names)}, which you have worked on by hand.")
    return told


def _remove_from_scene(scene: bpy.types.Scene, item: Any, used: list[Any]) -> None:
    """Take what a take became out of the file, apart from what others use."""
    from bake.scene.clip.clip_camera import remove_camera
    from bake.scene.clip.sound import take_sound_away
    from bake.scene.clip.view_cameras import remove_views
    from bake.scene.removing import in_scene, remove_body, remove_figure

    armature, body, camera = item.armature, in_scene(item.body, scene), item.camera
    collections = list(armature.users_collection) if armature else []
    if in_scene(armature, scene):
        remove_figure(armature, body)
    elif body:
        remove_body(body)
    if in_scene(camera, scene) and camera not in used:
        collections += camera.users_collection
        for collection in set(camera.users_collection) - {scene.collection}:
            remove_views(collection)
        remove_camera(camera)
    if item.sound not in used:
        take_sound_away(scene, item.sound)
    for collection in set(collections) - {scene.collection}:
        if not collection.all_objects and not collection.children:
            bpy.data.collections.remove(collection)


def _unlist(scene: bpy.types.Scene, uid: str) -> None:
    settings = settings_of(scene)
    index = next(number for number, item in enumerate(settings.takes) if item.uid == uid)
    settings.takes.remove(index)
    settings.active_take = max(min(settings.active_take, len(settings.takes) - 1), 0)

"""What the user sees first: new figures selected and in sight, in a scene that is ready for them.

In a scene that nobody has worked in yet the clip takes over: its camera, its size, its views. In a
scene of the user's, what they look at and through stays, and only a view that would show nothing of
the new figure moves over to it.
"""

from collections.abc import Sequence
from typing import Any

import bpy
from mathutils import Vector

from ..settings import settings_of
from ..takes.listing import find_take
from .views import View, frame_in, has_lost_camera, is_in_sight, look_through, views_of


def prepare_scene(scene: bpy.types.Scene) -> tuple[bool, list[str]]:
    """Get a scene ready for its first figure.

    Returns
    -------
    bool, list of str
        Whether it holds nothing of the user's; and what the user should know.
    """
    from bake.scene.factory import clear_default, is_unused

    if bpy.context.mode != "OBJECT":
        return False, []  # somebody has begun to work
    items = settings_of(scene).takes
    ours = [thing for item in items for thing in (item.armature, item.body, item.camera) if thing]
    if not is_unused(scene, ours):
        return False, []
    if not settings_of(scene).scene.clear_default:
        return True, []
    names = clear_default(scene)
    told = f"Blender's default {' and '.join(sorted(names)).lower()} made room." if names else ""
    return True, [told] if told else []


def show_figures(scene: bpy.types.Scene, uids: Sequence[str], unused: bool) -> None:
    """Select new figures and bring them into sight.

    Parameters
    ----------
    scene : bpy.types.Scene
    uids : sequence of str
        The takes that have a new figure.
    unused : bool
        Whether the scene held nothing of the user's before, from `prepare_scene`.
    """
    from bake.scene.clip.sound import is_heard

    if bpy.context.scene != scene or bpy.context.mode != "OBJECT":
        return
    items = [find_take(scene, uid) for uid in uids]
    armatures = [item.armature for item in items if item.armature]
    if not select_only(armatures):
        return
    camera = next((item.camera for item in items if item.camera), None)
    if unused and is_heard(scene):
        scene.sync_mode = "AUDIO_SYNC"  # else playback slows down and the sound breaks off
    if unused and camera:
        see_clip(scene, camera, list(views_of(scene)))
        return
    points = [point for armature in armatures for point in _points(armature)]
    for view in views_of(scene):
        if view.space.local_view:
            continue
        if camera and has_lost_camera(view):
            see_clip(scene, camera, [view])
            continue
        is_users = not unused and view.space.region_3d.view_perspective == "CAMERA"
        if not is_users and not is_in_sight(view, points):
            frame_in(view)


def see_clip(scene: bpy.types.Scene, camera: Any, views: Sequence[View]) -> None:
    """Look through the camera of a clip.

    It becomes the scene's, and the scene's pictures as large as the clip's, unless the scene has a
    camera of the user's: then only the views change.
    """
    from bake.scene.clip.background import fit_background
    from bake.scene.clip.camera_match import take_over_scene

    is_scenes = take_over_scene(scene, camera)
    fit_background(scene, camera)
    for view in views:
        if not view.space.local_view:
            look_through(view, camera, is_scenes=is_scenes)


def select_only(things: Sequence[Any]) -> bool:
    """Select objects and nothing else, the first as the active one; return whether any was there.

    Objects that are not in the view layer are left out.
    """
    layer = bpy.context.view_layer
    there = [each for each in things if layer and layer.objects.get(each.name) == each]
    if not layer or not there:
        return False
    for other in bpy.context.selected_objects:
        other.select_set(False)
    for each in there:
        each.select_set(True)
    layer.objects.active = there[0]
    return True


def _points(armature: Any) -> list[Vector]:
    """Return where the joints of a figure are in the world, as they are posed now."""
    return [armature.matrix_world @ bone.head for bone in armature.pose.bones]

"""The switches of the panel Review: they act at once on all figures, and on those to come."""

from typing import Any

import bpy

from ..settings import settings_of


def show_armature(scene: bpy.types.Scene, item: Any) -> None:
    """Show the armature of a take as the panel says."""
    from bake.scene.removing import in_scene
    from bake.scene.review import show_sticks

    if in_scene(item.armature, scene):
        show_sticks(item.armature, settings_of(scene).scene.show_sticks)


def show_body(scene: bpy.types.Scene, item: Any) -> None:
    """Show the body of a take as the panel says."""
    from bake.scene.removing import in_scene
    from bake.scene.review import see_through

    wanted = settings_of(scene).scene
    if in_scene(item.body, scene):
        see_through(item.body, wanted.see_through)
        item.body.hide_select = wanted.lock_body


def show_background(scene: bpy.types.Scene, item: Any) -> None:
    """Show the clip behind the camera of a take, or hide it, as the panel says."""
    from bake.scene.removing import in_scene

    if in_scene(item.camera, scene):
        item.camera.data.show_background_images = settings_of(scene).scene.show_background


def armatures_switched(settings: Any, context: bpy.types.Context) -> None:
    """Show all armatures of the scene that a setting belongs to."""
    _for_all(settings, show_armature)


def bodies_switched(settings: Any, context: bpy.types.Context) -> None:
    """Show all bodies of the scene that a setting belongs to."""
    _for_all(settings, show_body)


def backgrounds_switched(settings: Any, context: bpy.types.Context) -> None:
    """Show the backgrounds of all cameras of the scene that a setting belongs to."""
    _for_all(settings, show_background)


def _for_all(settings: Any, show: Any) -> None:
    scene = settings.id_data
    for item in settings_of(scene).takes:
        show(scene, item)

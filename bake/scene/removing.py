"""Taking out of the file what an earlier bake made, and nothing else."""

from typing import Any

import bpy

from bake.scene.animation.action import is_ours, leave_to_user, places
from bake.scene.by_hand.edits import is_worked_on
from bake.scene.by_hand.layers import is_empty_layer


def in_scene(thing: Any, scene: bpy.types.Scene) -> Any:
    """Return an object if it is in the scene; what was deleted may still be in the file."""
    return thing if thing and scene.objects.get(thing.name) == thing else None


def remove_figure(armature: Any, body: Any) -> None:
    """Take an armature and its body out of the file; of its actions all stay that are the user's.

    A bake that was worked on is one of those.
    """
    if body:
        remove_body(body)
    data, playing = (
        armature.data,
        places(armature.animation_data) if armature.animation_data else [],
    )
    actions = []
    for place in playing:
        action = place.action
        if is_ours(action) and is_worked_on(armature, place):
            leave_to_user(action, f"{action.name}_edited")
        elif is_ours(action) or is_empty_layer(action):
            actions.append(action)
        elif not action.library:
            action.use_fake_user = True
    bpy.data.objects.remove(armature)
    if data.users == 0:
        bpy.data.armatures.remove(data)
    for action in set(actions):
        if action.users == 0:
            bpy.data.actions.remove(action)


def remove_body(body: Any) -> None:
    """Take a body out of the file, with its mesh and material."""
    mesh, materials = body.data, list(body.data.materials)
    bpy.data.objects.remove(body)
    if mesh.users == 0:
        bpy.data.meshes.remove(mesh)
    for material in materials:
        if material and material.users == 0:
            bpy.data.materials.remove(material)

"""Taking out of the file what an earlier bake made, and nothing else."""

from typing import Any

import bpy

from bake.scene.action import remove_baked_action


def in_scene(thing: Any, scene: bpy.types.Scene) -> Any:
    """Return an object if it is in the scene; what was deleted may still be in the file."""
    return thing if thing and scene.objects.get(thing.name) == thing else None


def remove_figure(armature: Any, body: Any) -> None:
    """Take an armature and its body out of the file, with the keys that were baked."""
    if body:
        remove_body(body)
    data, animation = armature.data, armature.animation_data
    action = animation.action if animation else None
    bpy.data.objects.remove(armature)
    if data.users == 0:
        bpy.data.armatures.remove(data)
    remove_baked_action(action)


def remove_body(body: Any) -> None:
    """Take a body out of the file, with its mesh and material."""
    mesh, materials = body.data, list(body.data.materials)
    bpy.data.objects.remove(body)
    if mesh.users == 0:
        bpy.data.meshes.remove(mesh)
    for material in materials:
        if material and material.users == 0:
            bpy.data.materials.remove(material)

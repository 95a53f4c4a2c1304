"""Light for a scene that was empty."""

import math

import bpy


def add_light(scene: bpy.types.Scene) -> None:
    """Light the scene from the front and above, and from a dim sky, so that a render shows it."""
    sun = bpy.data.lights.new("Sun", "SUN")
    assert isinstance(sun, bpy.types.SunLight)
    sun.energy = 3.0
    lamp = bpy.data.objects.new("Sun", sun)
    lamp.rotation_euler = (math.radians(40), math.radians(15), 0.0)
    scene.collection.objects.link(lamp)
    scene.world = scene.world or bpy.data.worlds.new("World")
    scene.world.color = (0.2, 0.2, 0.2)

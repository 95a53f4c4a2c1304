"""What surrounds the motion in a scene: frame range, frame rate, light, the clip's collection."""

import math

import bpy

from bake.motion.resample import Timeline

_LONGEST_NAME = 63  # bytes, Blender's limit


def fit_timing(scene: bpy.types.Scene, timeline: Timeline, last_frame: int) -> None:
    """Give the scene the frame rate of `timeline` and the range of the motion."""
    scene.render.fps = timeline.rate.fps
    scene.render.fps_base = timeline.rate.base
    scene.frame_start, scene.frame_end = timeline.first_frame, last_frame
    scene.frame_set(timeline.first_frame)


def new_collection(name: str, scene: bpy.types.Scene) -> bpy.types.Collection:
    """Add a collection to the scene, for all that belongs to one clip."""
    collection = bpy.data.collections.new(name)
    scene.collection.children.link(collection)
    return collection


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


def object_name(clip: str, person: str) -> str:
    """Join the names of clip and person; a long clip name is cut so that the person's stays.

    A take that is no part of a capture is a clip and a person of the same name, said once.
    """
    if person == clip:
        person = ""
    room = _LONGEST_NAME - len(f"_{person}_body".encode())
    short = clip.encode()[: max(room, 0)].decode(errors="ignore")
    return "_".join(part for part in (short, person) if part)

"""The camera of a clip in the scene, as it turned and zoomed, with the clip behind it."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import bpy
import numpy as np

from bake.motion.resample import Keys, Timeline
from bake.scene.animation.action import remove_baked_action
from bake.scene.clip.background import add_background
from bake.scene.clip.camera_match import create_camera, show_through
from bake.scene.clip.camera_turns import turn_camera
from bake.scene.clip.camera_zoom import zoom_camera
from bake.scene.clip.shot_cameras import camera_name, forget_changes
from bake.scene.names import object_name
from bake.scene.removing import in_scene
from bake.scene.units import units_per_metre
from core_model.geometry.camera import Camera

_OURS = "mocap_background"
"""Custom property of the movie clips that were put behind a camera here."""

_LOOKS = ("alpha", "display_depth", "frame_method", "show_background_image", "show_on_foreground")


def put_collection(
    scene: bpy.types.Scene, name: str, figures: Sequence[bpy.types.Object | None]
) -> bpy.types.Collection:
    """Return the collection of a clip: where one of its figures is, else a new one."""
    ours = {scene.collection, *scene.collection.children_recursive}
    for figure in figures:
        if in_scene(figure, scene):
            assert figure
            return next(each for each in figure.users_collection if each in ours)
    collection = bpy.data.collections.new(name)
    scene.collection.children.link(collection)
    return collection


def put_camera(
    scene: bpy.types.Scene,
    placed: bpy.types.Object | None,
    clip: str,
    camera: Camera,
    turns: Keys | None,
    collection: bpy.types.Collection,
    zoom: Keys | None = None,
    shot: int = 0,
) -> bpy.types.Object:
    """Keep the camera of a clip where it is, or add it; let it turn and zoom as the clip's did.

    The first camera of a scene becomes its active one.

    Parameters
    ----------
    scene : bpy.types.Scene
    placed : bpy.types.Object or None
        What an earlier bake added.
    clip : str
        Name of the clip.
    camera : Camera
    turns : Keys or None
        From `turn_keys`, of all takes of the clip.
    collection : bpy.types.Collection
        For a new camera.
    zoom : Keys or None
        From `zoom_keys`, of all takes of the clip.
    shot : int
        Number of the shot of a clip that was cut; 0 of one that was not.
    """
    placed = in_scene(placed, scene)
    if placed is None:
        name = object_name(clip, camera_name(shot))
        placed = create_camera(name, camera, collection, units_per_metre(scene))
        if scene.camera is None:
            show_through(scene, placed, camera.size)
    if turns is not None:
        turn_camera(placed, turns)
    if zoom is not None:
        zoom_camera(placed, camera, zoom)
    return placed


def put_background(
    camera: bpy.types.Object,
    clip: Path | None,
    timeline: Timeline,
    size: np.ndarray,
    stored: Mapping[str, Any] | None = None,
) -> list[str]:
    """Show the clip behind the scene as `add_background` does; None takes it away.

    How the user wants it shown, and other backgrounds of that camera, stay. Returns warnings.
    """
    looks = _take_away(camera)
    if clip is None:
        return []
    if not clip.exists():
        return [f"The clip {clip} is not there any more; the camera has no background."]
    assert isinstance(camera.data, bpy.types.Camera)
    before = len(camera.data.background_images)
    warnings = add_background(camera, clip, timeline, size, stored)
    for image in list(camera.data.background_images)[before:]:
        if image.clip:
            image.clip[_OURS] = True
        for name, value in looks.items():
            setattr(image, name, value)
    return warnings


def remove_camera(camera: bpy.types.Object) -> None:
    """Take a camera out of the file, with the clip behind it and its turns."""
    _take_away(camera)
    forget_changes([camera])
    data: Any = camera.data
    action = camera.animation_data.action if camera.animation_data else None
    bpy.data.objects.remove(camera)
    if data.users == 0:
        bpy.data.cameras.remove(data)
    remove_baked_action(action)


def _take_away(camera: Any) -> dict[str, Any]:
    """Remove the clips that were put behind a camera here; return how they were shown."""
    images, looks = camera.data.background_images, {}
    for image in [each for each in images if each.clip and _OURS in each.clip]:
        clip, looks = image.clip, {name: getattr(image, name) for name in _LOOKS}
        images.remove(image)
        # A loaded clip counts itself as one user, and backgrounds as none.
        if clip.users <= 1:
            bpy.data.movieclips.remove(clip)
    return looks

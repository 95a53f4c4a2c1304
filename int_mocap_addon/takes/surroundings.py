"""Frame rate and range of the scene, and the camera of the clip with its background."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import bpy

from bake.motion.resample import Keys, Timeline
from bake.scene.background import add_background
from bake.scene.camera_match import create_camera, show_through, turn_camera
from bake.scene.timing import fit_timing
from core_model.take import Take

from ..properties import settings_of
from .listing import find_take, takes_of_capture
from .person import armature_of, in_scene


def fit_scene(scene: bpy.types.Scene, timeline: Timeline, motions: Sequence[Keys]) -> None:
    """Give the scene the frame rate of the motion and make room for it.

    A scene in which nothing was animated gets its range; in any other the range only grows.
    """
    last = max(int(keys.frames[-1]) for keys in motions)
    if not bpy.data.actions:
        fit_timing(scene, timeline, last)
        return
    scene.render.fps, scene.render.fps_base = timeline.rate.fps, timeline.rate.base
    scene.frame_end = max(scene.frame_end, last)


def match_camera(
    scene: bpy.types.Scene, uids: Sequence[str], take: Take, timeline: Timeline
) -> list[str]:
    """Add the camera of a capture and its background, if the Scene panel says so.

    A camera that is there already is kept where it is. The first camera of a scene becomes its
    active one. Returns warnings, one sentence each.

    Parameters
    ----------
    scene : bpy.types.Scene
    uids : sequence of str
        The takes of the capture that were baked.
    take : Take
        One of them.
    timeline : Timeline
    """
    wanted = settings_of(scene).scene
    if take.camera is None or not wanted.with_camera:
        return []
    items = [find_take(scene, uid) for uid in uids]
    item = items[0]
    camera = _camera_of_capture(scene, item)
    if camera is None:
        collection = armature_of(item, scene).users_collection[0]
        stem = Path(item.clip).stem if item.clip else item.name
        camera = create_camera(f"{stem}_camera"[:60], take.camera, collection)
        turn_camera(camera, [take], timeline)
        if scene.camera is None:
            show_through(scene, camera, take.camera.size)
    for each in items:
        each.camera = camera
    remove_background(camera)
    clip = Path(bpy.path.abspath(item.clip)) if item.clip else None
    if clip is None or not wanted.with_background:
        return []
    if not clip.exists():
        return [f"The clip {clip} is not there any more; the camera has no background."]
    return add_background(camera, clip, timeline, take.camera.size, take.source.get("stored"))


def remove_background(camera: Any) -> None:
    """Take the clips behind a camera away, and out of the file if nothing else shows them."""
    clips = [image.clip for image in camera.data.background_images if image.clip]
    camera.data.background_images.clear()
    for clip in clips:
        # A loaded clip counts itself as one user, and backgrounds as none.
        if clip.users <= 1:
            bpy.data.movieclips.remove(clip)


def _camera_of_capture(scene: bpy.types.Scene, item: Any) -> Any:
    cameras = (in_scene(other.camera, scene) for other in takes_of_capture(scene, item))
    return next((camera for camera in cameras if camera), None)

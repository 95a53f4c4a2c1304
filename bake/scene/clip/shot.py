"""A clip in a new scene: its camera as it turned and zoomed, the clip behind it, and its sound.

A clip that was cut has a camera for each of its shots.
"""

from collections.abc import Iterable
from pathlib import Path

import bpy

from bake.motion.resample import Timeline
from bake.scene.clip.background import fit_background
from bake.scene.clip.camera_turns import turn_keys
from bake.scene.clip.camera_zoom import zoom_keys
from bake.scene.clip.clip_camera import put_background, put_camera
from bake.scene.clip.shot_cameras import change_cameras
from bake.scene.clip.sound import put_sound
from bake.scene.clip.view_cameras import put_views
from core_model.take import Take
from core_model.take.shots import by_shots, shot_of_take


def put_shot(
    scene: bpy.types.Scene,
    name: str,
    video: Path | None,
    takes: Iterable[Take],
    timeline: Timeline,
    collection: bpy.types.Collection,
    sound_start: float,
) -> list[str]:
    """Add the camera of a clip, if a take knows it, and what is seen and heard through it.

    The first clip's camera becomes the scene's. Returns warnings, one sentence each.

    Parameters
    ----------
    scene : bpy.types.Scene
        With rate and frame range.
    name : str
        Of the clip.
    video : Path or None
    takes : iterable of Take
        All of the clip.
    timeline : Timeline
    collection : bpy.types.Collection
        For the camera.
    sound_start : float
        Seconds in the clip at which its sound begins.
    """
    warnings: list[str] = []
    cameras: dict[int, bpy.types.Object] = {}
    starts: dict[int, float] = {}
    for number, own in by_shots(takes).items():
        take = next((take for take in own if take.camera), None)
        if take is None or take.camera is None:
            continue
        turns, zoom = turn_keys(own, timeline), zoom_keys(own, timeline)
        placed = put_camera(scene, None, name, take.camera, turns, collection, zoom, number)
        stored = take.source.get("stored")
        warnings += put_background(placed, video, timeline, take.camera.size, stored)
        warnings += put_views(scene, take.camera, take.views, timeline, collection)
        fit_background(scene, placed)
        cameras[number], starts[number] = placed, shot_of_take(take)[1]
    if not cameras:
        return []
    change_cameras(scene, cameras, starts, timeline)
    owner = next(iter(cameras.values())).name
    if put_sound(scene, owner, video, timeline, scene.frame_end, sound_start):
        scene.sync_mode = "AUDIO_SYNC"
    return warnings

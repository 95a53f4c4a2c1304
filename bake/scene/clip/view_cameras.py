"""The further cameras that filmed a performance, each with its clip behind the scene."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import bpy
import numpy as np

from bake.motion.resample import Keys, Timeline
from bake.scene.clip.camera_turns import keys_of_turns
from bake.scene.clip.camera_zoom import keys_of_zoom
from bake.scene.clip.clip_camera import put_background, put_camera, remove_camera
from core_model.geometry.camera import Camera
from core_model.take.view import View

VIEW = "mocap_view"
"""Custom property of such a camera: which of the take's further cameras it is, from 1."""


def put_views(
    scene: bpy.types.Scene,
    camera: Camera | None,
    views: Sequence[View],
    timeline: Timeline,
    collection: bpy.types.Collection,
) -> list[str]:
    """Keep or add the further cameras of a capture, with their clips; returns warnings.

    A camera of an earlier bake that stands in the collection stays where it is.

    Parameters
    ----------
    scene : bpy.types.Scene
    camera : Camera or None
        The first one's, which stands in the world.
    views : sequence of View
        Of a take of the capture.
    timeline : Timeline
        Of the motion, on the first clip's clock.
    collection : bpy.types.Collection
    """
    if camera is None:
        return []
    there: dict[int, Any] = {each[VIEW]: each for each in _ours(collection)}
    warnings = []
    for number, view in enumerate(views, start=1):
        video = Path(view.video)
        in_world = replace(view.camera, to_world=camera.to_world @ view.camera.to_world)
        own = replace(timeline, start=(timeline.start - view.offset) / view.rate)
        turns = _turns(view, in_world.to_world, own)
        zoom = keys_of_zoom(view.times, view.zoom, own) if np.size(view.zoom) else None
        stands = there.get(number)
        placed = put_camera(scene, stands, video.stem, in_world, turns, collection, zoom)
        placed[VIEW] = number
        warnings += put_background(placed, video, own, in_world.size, view.about.get("stored"))
    return warnings


def remove_views(collection: bpy.types.Collection) -> None:
    """Take the further cameras of a capture out of the file, with their clips."""
    for camera in _ours(collection):
        remove_camera(camera)


def _ours(collection: Any) -> list[Any]:
    return [each for each in collection.objects if VIEW in each]


def _turns(view: View, to_world: np.ndarray, timeline: Timeline) -> Keys | None:
    if not np.size(view.turns):
        return None
    return keys_of_turns(view.times, to_world[:3, :3] @ view.turns, timeline)

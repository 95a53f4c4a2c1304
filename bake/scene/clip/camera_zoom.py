"""The lens of a camera that zoomed while it filmed, as that of the Blender camera."""

from collections.abc import Iterable
from typing import Any

import bpy
import numpy as np

from bake.motion.resample import Keys, Timeline, resample
from bake.motion.track import Track
from bake.scene.animation.action import all_holders
from bake.scene.clip.camera_match import lens_of
from bake.scene.frame_drivers import drive_by_frame, is_edited
from core_model.body.skeleton import JOINT_COUNT
from core_model.geometry.camera import Camera
from core_model.take import Take

_PATH = "lens"


def zoom_keys(takes: Iterable[Take], timeline: Timeline) -> Keys | None:
    """Work out how the camera of a clip zoomed; touches nothing in Blender.

    Parameters
    ----------
    takes : iterable of Take
        All from one clip; each knows the zoom in its own frames.
    timeline : Timeline
        Of the motion.

    Returns
    -------
    Keys or None
        X of the positions is the focal length as a multiple of the camera's; None if its lens
        never changed.
    """
    zoom: dict[float, float] = {}
    for take in takes:
        if take.camera is not None and np.size(take.camera_zoom):
            zoom |= dict(zip(take.times.tolist(), take.camera_zoom.tolist(), strict=True))
    if not zoom:
        return None
    times = np.array(sorted(zoom))
    return keys_of_zoom(times, np.array([zoom[time] for time in times]), timeline)


def keys_of_zoom(times: np.ndarray, zoom: np.ndarray, timeline: Timeline) -> Keys:
    """Return the zoom of a camera as keys; X of their positions is it.

    Parameters
    ----------
    times : (T,)
        Seconds of the clip.
    zoom : (T,)
        Focal length as a multiple of the camera's.
    timeline : Timeline
        Of the motion, on the same clock.
    """
    quaternions = np.zeros((len(times), JOINT_COUNT, 4))
    quaternions[..., 0] = 1
    positions = np.zeros((len(times), 3))
    positions[:, 0] = zoom
    return resample(Track(times, quaternions, positions), timeline)


def zoom_camera(placed: bpy.types.Object, camera: Camera, keys: Keys) -> None:
    """Let a camera zoom as the clip's did, unless `is_zoomed_by_hand`.

    Parameters
    ----------
    placed : bpy.types.Object
        From `create_camera`.
    camera : Camera
    keys : Keys
        From `zoom_keys`.
    """
    if is_zoomed_by_hand(placed):
        return
    assert isinstance(placed.data, bpy.types.Camera)
    lens = lens_of(camera) * keys.positions[:, :1]
    drive_by_frame(placed.data, _PATH, keys.frames, lens, keys.last_of_run)


def is_zoomed_by_hand(placed: bpy.types.Object) -> bool:
    """Return whether the user keyed a camera's lens, or changed how the clip's zoomed.

    Parameters
    ----------
    placed : bpy.types.Object
        From `create_camera`.
    """
    data: Any = placed.data
    action = data.animation_data.action if data.animation_data else None
    keyed = action and any(
        curve.data_path == _PATH for holder in all_holders(action) for curve in holder.fcurves
    )
    return bool(keyed) or is_edited(data, _PATH)

"""The turns of a camera that was turned while it filmed, as those of the Blender camera."""

from collections.abc import Iterable

import bpy
import numpy as np

from bake.motion.resample import Keys, Timeline, resample
from bake.motion.track import Track
from bake.scene.animation.action import all_holders
from bake.scene.clip.camera_match import OPENCV_TO_BLENDER
from bake.scene.frame_drivers import drive_by_frame, is_edited
from core_model.body.skeleton import JOINT_COUNT
from core_model.geometry.rotations import matrix_to_quaternion, without_sign_flips
from core_model.take import Take

_PATH = "rotation_quaternion"


def turn_keys(takes: Iterable[Take], timeline: Timeline) -> Keys | None:
    """Work out how the camera of a clip turned; touches nothing in Blender.

    Parameters
    ----------
    takes : iterable of Take
        All from one clip; each knows the turns in its own frames.
    timeline : Timeline
        Of the motion.

    Returns
    -------
    Keys or None
        The first of the rotations is the camera's, in the world; None if it stood still.
    """
    turns: dict[float, np.ndarray] = {}
    for take in takes:
        if take.camera is not None and np.size(take.camera_turns):
            to_world = take.camera.to_world[:3, :3]
            turns |= dict(zip(take.times.tolist(), to_world @ take.camera_turns, strict=True))
    if not turns:
        return None
    times = np.array(sorted(turns))
    return keys_of_turns(times, np.array([turns[time] for time in times]), timeline)


def keys_of_turns(times: np.ndarray, turns: np.ndarray, timeline: Timeline) -> Keys:
    """Return turns of a camera as keys; the first of their rotations is the camera's.

    Parameters
    ----------
    times : (T,)
        Seconds of the clip.
    turns : (T, 3, 3)
        From camera space to the world.
    timeline : Timeline
        Of the motion, on the same clock.
    """
    matrices = turns @ OPENCV_TO_BLENDER[:3, :3]
    quaternions = np.zeros((len(times), JOINT_COUNT, 4))
    quaternions[..., 0] = 1
    quaternions[:, 0] = without_sign_flips(matrix_to_quaternion(matrices)[:, None])[:, 0]
    return resample(Track(times, quaternions, np.zeros((len(times), 3))), timeline)


def turn_camera(placed: bpy.types.Object, keys: Keys) -> None:
    """Let a camera turn as the clip's did, unless `is_turned_by_hand`.

    Parameters
    ----------
    placed : bpy.types.Object
        From `create_camera`.
    keys : Keys
        From `turn_keys`.
    """
    if is_turned_by_hand(placed):
        return
    placed.rotation_mode = "QUATERNION"
    drive_by_frame(placed, _PATH, keys.frames, keys.quaternions[:, 0], keys.last_of_run)


def is_turned_by_hand(placed: bpy.types.Object) -> bool:
    """Return whether the user keyed how a camera turns, or changed how the clip's turned.

    Parameters
    ----------
    placed : bpy.types.Object
        From `create_camera`.
    """
    data = placed.animation_data
    action = data.action if data else None
    keyed = action and any(
        curve.data_path.startswith("rotation")
        for holder in all_holders(action)
        for curve in holder.fcurves
    )
    return bool(keyed) or is_edited(placed, _PATH)

"""The cameras of a clip that was cut: markers change from one to the next, as the clip does."""

from collections.abc import Mapping, Sequence
from typing import Any

import bpy
import numpy as np

from bake.motion.resample import Timeline
from bake.scene.factory import is_default
from bake.scene.marks import SIZE

_NAME = "shot "
"""How the names of these markers begin."""


def camera_name(number: int) -> str:
    """Return what the camera of a shot is called beside its clip's name; 0 is a clip without."""
    return f"camera_{number:02d}" if number else "camera"


def change_cameras(
    scene: bpy.types.Scene,
    cameras: Mapping[int, bpy.types.Object],
    starts: Mapping[int, float],
    timeline: Timeline,
) -> None:
    """Let the scene show each shot of a clip through its camera.

    Markers that are bound to cameras do it, which anyone may move or delete. A scene that looks
    through a camera of the user's is left as it is.

    Parameters
    ----------
    scene : bpy.types.Scene
    cameras : mapping of int to bpy.types.Object
        By the numbers of their shots.
    starts : mapping of int to float
        Likewise the seconds of the clip at which these begin.
    timeline : Timeline
        Of the motion.
    """
    forget_changes(list(cameras.values()))
    shown: Any = scene.camera
    if len(cameras) < 2 or not (shown is None or SIZE in shown or is_default(shown)):
        return
    first = min(cameras)
    for number, camera in sorted(cameras.items()):
        begin = float(np.ceil(timeline.frame_of(np.asarray(starts[number])) - 1e-3))
        frame = timeline.first_frame if number == first else round(begin)
        marker: Any = scene.timeline_markers.new(f"{_NAME}{number}", frame=frame)
        marker.camera = camera
    scene.frame_set(scene.frame_current)


def forget_changes(cameras: Sequence[bpy.types.Object]) -> None:
    """Take away the markers that show cameras, of those that were made here."""
    for scene in bpy.data.scenes:
        markers: Any = scene.timeline_markers
        for marker in list(markers):
            if marker.name.startswith(_NAME) and marker.camera in cameras:
                markers.remove(marker)

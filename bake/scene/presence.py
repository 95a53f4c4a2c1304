"""A body is in the scene only while its person was seen, though its armature always is."""

from collections.abc import Sequence
from typing import Any

import bpy
import numpy as np

from bake.motion.resample import Keys
from bake.scene.frame_drivers import drive_by_frame, is_edited

_SEEN = "mocap_seen"
"""Custom property of a body: first and last frame of the scene when it was last looked at, then the
frame in which its person comes and the one after they go, for each time."""

_PATHS = ("hide_viewport", "hide_render")


def hide_while_unseen(body: bpy.types.Object, keys: Keys, first: int, last: int) -> None:
    """Hide a body from view and render before, after and in the long gaps of its motion.

    Nothing is added for someone who is there all the time.

    Parameters
    ----------
    body : bpy.types.Object
    keys : Keys
        The motion of the person.
    first, last : int
        Frame range of the scene.
    """
    leaves = keys.frames[keys.last_of_run] + 1
    enters = keys.frames[np.concatenate(([True], keys.last_of_run[:-1]))]
    _hide(body, np.stack((enters, leaves), axis=1).ravel().tolist(), first, last)


def hide_in_longer_range(scene: bpy.types.Scene) -> None:
    """Hide bodies that were always there before and after their motion, now that there is more.

    Parameters
    ----------
    scene : bpy.types.Scene
        Its frame range may have grown since its bodies were hidden.
    """
    first, last = scene.frame_start, scene.frame_end
    for body in scene.objects:
        noted: Any = body.get(_SEEN)
        if noted is None or body.library or body.override_library:
            continue
        before = list(noted)
        # Who was hidden in a range of the same length or a longer one, or was not by the user's
        # own wish, stays as he is.
        if first < before[0] or last > before[1]:
            _hide(body, before[2:], first, last)


def _hide(body: bpy.types.Object, seen: Sequence[int], first: int, last: int) -> None:
    body[_SEEN] = [first, last, *seen]
    if len(seen) == 2 and seen[0] <= first and seen[1] > last:
        return
    # Before its first key a curve has that key's value.
    frames = np.array([seen[0] - 1, *seen])
    hidden = np.concatenate(([1.0], np.tile([0.0, 1.0], len(seen) // 2)))
    for path in _PATHS:
        if not is_edited(body, path):
            drive_by_frame(body, path, frames, hidden[:, None], np.ones(len(frames), bool))

"""A body is in the scene only while its person was seen, though its armature always is."""

import bpy
import numpy as np

from bake.motion.resample import Keys
from bake.scene.frame_drivers import drive_by_frame


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
    first_of_run = np.concatenate(([True], keys.last_of_run[:-1]))
    enters = keys.frames[first_of_run]
    if len(enters) == 1 and enters[0] <= first and leaves[0] > last:
        return
    # Before its first key a curve has that key's value.
    frames = np.concatenate(([enters[0] - 1], np.stack((enters, leaves), axis=1).ravel()))
    hidden = np.concatenate(([1.0], np.tile([0.0, 1.0], len(enters))))
    for path in ("hide_viewport", "hide_render"):
        drive_by_frame(body, path, frames, hidden[:, None], np.ones(len(frames), bool))

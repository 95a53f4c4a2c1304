"""What the capture was sure of, shown on the timeline: key types, and a curve to read."""

from typing import Any

import bpy
import numpy as np

from bake.motion.doubtful import DOUBTFUL
from bake.motion.resample import Keys, Timeline
from bake.reduction.key_reduction import reduce_curve
from bake.scene.animation.action import bone_path, forget_curves, write_curves, write_keys
from bake.scene.marks import PROPERTY
from core_model.body.skeleton import JOINT_NAMES
from core_model.take import Take

_PATH = f'["{PROPERTY}"]'
_CHANNELS = ("location", "rotation_quaternion", "rotation_euler")
_KINDS = np.array([0, 2, 1], np.uint8)
"""Types of keys, as Blender numbers them, by growing doubt: keyframe, breakdown, extreme."""
_ROUGHLY = 0.02  # that the curve may be off: nobody reads it more closely


def confidence_at(take: Take, keys: Keys, timeline: Timeline) -> np.ndarray:
    """Return the confidence (K, 24) of each joint at the frames of `keys`; 0 where not seen."""
    known = np.where(take.frame_valid[:, None], take.confidence, 0.0)
    times = timeline.time_of(keys.frames)
    after = np.searchsorted(take.times, times).clip(1, max(len(take) - 1, 1))
    before = after - 1
    after = np.minimum(after, len(take) - 1)
    nearer = np.abs(take.times[before] - times) <= np.abs(take.times[after] - times)
    return np.asarray(known[np.where(nearer, before, after)])


def show_confidence(
    armature: bpy.types.Object,
    curves: Any,
    keys: Keys,
    confidence: np.ndarray,
    *,
    reduced: bool = False,
) -> None:
    """Key the mean confidence as a property, 0 in long gaps, and mark each bone's doubtful keys.

    Doubtful keys become breakdowns, keys of frames in which the person was not seen extremes: the
    timeline and the dope sheet draw them in other colours. A key stands for all frames that it is
    the nearest to.

    Parameters
    ----------
    armature : bpy.types.Object
        From `create_armature`.
    curves : bpy.types.Action or bpy.types.ActionChannelbag
        Holder of the curves of its action, as `baked_action` returns it.
    keys : Keys
        What was keyed.
    confidence : (K, 24)
        From `confidence_at`.
    reduced : bool
        Whether the property gets few keys, too.
    """
    unseen = (confidence == 0).all(axis=1)
    doubt = np.where(unseen[:, None], 2, confidence < DOUBTFUL)
    of_path = {
        bone_path(name, channel): doubt[:, joint]
        for joint, name in enumerate(JOINT_NAMES)
        for channel in _CHANNELS
    }
    for curve in curves.fcurves:
        if curve.data_path in of_path:
            points = curve.keyframe_points
            placed = np.empty(2 * len(points), np.float32)
            points.foreach_get("co", placed)
            worst = _worst_near(placed[::2], keys.frames, of_path[curve.data_path])
            points.foreach_set("type", _KINDS[worst])
    armature[PROPERTY] = 1.0
    presented = armature.id_properties_ui(PROPERTY)
    assert presented
    presented.update(min=0.0, max=1.0, description="How sure the capture is of this frame")
    frames, values = _with_absence(keys, confidence.mean(axis=1))
    absent = np.append(values[:-1] == 0, True)
    if reduced:
        write_keys(curves, _PATH, "Mocap", reduce_curve(values[:, None], frames, absent, _ROUGHLY))
    else:
        write_curves(curves, _PATH, "Mocap", frames, values[:, None], absent)


def _worst_near(placed: np.ndarray, frames: np.ndarray, doubt: np.ndarray) -> np.ndarray:
    """Return for keys (M,) the most doubt of all frames (K,) that each is the nearest to."""
    edges = np.searchsorted(frames, (placed[:-1] + placed[1:]) / 2)
    return np.asarray(np.maximum.reduceat(doubt, np.concatenate(([0], edges))))


def hide_confidence(armature: bpy.types.Object, curves: Any) -> None:
    """Take away what `show_confidence` added beside the keys."""
    forget_curves(curves, {_PATH})
    if armature.get(PROPERTY) is not None:
        del armature[PROPERTY]


def _with_absence(keys: Keys, confidence: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return frames and confidence with a 0 where each long gap begins."""
    gone = keys.frames[keys.last_of_run][:-1] + 1
    frames = np.concatenate((keys.frames, gone))
    # Where someone comes back in the very next frame, that frame's own value counts.
    frames, first = np.unique(frames, return_index=True)
    return frames, np.concatenate((confidence, np.zeros(len(gone))))[first]

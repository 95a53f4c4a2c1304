"""What the capture was sure of, shown on the timeline: key types, and a curve to read."""

from typing import Any

import bpy
import numpy as np

from bake.motion.resample import Keys, Timeline
from bake.scene.action import bone_path, forget_curves, write_curves
from bake.scene.marks import DOUBTFUL, PROPERTY
from core_model.body.skeleton import JOINT_NAMES
from core_model.take import Take

_PATH = f'["{PROPERTY}"]'
_KEYFRAME, _EXTREME, _BREAKDOWN = 0, 1, 2  # Blender's numbers for types of keys


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
    armature: bpy.types.Object, curves: Any, keys: Keys, confidence: np.ndarray
) -> None:
    """Key the mean confidence as a property, 0 in long gaps, and mark each bone's doubtful keys.

    Doubtful keys become breakdowns, keys of frames in which the person was not seen extremes: the
    timeline and the dope sheet draw them in other colours.

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
    """
    unseen = (confidence == 0).all(axis=1)
    for joint, name in enumerate(JOINT_NAMES):
        kinds = np.where(confidence[:, joint] < DOUBTFUL, _BREAKDOWN, _KEYFRAME)
        kinds = np.where(unseen, _EXTREME, kinds).astype(np.uint8)
        paths = {bone_path(name, "rotation_quaternion")}
        if joint == 0:
            paths.add(bone_path(name, "location"))
        for curve in curves.fcurves:
            if curve.data_path in paths:
                curve.keyframe_points.foreach_set("type", kinds)
    armature[PROPERTY] = 1.0
    presented = armature.id_properties_ui(PROPERTY)
    assert presented
    presented.update(min=0.0, max=1.0, description="How sure the capture is of this frame")
    frames, values = _with_absence(keys, confidence.mean(axis=1))
    write_curves(curves, _PATH, "Mocap", frames, values[:, None], values == 0)


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

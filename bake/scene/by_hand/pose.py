"""Poses of an armature as plain values, and what lies between two of them."""

from typing import Any

import numpy as np

from bake.scene.animation.channels import EULER, LOCATION, QUATERNION
from core_model.geometry.rotations import quaternion_multiply

Pose = dict[str, dict[str, list[float]]]
"""Location, scale and rotation, as the bone's mode has it, by the names of bone and property."""

_SAME = 1e-6
_INVERSE = np.array([1.0, -1.0, -1.0, -1.0])
_ROTATIONS = {"QUATERNION": QUATERNION, "AXIS_ANGLE": "rotation_axis_angle"}
_AT_REST = {
    LOCATION: (0.0, 0.0, 0.0),
    "scale": (1.0, 1.0, 1.0),
    QUATERNION: (1.0, 0.0, 0.0, 0.0),
    "rotation_axis_angle": (0.0, 0.0, 1.0, 0.0),
    EULER: (0.0, 0.0, 0.0),
}


def read_pose(armature: Any) -> Pose:
    """Return what the bones of an armature object show now, keyed or not."""
    return {
        bone.name: {
            name: list(getattr(bone, name))
            for name in (LOCATION, "scale", _ROTATIONS.get(bone.rotation_mode, EULER))
        }
        for bone in armature.pose.bones
    }


def put_pose(armature: Any, pose: Pose) -> None:
    """Let the bones of an armature object show a pose until its animation is read again."""
    for name, values in pose.items():
        bone = armature.pose.bones.get(name)
        for channel, value in values.items() if bone else ():
            setattr(bone, channel, value)


def moved_channels(before: Pose, after: Pose) -> list[tuple[str, str]]:
    """Return the bones and properties that differ between two poses."""
    return [
        (bone, channel)
        for bone, values in after.items()
        for channel, value in values.items()
        if channel in before.get(bone, {})
        and not np.allclose(value, before[bone][channel], rtol=0, atol=_SAME)
    ]


def at_rest(channel: str) -> np.ndarray | None:
    """Return the value of a property of a bone that combines with any other to that one.

    None for properties that are no part of a pose.
    """
    return np.array(_AT_REST[channel]) if channel in _AT_REST else None


def layer_value(channel: str, layer: Any, before: Any, after: Any) -> np.ndarray:
    """Return what a Combine layer has to hold for a property, so that another pose is shown.

    Parameters
    ----------
    channel : str
        Name of the property.
    layer : (C,)
        What the layer held when `before` was shown.
    before, after : (C,)
        What was shown, and what is to be.
    """
    held, shown, wanted = (np.array(each, np.float64) for each in (layer, before, after))
    if channel == QUATERNION:
        turn = quaternion_multiply(_unit(shown) * _INVERSE, _unit(wanted))
        return np.asarray(quaternion_multiply(_unit(held), turn))
    if channel == "scale":
        return held * wanted / np.where(shown == 0, 1, shown)
    return held + wanted - shown


def _unit(quaternion: np.ndarray) -> np.ndarray:
    return quaternion / max(float(np.linalg.norm(quaternion)), 1e-9)

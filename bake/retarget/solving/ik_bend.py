"""IK chains that are straight at rest: Blender's IK never bends them, or bends them backwards.

It goes by how the bones are posed before; so such a chain is posed with a trace of a bend, to the
side that its pole shows, which is gone as soon as the IK does its work.
"""

import numpy as np

from bake.retarget.joints import LIMBS
from bake.retarget.maps.bone_map import BoneMap, Setting
from bake.retarget.rig import AXIS_ANGLE, BY_QUATERNION, Bone
from bake.retarget.solving.ik_chains import limb_chains
from bake.retarget.solving.posing import Posing
from bake.retarget.solving.two_bone import square, unit

_STRAIGHT = np.radians(1.0)  # between two bones: what is bent more bends on by itself
_BEND = np.radians(2.0)


def bent_chains(
    posing: Posing, bone_map: BoneMap, limbs: str, forward: np.ndarray
) -> tuple[Setting, ...]:
    """Return what bends the lower bones of straight IK chains as little as Blender's IK needs.

    Parameters
    ----------
    posing : Posing
        Whose mapped bones and controls are told how to turn.
    bone_map : BoneMap
    limbs : str
        One of `bake.retarget.settings.LIMBS`.
    forward : (3,)
        Where knees point at rest, world; elbows point the other way. Poles know it better.
    """
    axes, bones = posing.rest.axes, posing.rig.bones
    about: dict[int, np.ndarray] = {}
    for name, chain, constraint in limb_chains(posing.rig, bone_map, limbs):
        lower, upper = chain[0], chain[-1]
        if len(chain) != 2 or lower in posing.turns or (lower in about and not constraint.pole):
            continue
        along = axes[upper][:, 1]
        if np.arccos(np.clip(along @ axes[lower][:, 1], -1, 1)) > _STRAIGHT:
            continue
        out = forward if len(LIMBS[name]) > 3 else -forward
        if constraint.pole:
            angle = constraint.pole_angle
            out = np.cos(angle) * axes[upper][:, 0] + np.sin(angle) * axes[upper][:, 2]
        about[lower] = axes[lower].T @ unit(np.cross(square(out, along), along))
    return tuple(each for bone, axis in about.items() for each in _turned(bones[bone], axis))


def _turned(bone: Bone, axis: np.ndarray) -> list[Setting]:
    """Return what turns a bone a little about an axis (3,) of its own, in its rotation mode."""
    if bone.mode == BY_QUATERNION:
        path, values = "rotation_quaternion", [np.cos(_BEND / 2), *np.sin(_BEND / 2) * axis]
    elif bone.mode == AXIS_ANGLE:
        path, values = "rotation_axis_angle", [_BEND, *axis]
    else:
        path, values = "rotation_euler", [*_BEND * axis]
    return [
        Setting(bone.name, path, float(value), built_in=True, index=index)
        for index, value in enumerate(values)
    ]

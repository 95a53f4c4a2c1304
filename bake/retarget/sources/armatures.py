"""What any armature does, through its bone map, as a human in motion."""

from collections.abc import Mapping, Sequence

import numpy as np

from bake.retarget.human import HUMAN_JOINTS, HumanMotion
from bake.retarget.joints import NEXT
from bake.retarget.maps.bone_map import BoneMap
from bake.retarget.rig import Rig
from core_model.errors import RigError
from core_model.geometry.rotations import (
    matrix_to_quaternion,
    nearest_rotation,
    without_sign_flips,
)

_SHEARED = 1e-4
"""Axes of a matrix that are further from square were sheared."""


def human_of_rig(
    name: str,
    rig: Rig,
    bone_map: BoneMap,
    bones: Sequence[str],
    matrices: np.ndarray,
    frames: np.ndarray,
    fps: float,
) -> HumanMotion:
    """Return the motion of an armature through its map.

    Parameters
    ----------
    name : str
        Of the person.
    rig : Rig
    bone_map : BoneMap
        Of that armature.
    bones : sequence of str
        Those of the map.
    matrices : (K, B, 4, 4)
        Of `bones` in the world at every frame: `Object.matrix_world @ PoseBone.matrix`, metres.
    frames : (K,) int
    fps : float

    Raises
    ------
    RigError
        When the map has no pelvis on this armature.
    """
    places, columns = rig.place_of(), {bone: index for index, bone in enumerate(bones)}
    found = {
        joint: [bone for bone in mapped.bones if bone in columns and bone in places]
        for joint, mapped in bone_map.joints.items()
    }
    joints = tuple(joint for joint in HUMAN_JOINTS if found.get(joint))
    if "pelvis" not in joints:
        raise RigError(f"The bone map of {rig.name} has no pelvis that the armature has.")
    first = [found[joint][0] for joint in joints]
    last = [_carrier(joint, found, rig) for joint in joints]
    heads, tails = rig.world_heads(), rig.world_tails()
    ends = np.stack([tails[places[bone]] for bone in last])
    for row, joint in enumerate(joints):
        after = [other for other in NEXT.get(joint, ()) if other in joints]
        if after:
            ends[row] = heads[places[found[after[0]][0]]]
    at_rest = np.stack([(rig.to_world @ rig.bones[places[bone]].rest)[:3, :3] for bone in last])
    posed = matrices[:, [columns[bone] for bone in last], :3, :3]
    turns = _without_scale(posed) @ np.swapaxes(_without_scale(at_rest), -1, -2)
    return HumanMotion(
        name=name,
        joints=joints,
        rest=heads[[places[bone] for bone in first]],
        ends=ends,
        turns=without_sign_flips(matrix_to_quaternion(turns)),
        places=matrices[..., :3, 3][:, [columns[bone] for bone in first]],
        frames=frames,
        last_of_run=np.arange(len(frames)) == len(frames) - 1,
        fps=fps,
    )


def _without_scale(matrices: np.ndarray) -> np.ndarray:
    """Return the rotations (..., 3, 3) in matrices that may be scaled, seldom sheared."""
    lengths = np.linalg.norm(matrices, axis=-2, keepdims=True)
    rotations = matrices / np.maximum(lengths, 1e-12)
    square = np.swapaxes(rotations, -1, -2) @ rotations
    askew = np.abs(square - np.eye(3)).max(axis=(-1, -2)) > _SHEARED
    askew |= np.linalg.det(rotations) < 0
    if askew.any():
        # Thirty times as slow.
        rotations[askew] = nearest_rotation(matrices[askew])
    return np.asarray(rotations)


def _carrier(joint: str, found: Mapping[str, list[str]], rig: Rig) -> str:
    """Return which bone of a joint has its whole turn: the last that the next joint hangs on."""
    bones = found[joint]
    after = [other for other in NEXT.get(joint, ()) if found.get(other)]
    if not after:
        return bones[-1]
    places = rig.place_of()
    above, bone = set(), places[found[after[0]][0]]
    while (bone := rig.bones[bone].parent) >= 0:
        above.add(rig.bones[bone].name)
    return next((bone for bone in reversed(bones) if bone in above), bones[0])

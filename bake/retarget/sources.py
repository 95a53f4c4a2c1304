"""Every source as a human in motion: a take on its body, or any armature with an action."""

from collections.abc import Mapping, Sequence

import numpy as np

from bake.retarget.bone_map import BoneMap
from bake.retarget.human import BODY_JOINTS, HUMAN_JOINTS, HumanMotion
from bake.retarget.joints import NEXT
from bake.retarget.rig import Rig
from bake.scene.animation.motion import Motion
from core_model.body.fingers import FINGER_JOINT_NAMES, place_fingers
from core_model.body.skeleton import JOINT_INDEX, SMPL_TO_WORLD, forward_kinematics
from core_model.errors import RigError
from core_model.geometry.rotations import (
    matrix_to_quaternion,
    nearest_rotation,
    quaternion_to_matrix,
    without_sign_flips,
)

_SHEARED = 1e-4

_HEAD = 0.2
_TOES = 0.08
"""Lengths in metres of the bones at whose ends there is no joint."""


def human_of_motion(motion: Motion, name: str) -> HumanMotion:
    """Return a take as it was cleaned up and put on its body.

    Parameters
    ----------
    motion : Motion
    name : str
        Of the person.
    """
    keys = motion.keys
    to_rest = SMPL_TO_WORLD.T
    locals_ = quaternion_to_matrix(keys.quaternions)
    rest = motion.joints @ SMPL_TO_WORLD
    places, turned = forward_kinematics(locals_, rest)
    shift = keys.positions - places[:, 0]
    joints, ends = _body_rest(motion)
    names: tuple[str, ...] = BODY_JOINTS
    knuckles = {}
    if motion.fingers is not None and motion.body.has_fingers:
        fingers, tips = motion.rest_fingers()
        bent = quaternion_to_matrix(motion.fingers)
        placed, finger_turned = place_fingers(bent, places, turned, rest, fingers @ SMPL_TO_WORLD)
        places, turned = _with(places, placed), _with(turned, finger_turned)
        joints, ends = (
            np.concatenate((joints, fingers)),
            np.concatenate((ends, _leads(fingers, tips))),
        )
        names = HUMAN_JOINTS
    else:
        places, turned = places[:, : len(names)], turned[:, : len(names)]
        if motion.body.has_fingers:
            knuckles = dict(zip(FINGER_JOINT_NAMES, motion.rest_fingers()[0], strict=True))
    return HumanMotion(
        name=name,
        joints=names,
        rest=joints,
        ends=ends,
        turns=without_sign_flips(matrix_to_quaternion(turned @ to_rest)),
        places=places + shift[:, None],
        frames=keys.frames,
        last_of_run=keys.last_of_run,
        fps=motion.fps,
        knuckles=knuckles,
    )


def _with(body: np.ndarray, fingers: np.ndarray) -> np.ndarray:
    return np.concatenate((body[:, : len(BODY_JOINTS)], fingers), axis=1)


def _leads(fingers: np.ndarray, tips: np.ndarray) -> np.ndarray:
    """Return where the bones of fingers (30, 3) end."""
    ends = np.roll(fingers, -1, axis=0)
    ends[2::3] = tips
    return ends


def _body_rest(motion: Motion) -> tuple[np.ndarray, np.ndarray]:
    """Return the body's joints (22, 3) at rest in the world and where their bones end."""
    joints = motion.joints[: len(BODY_JOINTS)]
    ends = joints.copy()
    for joint, name in enumerate(BODY_JOINTS):
        after = [other for other in NEXT.get(name, ()) if other in BODY_JOINTS]
        if after:
            ends[joint] = joints[JOINT_INDEX[after[0]]]
    ends[JOINT_INDEX["head"]] += [0.0, 0.0, _HEAD]
    for side in ("left", "right"):
        ends[JOINT_INDEX[f"{side}_wrist"]] = motion.joints[JOINT_INDEX[f"{side}_hand"]]
        ends[JOINT_INDEX[f"{side}_foot"]] += [0.0, -_TOES, 0.0]
    return joints, ends


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

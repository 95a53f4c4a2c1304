"""Every source as a human in motion: a take on its body, or any armature with an action."""

import numpy as np

from bake.retarget.bone_map import BoneMap
from bake.retarget.human import BODY_JOINTS, HUMAN_JOINTS, HumanMotion
from bake.retarget.joints import NEXT
from bake.retarget.rig import Rig
from bake.scene.animation.motion import Motion
from core_model.body.fingers import place_fingers
from core_model.body.skeleton import JOINT_INDEX, SMPL_TO_WORLD, forward_kinematics
from core_model.errors import MocapError
from core_model.geometry.rotations import (
    matrix_to_quaternion,
    nearest_rotation,
    quaternion_to_matrix,
    without_sign_flips,
)

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
    names = BODY_JOINTS
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
    matrices : (K, B, 4, 4)
        Of the bones `source_bones(rig, bone_map)`, in that order: `Object.matrix_world @
        PoseBone.matrix` at every frame.
    frames : (K,) int
    fps : float

    Raises
    ------
    MocapError
        When the map has no pelvis on this armature.
    """
    places = rig.place_of()
    joints = _source_joints(rig, bone_map)
    if "pelvis" not in joints:
        raise MocapError(f"The bone map of {rig.name} has no pelvis that the armature has.")
    bones = [places[bone] for bone in source_bones(rig, bone_map)]
    heads, tails = rig.world_heads(), rig.world_tails()
    at_rest = nearest_rotation(
        np.stack([(rig.to_world @ rig.bones[bone].rest)[:3, :3] for bone in bones])
    )
    turns = nearest_rotation(matrices[..., :3, :3]) @ np.swapaxes(at_rest, -1, -2)
    first, last = {}, {}
    index = 0
    for joint in joints:
        count = len(_bones_of(rig, bone_map, joint))
        first[joint], last[joint] = index, index + count - 1
        index += count
    rest = np.stack([heads[bones[first[joint]]] for joint in joints])
    ends = np.stack([tails[bones[last[joint]]] for joint in joints])
    for row, joint in enumerate(joints):
        after = [other for other in NEXT.get(joint, ()) if other in joints]
        if after:
            ends[row] = heads[bones[first[after[0]]]]
    return HumanMotion(
        name=name,
        joints=joints,
        rest=rest,
        ends=ends,
        # The last of several bones has the whole turn.
        turns=without_sign_flips(matrix_to_quaternion(turns[:, [last[joint] for joint in joints]])),
        places=matrices[:, [first[joint] for joint in joints], :3, 3],
        frames=frames,
        last_of_run=np.arange(len(frames)) == len(frames) - 1,
        fps=fps,
    )


def source_bones(rig: Rig, bone_map: BoneMap) -> tuple[str, ...]:
    """Return the bones whose world matrices `human_of_rig` needs."""
    return tuple(
        bone for joint in _source_joints(rig, bone_map) for bone in _bones_of(rig, bone_map, joint)
    )


def _source_joints(rig: Rig, bone_map: BoneMap) -> tuple[str, ...]:
    return tuple(joint for joint in HUMAN_JOINTS if _bones_of(rig, bone_map, joint))


def _bones_of(rig: Rig, bone_map: BoneMap, joint: str) -> list[str]:
    there = set(rig.names)
    mapped = bone_map.joints.get(joint)
    return [bone for bone in mapped.bones if bone in there] if mapped else []

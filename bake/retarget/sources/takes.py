"""A take as a human in motion, as it was cleaned up and put on its body."""

import numpy as np

from bake.retarget.human import BODY_JOINTS, HUMAN_JOINTS, HumanMotion
from bake.retarget.joints import NEXT
from bake.scene.animation.motion import Motion
from core_model.body.fingers import FINGER_JOINT_NAMES, place_fingers
from core_model.body.skeleton import JOINT_INDEX, SMPL_TO_WORLD, forward_kinematics
from core_model.geometry.rotations import (
    matrix_to_quaternion,
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

"""From SMPL's rotations to those of Blender's pose bones, and the rest pose in Blender's world."""

import numpy as np

from core_model.body.model import Body
from core_model.body.skeleton import SMPL_TO_WORLD
from core_model.geometry.rotations import (
    matrix_to_quaternion,
    nearest_rotation,
    quaternion_multiply,
)

_CONJUGATE = np.array([1.0, -1.0, -1.0, -1.0])


def rest_in_world(body: Body, betas: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Place a body in its T-pose on the floor of Blender's world: Z up, facing -Y, soles at z = 0.

    Returns
    -------
    joints : (24, 3)
        Metres.
    vertices : (V, 3)
        Metres.
    """
    joints = body.rest_joints(betas) @ SMPL_TO_WORLD.T
    vertices = body.rest_vertices(betas) @ SMPL_TO_WORLD.T
    lift = np.array([0.0, 0.0, -vertices[:, 2].min()])
    return joints + lift, vertices + lift


def fingers_in_world(body: Body, betas: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Place the fingers of a body in its T-pose where `rest_in_world` places the rest of it.

    Returns
    -------
    joints : (30, 3)
        Metres.
    tips : (10, 3)
        Metres.

    Raises
    ------
    AssetError
        When the fingers of this body cannot be moved.
    """
    lift = rest_in_world(body, betas)[0][0] - body.rest_joints(betas)[0] @ SMPL_TO_WORLD.T
    joints, tips = body.rest_fingers(betas)
    return joints @ SMPL_TO_WORLD.T + lift, tips @ SMPL_TO_WORLD.T + lift


def pose_bone_quaternions(
    quaternions: np.ndarray, rest: np.ndarray, first_is_root: bool = True
) -> np.ndarray:
    """Turn SMPL's local rotations into the `rotation_quaternion` of pose bones.

    A pose bone turns in the axes of its own rest orientation B: with C from SMPL to Blender's
    world, a joint's rotation R becomes `B^-1 C R C^-1 B`. The pelvis's R already ends in the world:
    `B^-1 R C^-1 B`.

    Parameters
    ----------
    quaternions : (K, N, 4)
        Local rotations, w first; joint 0, if it is the root, turns SMPL space to the world.
    rest : (N, 3, 3)
        Rest orientation of each bone in the armature (`Bone.matrix_local`).
    first_is_root : bool

    Returns
    -------
    (K, N, 4)
    """
    exact = nearest_rotation(rest)
    from_bone = matrix_to_quaternion(SMPL_TO_WORLD.T @ exact)
    to_bone = from_bone * _CONJUGATE
    if first_is_root:
        to_bone[0] = matrix_to_quaternion(exact[0]) * _CONJUGATE
    turned = quaternion_multiply(quaternions, np.broadcast_to(from_bone, quaternions.shape))
    return quaternion_multiply(np.broadcast_to(to_bone, quaternions.shape), turned)


def root_locations(positions: np.ndarray, rest: np.ndarray, rest_pelvis: np.ndarray) -> np.ndarray:
    """Return the `location` (K, 3) of the pelvis bone that puts its head at `positions` (K, 3).

    Parameters
    ----------
    positions : (K, 3)
        World, metres.
    rest : (3, 3)
        Rest orientation of the pelvis bone.
    rest_pelvis : (3,)
        Its head at rest in the world, metres.
    """
    return (positions - rest_pelvis) @ nearest_rotation(rest)

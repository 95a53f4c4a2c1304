"""Takes moved, turned and mirrored as a whole, with the camera that filmed them."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from bake.finishing.contacts import at_places, touching_as
from bake.finishing.footage import footage_of, in_a_mirror, placed
from bake.finishing.frames import pelvis_of, unfilmed
from bake.motion.cycles import as_cycle, is_cycle
from core_model.body.model import Body
from core_model.body.skeleton import JOINT_INDEX, MIRROR
from core_model.geometry.rotations import axis_angle_to_matrix, matrix_to_axis_angle
from core_model.take import Take

_ANKLES = [JOINT_INDEX["left_ankle"], JOINT_INDEX["right_ankle"]]
_ACROSS = np.diag([-1.0, 1.0, 1.0])
_SIDES = {"left": "right", "right": "left"}
_ANGLES_ACROSS = np.array([1.0, -1.0, -1.0])


def moved(take: Take, by: np.ndarray) -> Take:
    """Return a take that is moved by (3,) metres, and its camera with it."""
    camera = take.camera
    if camera is not None:
        to_world = camera.to_world.copy()
        to_world[:3, 3] += by
        camera = replace(camera, to_world=to_world)
    footage = None if take.footage is None else placed(take.footage, np.eye(3), by)
    there = replace(take, trans=take.trans + by, camera=camera, footage=footage)
    return at_places(there, lambda points: points + by, float(by[2]))


def turned_about(take: Take, body: Body, angle: float, centre: np.ndarray) -> Take:
    """Return a take that is turned about an upright axis, and its camera with it.

    Parameters
    ----------
    take : Take
    body : Body
    angle : float
        Radians, seen from above counter-clockwise.
    centre : (2,)
        Of the axis, metres.
    """
    turn = np.asarray(axis_angle_to_matrix(np.array([0.0, 0.0, angle])))
    middle = np.array([*centre, 0.0])
    rotations = take.rotations()[:, :1]
    poses = take.poses.copy()
    poses[:, :3] = matrix_to_axis_angle(turn @ rotations)[:, 0]
    pelvis = (pelvis_of(take, body) - middle) @ turn.T + middle
    camera = take.camera
    if camera is not None:
        to_world = camera.to_world.copy()
        to_world[:3, :3] = turn @ to_world[:3, :3]
        to_world[:3, 3] = turn @ (to_world[:3, 3] - middle) + middle
        camera = replace(camera, to_world=to_world)
    trans = pelvis - body.rest_joints(take.betas)[0]
    footage = take.footage
    if footage is not None:
        footage = placed(footage, turn, middle - turn @ middle)
    turned = replace(take, poses=poses, trans=trans, camera=camera, footage=footage)
    return at_places(turned, lambda points: (points - middle) @ turn.T + middle)


def standing_at(
    take: Take, body: Body, heading: float = 0.0, place: Sequence[float] = (0.0, 0.0)
) -> Take:
    """Return a take that begins at a place, facing somewhere.

    Parameters
    ----------
    take : Take
    body : Body
    heading : float
        Radians about Z, seen from above counter-clockwise; 0 faces -Y.
    place : (2,) of float
        Where the middle between the ankles is in the first frame, metres.
    """
    x, y = take.rotations()[0, 0, :2, 2]
    angle = heading - float(np.arctan2(x, -y))
    ankles = take.joints(body)[0, _ANKLES].mean(axis=0)[:2]
    turned = turned_about(take, body, angle, ankles)
    return moved(turned, np.array([*(np.asarray(place) - ankles), 0.0]))


def mirrored(take: Take, body: Body) -> Take:
    """Return a take in a mirror: left is right, and the world's X goes the other way."""
    rotations = take.rotations()[:, list(MIRROR)]
    rotations = _ACROSS @ rotations @ _ACROSS
    rest = body.rest_joints(take.betas)[0]
    hands = take.poses_hands
    if hands is not None:
        sides = hands.reshape(len(take), 2, -1, 3)[:, ::-1] * _ANGLES_ACROSS
        hands = sides.reshape(len(take), -1)
    result = unfilmed(
        take,
        poses=matrix_to_axis_angle(rotations).reshape(len(take), -1),
        trans=(take.trans + rest) * [-1.0, 1.0, 1.0] - rest,
        confidence=take.confidence[:, list(MIRROR)],
        poses_hands=hands,
        confidence_hands=take.confidence_hands[:, ::-1],
        footage=in_a_mirror(footage_of(take, body)),
    )
    across = touching_as(result, lambda touch: replace(touch, limb=_other_side(touch.limb)))
    across = as_cycle(across, is_cycle(take))
    return at_places(across, lambda points: points * np.diag(_ACROSS))


def _other_side(limb: str) -> str:
    side, _, part = limb.rpartition("_")
    return f"{_SIDES[side]}_{part}" if side else limb

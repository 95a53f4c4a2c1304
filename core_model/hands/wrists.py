"""Wrists turned as the hands were seen."""

import numpy as np

from core_model.body.fingers import SIDES
from core_model.body.skeleton import JOINT_INDEX, forward_kinematics
from core_model.geometry.camera import Camera
from core_model.geometry.rotations import (
    axis_angle_to_matrix,
    matrix_to_axis_angle,
    matrix_to_quaternion,
    rotation_between,
)
from core_model.hands.model import HandModel, palm_rotations
from core_model.tracking.hand_tracker import HandObservations

_MOST = 0.5  # of the way from the body's own opinion to the hand's: they err alike
_AGREE, _DISAGREE = np.radians(45.0), np.radians(75.0)
"""Differences up to which a hand is believed as above, and from which on it is not: then it was
taken for its back or its edge."""
_STEADIED = 0.1  # seconds
_BENT = np.radians(85.0)  # of wrists, up and down: Norkin and White
_ASIDE = np.radians(35.0)
_SPLIT = 0.5  # of the forearm's twist is taken at the elbow, as the rest pose has it


def palms_in_camera(
    sights: HandObservations, camera: Camera, side: int, model: HandModel
) -> np.ndarray:
    """Return the rotations (T, 3, 3) from SMPL space to camera space of one person's palms.

    What the network says of a hand is as if the camera looked straight at it.
    """
    rays = camera.rays(sights.landmarks[:, side].mean(axis=1))
    rays /= np.linalg.norm(rays, axis=-1, keepdims=True)
    towards = rotation_between(np.broadcast_to([0.0, 0.0, 1.0], rays.shape), rays)
    return np.asarray(towards @ palm_rotations(model, sights.world[:, side]))


def turn_wrists(
    rotations: np.ndarray,
    rest_joints: np.ndarray,
    palms: np.ndarray,
    confidence: np.ndarray,
    times: np.ndarray,
) -> np.ndarray:
    """Turn wrists towards hands that were seen, and share the twist between forearm and wrist.

    Parameters
    ----------
    rotations : (T, 24, 3, 3)
        Local rotations; joint 0 turns SMPL space to camera space.
    rest_joints : (24, 3)
        Metres.
    palms : (T, 2, 3, 3)
        From `palms_in_camera`, left and right.
    confidence : (T, 2)
        0 to 1; 0 where the hand was not seen.
    times : (T,)
        Seconds.

    Returns
    -------
    (T, 24, 3, 3)
        With the hands' own joints at rest, for fingers to be measured from.
    """
    result = rotations.copy()
    _, turned = forward_kinematics(rotations, rest_joints)
    for side, name in enumerate(SIDES):
        elbow, wrist, hand = (JOINT_INDEX[f"{name}_{part}"] for part in ("elbow", "wrist", "hand"))
        result[:, hand] = np.eye(3)
        change = matrix_to_axis_angle(np.swapaxes(turned[:, wrist], 1, 2) @ palms[:, side])
        apart = np.linalg.norm(change, axis=1)
        agree = np.clip((_DISAGREE - apart) / (_DISAGREE - _AGREE), 0, 1)
        trust = _MOST * confidence[:, side] * agree
        bent = rotations[:, wrist] @ axis_angle_to_matrix(_steady(change, trust, times))
        forearm = rest_joints[wrist] - rest_joints[elbow]
        forearm = forearm / np.linalg.norm(forearm)
        result[:, elbow], result[:, wrist] = _shared(rotations[:, elbow], bent, forearm)
    return result


def _steady(change: np.ndarray, trust: np.ndarray, times: np.ndarray) -> np.ndarray:
    """Return changes (T, 3) that come and go smoothly, by trust (T,)."""
    smoothed = np.zeros_like(change)
    for frame, time in enumerate(times):
        near = slice(*np.searchsorted(times, (time - 3 * _STEADIED, time + 3 * _STEADIED)))
        weight = np.exp(-0.5 * ((times[near] - time) / _STEADIED) ** 2)
        smoothed[frame] = (weight * trust[near]) @ change[near] / weight.sum()
    return smoothed


def _shared(
    elbow: np.ndarray, wrist: np.ndarray, forearm: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return elbows and wrists (T, 3, 3) that turn the hand alike, each with half of the twist."""
    elbow_twist, wrist_twist = (twist_about(each, forearm) for each in (elbow, wrist))
    bend = axis_angle_to_matrix(-wrist_twist[:, None] * forearm) @ wrist
    total = elbow_twist + wrist_twist
    to_elbow = axis_angle_to_matrix((_SPLIT * total - elbow_twist)[:, None] * forearm)
    to_wrist = axis_angle_to_matrix(((1 - _SPLIT) * total)[:, None] * forearm)
    return elbow @ to_elbow, to_wrist @ _within_reach(bend, forearm)


def _within_reach(bend: np.ndarray, forearm: np.ndarray) -> np.ndarray:
    """Keep the bend of wrists (T, 3, 3), free of twist, within what wrists can do."""
    aside = np.cross([0.0, 0.0, 1.0], forearm)  # about this axis, up at rest, a hand turns aside
    aside = aside / np.linalg.norm(aside)
    down = np.cross(forearm, aside)
    vector = matrix_to_axis_angle(bend)
    turns = np.stack((vector @ down, vector @ aside), axis=1)
    beyond = np.linalg.norm(turns / [_BENT, _ASIDE], axis=1, keepdims=True).clip(min=1)
    turns = turns / beyond
    return np.asarray(axis_angle_to_matrix(turns @ np.stack((down, aside))))


def twist_about(rotations: np.ndarray, axis: np.ndarray) -> np.ndarray:
    """Return the angles (T,), up to half a turn, by which rotations (T, 3, 3) turn about an axis.

    Each rotation is this twist after a bend about an axis across.
    """
    quaternion = matrix_to_quaternion(rotations)
    angle = 2 * np.arctan2(quaternion[:, 1:] @ axis, quaternion[:, 0])
    return np.asarray((angle + np.pi) % (2 * np.pi) - np.pi)

"""A hand as angles: from the landmarks of a hand to the bends of its fingers, and to rotations.

Every angle is measured from the straight finger, so that limits and the relaxed hand mean the same
on every body; rotations are those of SMPL-H, from the hand in the body's T-pose.
"""

from dataclasses import dataclass

import numpy as np

from core_model.body.fingers import FINGERS, SIDES
from core_model.body.model import Body
from core_model.body.skeleton import JOINT_INDEX
from core_model.detection.hand_landmarker import HAND_INDEX
from core_model.geometry.rotations import (
    axis_angle_to_matrix,
    matrix_to_axis_angle,
    nearest_rotation,
    rotation_between,
)

THUMB = FINGERS.index("thumb")
ANGLE_COUNT = 21
"""Of a hand: for each of the four fingers, in the order of SMPL-H, bend and spread at the knuckle,
then the bends of the two joints beyond; for the thumb the swing of its base (an axis-angle vector
from the T-pose) and the bends of its two joints."""

_PALM = ("wrist", "index_mcp", "middle_mcp", "ring_mcp", "pinky_mcp")
_JOINTS = [
    [HAND_INDEX[f"{finger}_{joint}"] for joint in ("mcp", "pip", "dip", "tip")]
    if finger != "thumb"
    else [HAND_INDEX[f"thumb_{joint}"] for joint in ("cmc", "mcp", "ip", "tip")]
    for finger in FINGERS
]
# Degrees, of healthy adults: Norkin and White, "Measurement of Joint Motion", with a little more
# backwards, as hands that press on something do.
_FINGER_LOW, _FINGER_HIGH = (-30.0, -20.0, -5.0, -10.0), (95.0, 20.0, 115.0, 85.0)
_THUMB_LOW, _THUMB_HIGH = (-60.0, -60.0, -60.0, -15.0, -20.0), (60.0, 60.0, 60.0, 65.0, 90.0)
# A hand at rest: fingers bend the more the nearer they are to the little one.
_RELAXED = {
    "index": (20.0, 0.0, 25.0, 12.0),
    "middle": (25.0, 0.0, 30.0, 15.0),
    "ring": (30.0, 0.0, 32.0, 16.0),
    "pinky": (32.0, 0.0, 32.0, 16.0),
    "thumb": (0.0, 0.0, 0.0, 12.0, 15.0),
}
LOWEST = np.radians([*_FINGER_LOW * THUMB, *_THUMB_LOW])
HIGHEST = np.radians([*_FINGER_HIGH * THUMB, *_THUMB_HIGH])
RELAXED = np.radians([angle for finger in FINGERS for angle in _RELAXED[finger]])
_THUMB_BEGINS = 0.4  # of the way from wrist to the thumb's first joint: there the network has it
_UNSURE_BEND = np.radians(25.0)  # a thumb must bend by more to show which way its base is turned


@dataclass(frozen=True)
class HandModel:
    """The rest pose of one hand, as far as rotations are measured from it.

    Parameters
    ----------
    palm : (5, 3)
        Wrist and knuckles, from their middle, metres, SMPL space.
    along : (5, 3, 3)
        Unit directions of the three bones of each finger.
    hinges : (5, 3)
        Unit axes about which the fingers bend.
    aside : (5, 3)
        Unit axes about which they spread.
    straight : (5, 3)
        How far each joint is bent in the rest pose, radians.
    thumb_base : (3,)
        Unit direction in which the network sees the thumb's first bone in the rest pose: for it
        that begins nearer to the wrist.
    """

    palm: np.ndarray
    along: np.ndarray
    hinges: np.ndarray
    aside: np.ndarray
    straight: np.ndarray
    thumb_base: np.ndarray


def hand_model(body: Body, betas: np.ndarray, side: int) -> HandModel:
    """Measure the hand of a body, 0 for left, 1 for right.

    Raises
    ------
    AssetError
        When the fingers of this body cannot be moved.
    """
    joints, tips = body.rest_fingers(betas)
    chains = np.concatenate(
        (joints.reshape(2, 5, 3, 3)[side], tips.reshape(2, 5, 1, 3)[side]), axis=1
    )
    wrist = body.rest_joints(betas)[JOINT_INDEX[f"{SIDES[side]}_wrist"]]
    order = [FINGERS.index(name.removesuffix("_mcp")) for name in _PALM[1:]]
    palm = np.concatenate((wrist[None], chains[order, 0]))
    along = _unit(np.diff(chains, axis=1))
    index, pinky = chains[FINGERS.index("index"), 0], chains[FINGERS.index("pinky"), 0]
    mirror = 1.0 if side == 0 else -1.0
    back = mirror * _unit(np.cross(index - wrist, pinky - wrist))
    hinges = _unit(np.cross(along[:, 0], -np.broadcast_to(back, (5, 3))))
    # A thumb bends across the palm: in the plane in which the rest pose has it bent.
    hinges[THUMB] = _unit(np.cross(along[THUMB, 0], along[THUMB, 2]))
    straight = np.stack(
        (
            np.arcsin(np.clip(-along[:, 0] @ back, -1, 1)),
            _angle_about(hinges, along[:, 0], along[:, 1]),
            _angle_about(hinges, along[:, 1], along[:, 2]),
        ),
        axis=1,
    )
    straight[THUMB, 0] = 0.0
    return HandModel(
        palm=palm - palm.mean(axis=0),
        along=along,
        hinges=hinges,
        aside=np.cross(hinges, along[:, 0]),
        straight=straight,
        thumb_base=_unit(chains[THUMB, 1] - wrist - _THUMB_BEGINS * (chains[THUMB, 0] - wrist)),
    )


def palm_rotations(model: HandModel, points: np.ndarray) -> np.ndarray:
    """Return the rotations (..., 3, 3) from the T-pose to the palms of landmarks (..., 21, 3)."""
    seen = points[..., [HAND_INDEX[name] for name in _PALM], :]
    seen = seen - seen.mean(axis=-2, keepdims=True)
    return np.asarray(nearest_rotation(np.swapaxes(seen, -1, -2) @ model.palm))


def angles_of(model: HandModel, points: np.ndarray, palms: np.ndarray) -> np.ndarray:
    """Read the angles (T, 21) of hands; what no hand can do lies outside `LOWEST`, `HIGHEST`.

    Parameters
    ----------
    points : (T, 21, 3)
        Landmarks, in the order of `HAND_LANDMARKS`, of any scale.
    palms : (T, 3, 3)
        From `palm_rotations`.
    """
    chains = points[:, _JOINTS]  # (T, 5, 4, 3)
    bones = _unit(np.diff(chains, axis=2)) @ palms[:, None]
    angles = np.zeros((len(points), ANGLE_COUNT))
    for finger in range(len(FINGERS)):
        first, second, third = np.moveaxis(bones[:, finger], 1, 0)
        hinge, along = model.hinges[finger], model.along[finger]
        if finger == THUMB:
            base = _thumb_base(model, first, second, third)
            start = np.asarray(matrix_to_axis_angle(base))
        else:
            # The finger spreads first, then bends: only bending moves it out of the palm's plane.
            spread = -np.arcsin(np.clip(first @ hinge, -1, 1))
            base = axis_angle_to_matrix(spread[:, None] * model.aside[finger])
            bend = _angle_about(hinge, base @ along[0], first)
            base = axis_angle_to_matrix(bend[:, None] * hinge) @ base
            start = np.stack((bend + model.straight[finger, 0], spread), axis=1)
        bend = _angle_about(hinge, along[1], _unturned(second, base))
        base = base @ axis_angle_to_matrix(bend[:, None] * hinge)
        last = _angle_about(hinge, along[2], _unturned(third, base))
        bends = np.stack((bend, last), axis=1) + model.straight[finger, 1:]
        angles[:, _columns(finger)] = np.concatenate((start, bends), axis=1)
    return angles


def finger_rotations(model: HandModel, angles: np.ndarray) -> np.ndarray:
    """Return the local rotations (T, 15, 3, 3) of the joints of fingers bent by angles (T, 21)."""
    result = np.zeros((len(angles), len(FINGERS), 3, 3, 3))
    for finger in range(len(FINGERS)):
        part = angles[:, _columns(finger)]
        hinge = model.hinges[finger]
        bends = part[:, -2:] - model.straight[finger, 1:]
        if finger == THUMB:
            result[:, finger, 0] = axis_angle_to_matrix(part[:, :3])
        else:
            bend = part[:, :1] - model.straight[finger, 0]
            spread = axis_angle_to_matrix(part[:, 1:2] * model.aside[finger])
            result[:, finger, 0] = axis_angle_to_matrix(bend * hinge) @ spread
        result[:, finger, 1] = axis_angle_to_matrix(bends[:, :1] * hinge)
        result[:, finger, 2] = axis_angle_to_matrix(bends[:, 1:] * hinge)
    return result.reshape(len(angles), 15, 3, 3)


def _thumb_base(
    model: HandModel, first: np.ndarray, second: np.ndarray, third: np.ndarray
) -> np.ndarray:
    """Return the rotations (T, 3, 3) of the thumb's first joint from its bones (T, 3).

    The smallest that turns the bone to where it is, and a twist about it that brings the hinges
    of the joints beyond to where they bend, the surer the more they do.
    """
    along, hinge = model.along[THUMB, 0], model.hinges[THUMB]
    swing = rotation_between(np.broadcast_to(model.thumb_base, first.shape), first)
    bent = np.cross(along, _unturned(second, swing))
    bent = bent + np.cross(_unturned(second, swing), _unturned(third, swing))
    across = np.cross(along, hinge)
    twist = np.arctan2(bent @ across, np.maximum(bent @ hinge, 0) + np.sin(_UNSURE_BEND))
    return np.asarray(swing @ axis_angle_to_matrix(twist[:, None] * along))


def _columns(finger: int) -> slice:
    """Return where the angles of a finger are among all of a hand."""
    return slice(4 * finger, ANGLE_COUNT if finger == THUMB else 4 * finger + 4)


def _unturned(vectors: np.ndarray, rotations: np.ndarray) -> np.ndarray:
    """Take vectors (T, 3) back by rotations (T, 3, 3)."""
    return np.asarray((vectors[:, None] @ rotations)[:, 0])


def _angle_about(axis: np.ndarray, a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Return the angles (...) about unit axes that turn `a` to `b` (..., 3), seen along them."""
    sine = (axis * np.cross(a, b)).sum(-1)
    cosine = (a * b).sum(-1) - (a * axis).sum(-1) * (b * axis).sum(-1)
    return np.asarray(np.arctan2(sine, cosine))


def _unit(vectors: np.ndarray) -> np.ndarray:
    return np.asarray(vectors / np.linalg.norm(vectors, axis=-1, keepdims=True).clip(min=1e-9))

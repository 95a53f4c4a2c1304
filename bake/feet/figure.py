"""The figure that stands on the floor: its bones, the soles of its feet, and what else may touch.

All rest positions are in SMPL space (Y up, facing +Z), metres, soles at height 0, so that global
rotations turn them straight to where they are.
"""

from dataclasses import dataclass

import numpy as np

from core_model.body.model import Body
from core_model.body.skeleton import JOINT_INDEX, forward_kinematics
from core_model.body.surface import outline_points
from core_model.geometry.rotations import quaternion_to_matrix

HEEL, INNER, OUTER, TOE = range(4)
"""The points of a sole: the heel, both sides of the ball, and where the toes end."""

LEGS = tuple(
    tuple(JOINT_INDEX[f"{side}_{part}"] for part in ("hip", "knee", "ankle", "foot"))
    for side in ("left", "right")
)

_SOLE_THICKNESS = 0.012  # metres: what is lower at rest belongs to the sole
_ROUNDING = 0.01  # metres: heel and toes touch the floor so far inside of their ends
_NEAR = 0.02  # metres around a point of the sole in which its height is looked for
_KNEE = 0.03  # metres above and below the joint of a knee in which its skin is looked for
_AT_ONCE = 1000  # frames: bounds the memory that long takes need


@dataclass(frozen=True)
class Figure:
    """A body of one shape, as far as it stands and lies on floors.

    Parameters
    ----------
    rest : (24, 3)
        Joints of the T-pose.
    soles : (2, 4, 3)
        Points of the left and the right sole, from the joint that carries them: the ankle, and the
        ball of the foot for the toes.
    surface : (24, S, 3)
        Points on the skin of each part of the body, from its joint.
    kneecaps : (2,)
        How far before the joint of the left and the right knee its skin is.
    tall : float
        Height.
    """

    rest: np.ndarray
    soles: np.ndarray
    surface: np.ndarray
    kneecaps: np.ndarray
    tall: float

    @property
    def sole_heights(self) -> np.ndarray:
        """Height (2, 4) of each point of the soles when the figure stands at rest."""
        return np.asarray(self.rest[_CARRIERS, 1] + self.soles[..., 1])


_CARRIERS = np.array([(ankle, ankle, ankle, foot) for _, _, ankle, foot in LEGS])


@dataclass(frozen=True)
class Posed:
    """A figure in motion, in the world (Z up), metres.

    Parameters
    ----------
    locals : (N, 24, 3, 3)
        Rotations local to the parent; joint 0 turns SMPL space to the world.
    joints : (N, 24, 3)
    turned : (N, 24, 3, 3)
        Rotations from rest.
    soles : (N, 2, 4, 3)
    """

    locals: np.ndarray
    joints: np.ndarray
    turned: np.ndarray
    soles: np.ndarray

    def moved(self, shift: np.ndarray) -> "Posed":
        """Return the same with every frame moved by `shift` (N, 3), metres."""
        joints, soles = self.joints + shift[:, None], self.soles + shift[:, None, None]
        return Posed(self.locals, joints, self.turned, soles)


def figure_of(body: Body, betas: np.ndarray) -> Figure:
    """Find the soles and the outline of a body with the shape `betas` (10,)."""
    vertices, rest = body.rest_vertices(betas), body.rest_joints(betas)
    lift = np.array([0.0, -vertices[:, 1].min(), 0.0])
    vertices, rest = vertices + lift, rest + lift
    part = body.weights.argmax(axis=1)
    soles = np.stack([_sole(vertices, part, rest, leg[2], leg[3]) for leg in LEGS])
    kneecaps = np.array([_before(vertices, part, rest, leg[0], leg[1]) for leg in LEGS])
    return Figure(rest, soles, outline_points(body, betas), kneecaps, float(np.ptp(vertices[:, 1])))


def posed(figure: Figure, quaternions: np.ndarray, positions: np.ndarray) -> Posed:
    """Pose a figure.

    Parameters
    ----------
    figure : Figure
    quaternions : (N, 24, 4)
        Local rotations, w first.
    positions : (N, 3)
        Of the pelvis, metres.
    """
    locals_ = quaternion_to_matrix(quaternions)
    joints, turned = forward_kinematics(locals_, figure.rest)
    joints = joints - joints[:, :1] + positions[:, None]
    return Posed(locals_, joints, turned, _soles(figure, joints, turned))


def lowest_of_parts(figure: Figure, pose: Posed) -> np.ndarray:
    """Return how high the lowest skin of each part of the body is, (N, 24), metres."""
    lowest = pose.joints[..., 2].copy()
    for first in range(0, len(lowest), _AT_ONCE):
        part = slice(first, first + _AT_ONCE)
        z = np.einsum("njc,jsc->njs", pose.turned[part, :, 2], figure.surface, optimize=True)
        lowest[part] += z.min(axis=-1)
    return lowest


def _soles(figure: Figure, joints: np.ndarray, turned: np.ndarray) -> np.ndarray:
    offsets = (turned[:, _CARRIERS] @ figure.soles[..., None])[..., 0]
    return np.asarray(joints[:, _CARRIERS] + offsets)


def _before(vertices: np.ndarray, part: np.ndarray, rest: np.ndarray, hip: int, knee: int) -> float:
    """Return how far before a knee the skin of its leg is."""
    near = np.isin(part, (hip, knee)) & (np.abs(vertices[:, 1] - rest[knee, 1]) < _KNEE)
    return float(max(vertices[near, 2].max() - rest[knee, 2], 0)) if near.any() else 0.0


def _sole(
    vertices: np.ndarray, part: np.ndarray, rest: np.ndarray, ankle: int, ball: int
) -> np.ndarray:
    """Return the points (4, 3) of a sole from the joints that carry them."""
    forward = (rest[ball] - rest[ankle]) * [1, 0, 1]
    forward = forward / max(float(np.linalg.norm(forward)), 1e-9)
    aside = np.array([forward[2], 0.0, -forward[0]])
    aside = aside if aside[0] * rest[ankle, 0] > 0 else -aside
    foot = vertices[np.isin(part, (ankle, ball))]
    if len(foot) < 3:  # a body without skin there: the joints are all that is known
        foot = np.stack((rest[ankle], rest[ball], rest[ball])) * [1, 0, 1]
    sole = foot[foot[:, 1] < foot[:, 1].min() + _SOLE_THICKNESS]
    along, across = sole @ forward, sole @ aside
    middle = float(rest[ball] @ forward)

    def point(where: float, side: float | None, carrier: int) -> np.ndarray:
        near = np.abs(along - where) < _NEAR
        near = near if near.any() else np.abs(along - where) <= np.abs(along - where).min()
        beside = float(across[near].mean()) if side is None else side
        placed = where * forward + beside * aside
        placed[1] = sole[near, 1].min()
        return np.asarray(placed - rest[carrier])

    at_ball = np.abs(along - middle) < _NEAR
    width = across[at_ball] if at_ball.any() else across
    return np.stack(
        (
            point(float(along.min()) + _ROUNDING, None, ankle),
            point(middle, float(width.min()), ankle),
            point(middle, float(width.max()), ankle),
            point(float(along.max()) - _ROUNDING, None, ball),
        )
    )


def foot_points(pose: Posed) -> np.ndarray:
    """Return heel and ball of both feet, (N, 2, 2, 3), metres."""
    soles = pose.soles
    return np.stack((soles[:, :, HEEL], (soles[:, :, INNER] + soles[:, :, OUTER]) / 2), axis=2)

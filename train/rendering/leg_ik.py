"""Legs that reach: hip, knee and ankle solved in closed form from where the feet shall stand."""

from dataclasses import dataclass

import numpy as np

from core_model.geometry.rotations import axis_angle_to_matrix


@dataclass(frozen=True)
class Leg:
    """A leg of the rest pose: the vectors of its bones, metres, SMPL space.

    Parameters
    ----------
    thigh, shin, foot : (3,)
        From hip to knee, knee to ankle, ankle to the ball of the foot.
    """

    thigh: np.ndarray
    shin: np.ndarray
    foot: np.ndarray

    @property
    def reach(self) -> float:
        """Distance from hip to ankle of the stretched leg, metres."""
        return float(np.linalg.norm(self.thigh) + np.linalg.norm(self.shin))


def turn(axis: int, degrees: np.ndarray | float) -> np.ndarray:
    """Return rotation matrices (..., 3, 3) about axis 0, 1 or 2."""
    return np.asarray(
        axis_angle_to_matrix(np.deg2rad(np.asarray(degrees, float))[..., None] * np.eye(3)[axis])
    )


def solve_leg(
    leg: Leg,
    pelvis_rotation: np.ndarray,
    hip: np.ndarray,
    ball: np.ndarray,
    yaw: np.ndarray,
    heel_lift: np.ndarray,
) -> np.ndarray:
    """Bend a leg so that the ball of its foot is where it shall be, the toes flat on the floor.

    The knee is a hinge about the leg's X axis and points where the foot points. A target out of
    reach is approached with the leg as good as stretched.

    Parameters
    ----------
    leg : Leg
    pelvis_rotation : (T, 3, 3)
        Global.
    hip, ball : (T, 3)
        Positions in the same Y-up frame, metres.
    yaw, heel_lift : (T,)
        Degrees: where the foot points, about Y; how far it stands on its toes.

    Returns
    -------
    (T, 4, 3, 3)
        Local rotations of hip, knee, ankle and ball.
    """
    heading = turn(1, yaw)
    foot = heading @ turn(0, heel_lift)
    to_ankle = ball - foot @ leg.foot - hip
    flexion = _knee_flexion(leg, np.linalg.norm(to_ankle, axis=-1))
    knee = turn(0, np.rad2deg(flexion))
    straight = leg.thigh + knee @ leg.shin
    sideways = np.broadcast_to([1.0, 0.0, 0.0], straight.shape)
    thigh = _frame(to_ankle, heading[..., 0]) @ np.swapaxes(_frame(straight, sideways), 1, 2)
    shin = thigh @ knee
    return np.stack(
        (
            np.swapaxes(pelvis_rotation, 1, 2) @ thigh,
            knee,
            np.swapaxes(shin, 1, 2) @ foot,
            np.swapaxes(foot, 1, 2) @ heading,
        ),
        axis=1,
    )


def _knee_flexion(leg: Leg, distance: np.ndarray) -> np.ndarray:
    """Solve |thigh + Rx(angle) shin| = distance for the angle (T,) that bends the knee back."""
    t, s = leg.thigh, leg.shin
    constant = t @ t + s @ s + 2 * t[0] * s[0]
    cosine = 2 * (t[1] * s[1] + t[2] * s[2])
    sine = 2 * (t[2] * s[1] - t[1] * s[2])
    size = np.hypot(cosine, sine)
    ratio = np.clip((distance**2 - constant) / size, -1.0, 0.9999)
    return np.asarray(np.arctan2(sine, cosine) + np.arccos(ratio))


def _frame(along: np.ndarray, sideways: np.ndarray) -> np.ndarray:
    """Return frames (T, 3, 3) with Y along one vector and X as near as can be to the other."""
    y = along / np.linalg.norm(along, axis=-1, keepdims=True)
    x = sideways - (sideways * y).sum(-1, keepdims=True) * y
    x /= np.linalg.norm(x, axis=-1, keepdims=True)
    return np.stack((x, y, np.cross(x, y)), axis=-1)

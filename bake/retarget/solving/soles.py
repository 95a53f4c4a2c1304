"""The soles of a rig's feet: heel, ball and tip of the toes, found from its bones at rest."""

from dataclasses import dataclass

import numpy as np

from bake.retarget.solving.posing import Posing
from core_model.geometry.rotations import axis_angle_to_matrix

_HEEL = 0.25
"""A heel lies so far behind the ankle, as a share of the way from ankle to ball."""

_MOST_TOES_UP = np.radians(60)


@dataclass(frozen=True)
class Sole:
    """A sole at rest in the world, metres.

    Parameters
    ----------
    foot, toes : int
        Bones; -1 for no toes.
    ankle, ball : (3,)
        The joints.
    heel, under_ball, tip : (3,)
        On the floor; the tip goes with the toes.
    """

    foot: int
    toes: int
    ankle: np.ndarray
    ball: np.ndarray
    heel: np.ndarray
    under_ball: np.ndarray
    tip: np.ndarray

    def ball_from_ankle(self, posing: Posing) -> np.ndarray:
        """Return the way from ankle to ball (K, 3)."""
        return np.asarray(posing.state(self.foot).turn @ (self.ball - self.ankle))

    def lowest(self, posing: Posing, ankle: np.ndarray) -> np.ndarray:
        """Return how high the lowest point of the sole is (K,), but not toes that can be lifted.

        Parameters
        ----------
        posing : Posing
        ankle : (K, 3)
            Where the ankle is, metres.
        """
        points = [self.heel, self.under_ball] + ([self.tip] if self.toes < 0 else [])
        turn = posing.state(self.foot).turn[:, 2]
        return np.asarray(
            np.min([ankle[:, 2] + turn @ (point - self.ankle) for point in points], axis=0)
        )

    def lift_toes(self, posing: Posing, ankle: np.ndarray) -> None:
        """Turn toes up that would be under the floor.

        Parameters
        ----------
        posing : Posing
            In which they turn.
        ankle : (K, 3)
            Where the ankle is, metres.
        """
        if self.toes not in posing.turns:
            return
        turn = posing.turns[self.toes]
        ball = ankle + self.ball_from_ankle(posing)
        way = turn @ (self.tip - self.ball)
        length = max(float(np.linalg.norm(self.tip - self.ball)), 1e-9)
        now, least = (
            np.arcsin(np.clip(height / length, -1, 1)) for height in (way[:, 2], -ball[:, 2])
        )
        up = np.clip(least - now, 0, _MOST_TOES_UP)
        axis = np.cross(way, [0.0, 0.0, 1.0])
        axis /= np.maximum(np.linalg.norm(axis, axis=1, keepdims=True), 1e-9)
        posing.turns[self.toes] = axis_angle_to_matrix(up[:, None] * axis) @ turn


def sole_of(
    foot: int,
    toes: int,
    ankle: np.ndarray,
    ball: np.ndarray,
    tip: np.ndarray,
    up: np.ndarray,
    ground: float,
) -> Sole:
    """Find a sole.

    Parameters
    ----------
    foot, toes : int
        Bones; -1 for no toes.
    ankle, ball, tip : (3,)
        Joints at rest in the world, and where the toes end.
    up : (3,)
        Of the figure at rest.
    ground : float
        Height of its floor along `up`.
    """

    def floored(point: np.ndarray) -> np.ndarray:
        return np.asarray(point + (ground - point @ up) * up)

    heel = floored(ankle) - _HEEL * (floored(ball) - floored(ankle))
    return Sole(foot, toes, ankle, ball, heel, floored(ball), floored(tip))

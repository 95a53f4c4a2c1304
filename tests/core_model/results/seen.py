"""Somebody whose joints are known, in the frame of reference of a system."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from core_model.body.model import default_body
from core_model.body.skeleton import forward_kinematics
from core_model.geometry.rotations import axis_angle_to_matrix, matrix_to_axis_angle
from tests.bake.motions import walking

FRAMES = 45
WIDTH, HEIGHT = 1280, 720
SAME = np.eye(3)
FROM_Y_UP = np.array([[1.0, 0, 0], [0, 0, -1], [0, 1, 0]])  # (x, -z, y)
FROM_CAMERA = np.array([[1.0, 0, 0], [0, 0, 1], [0, -1, 0]])  # (x, z, -y)


@dataclass
class Seen:
    """One person in the frame of reference of a system.

    Parameters
    ----------
    poses : (F, 72)
    transl : (F, 3)
        SMPL's translation, metres.
    betas : (10,)
    hands : (F, 90)
    """

    poses: np.ndarray
    transl: np.ndarray
    betas: np.ndarray
    hands: np.ndarray

    def __getitem__(self, rows: Any) -> "Seen":
        return Seen(self.poses[rows], self.transl[rows], self.betas, self.hands[rows])

    def __len__(self) -> int:
        return len(self.poses)

    @property
    def matrices(self) -> np.ndarray:
        return axis_angle_to_matrix(self.poses.reshape(-1, 24, 3))

    @property
    def pelvis(self) -> np.ndarray:
        return self.transl + default_body().rest_joints(self.betas)[0]

    def joints(self) -> np.ndarray:
        """Return where the joints are (F, 24, 3), in the system's frame of reference."""
        joints, _ = forward_kinematics(self.matrices, default_body().rest_joints(self.betas))
        return joints + self.transl[:, None]

    def many(self) -> np.ndarray:
        """Return betas (F, 10) that are not the same in every frame; their mean is `betas`."""
        wobble = 0.1 * np.where(np.arange(len(self)) % 2, 1.0, -1.0)
        wobble -= wobble.mean()
        return self.betas + wobble[:, None]


@dataclass
class Sample:
    """A file, and what is in it.

    Parameters
    ----------
    path : Path
        What is given to the reader: a file or a folder.
    people : list of (Seen, frames)
        With the numbers of the pictures.
    to_world : (3, 3)
        Turns the people's frame of reference to the world.
    rate : float or None
        That the file tells.
    estimated : bool
        From a video.
    grounded : bool
        Whether the reader finds the floor; else the file's heights stay.
    hands : bool
    """

    path: Path
    people: list[tuple[Seen, np.ndarray]]
    to_world: np.ndarray
    rate: float | None = None
    estimated: bool = True
    grounded: bool = True
    hands: bool = False


def seen(to_world: np.ndarray, seed: int = 0, offset: tuple[float, ...] = (0, 0, 0)) -> Seen:
    """Let somebody walk, lean and wave in a frame of reference that `to_world` turns to ours."""
    random = np.random.default_rng(seed)
    take = walking(FRAMES)
    poses = take.poses.copy()
    poses[:, 9:66] += 0.15 * np.sin(np.arange(FRAMES)[:, None] / 7 + random.uniform(0, 6, 57))
    rotations = to_world.T @ axis_angle_to_matrix(poses[:, :3])
    poses[:, :3] = matrix_to_axis_angle(rotations)
    hands = 0.3 * np.sin(np.arange(FRAMES)[:, None] / 9 + random.uniform(0, 6, 90))
    return Seen(poses, (take.trans + offset) @ to_world, random.normal(0, 0.5, 10), hands)


def bare(one: Seen) -> Seen:
    """Take the joints away that only SMPL has."""
    poses = one.poses.copy()
    poses[:, 66:] = 0
    return Seen(poses, one.transl, one.betas, one.hands)


def archive(path: Path, one: Seen, rate: float, hands: bool = True) -> Sample:
    return Sample(
        path,
        [(one, np.arange(FRAMES))],
        SAME,
        rate,
        estimated=False,
        grounded=False,
        hands=hands,
    )

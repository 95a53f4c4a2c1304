"""True motion as made-up cameras see it: figures and landmarks, with a detector's errors."""

from pathlib import Path

import numpy as np

from core_model.body.landmarks import LANDMARK_COUNT
from core_model.body.model import default_body
from core_model.body.placement import landmarks_in_picture
from core_model.geometry.camera import Camera
from core_model.geometry.rotations import axis_angle_to_matrix
from core_model.lifting.figure import Figure
from core_model.take import Take
from core_model.views.clips import ClipMotion

BODY = default_body()
SIZE = np.array([1280, 720])


def around(angle: float, distance: float = 4.0, height: float = 1.5, focal: float = 1100) -> Camera:
    """Return a camera that looks at the origin from `angle` degrees around it, the world Z up."""
    turn = np.radians(angle)
    place = np.array([distance * np.sin(turn), -distance * np.cos(turn), height])
    forward = np.array([0.0, 0.0, 0.9]) - place
    forward /= np.linalg.norm(forward)
    right = np.cross(forward, [0.0, 0.0, 1.0])
    right /= np.linalg.norm(right)
    to_world = np.eye(4)
    to_world[:3, :3] = np.stack((right, np.cross(forward, right), forward), axis=1)
    to_world[:3, 3] = place
    return Camera(focal, SIZE / 2, SIZE, to_world)


def at_origin(path: Path, frames: slice = slice(None)) -> Take:
    """Return a take that is about the origin on average."""
    take = Take.load(path)
    trans = take.trans[frames] - np.append(take.joints()[frames, 0, :2].mean(axis=0), 0.0)
    return Take(take.poses[frames], trans, take.betas, take.times[frames] - take.times[frames][0])


def filmed(
    takes: list[Take],
    camera: Camera,
    *,
    late: float = 0.0,
    blur: float = 0.0,
    name: str = "clip.mp4",
    seed: int = 0,
    assumed: Camera | None = None,
) -> ClipMotion:
    """Return a clip of people: what a capture of it alone says, wrong by `blur` radians.

    The clip begins `late` seconds into the takes.
    """
    rng = np.random.default_rng(seed)
    times = takes[0].times
    kept = times >= late - 1e-9
    figures = []
    for take in takes:
        rotations = take.rotations()[kept]
        rotations[:, 0] = camera.to_world[:3, :3].T @ rotations[:, 0]
        pelvis = camera.world_to_camera(take.joints(BODY)[kept, 0])
        landmarks = np.ones((int(kept.sum()), LANDMARK_COUNT, 3))
        landmarks[..., :2] = landmarks_in_picture(rotations, take.betas, pelvis, camera, BODY)
        landmarks[..., :2] += rng.normal(0, 1.5, landmarks[..., :2].shape)
        landmarks[..., 2] = 0.95
        wrong = axis_angle_to_matrix(rng.normal(0, blur, (1, 24, 3)))
        away = 1 + blur * rng.normal(0, 0.5)
        figures.append(
            Figure(
                0,
                np.ones(len(landmarks), bool),
                landmarks,
                np.tile([0.0, 0.0, 100.0, 100.0], (len(landmarks), 1)),
                rotations @ wrong,
                take.betas,
                pelvis * away,
            )
        )
    return ClipMotion(name, times[kept] - times[kept][0], assumed or camera, None, figures)


def between(first: Camera, second: Camera) -> tuple[np.ndarray, np.ndarray]:
    """Return the rotation (3, 3) and translation (3,) from one camera's space to another's."""
    path = np.linalg.inv(second.to_world) @ first.to_world
    return path[:3, :3], path[:3, 3]

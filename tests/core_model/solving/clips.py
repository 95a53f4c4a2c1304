"""A capture of known truth: seen is what a camera sees, and the motion is spoilt in places."""

from dataclasses import replace

import numpy as np

from core_model.body.model import default_body
from core_model.body.placement import landmarks_in_picture
from core_model.body.skeleton import JOINT_INDEX
from core_model.geometry.rotations import axis_angle_to_matrix, matrix_to_axis_angle
from core_model.take import Take
from train.places import RENDERED_FOLDER

BODY = default_body()


def true_take(name: str = "signals_01", frames: int = 60) -> Take:
    """Return the first frames of a rendered clip's truth, with what its camera sees."""
    whole = Take.load(RENDERED_FOLDER / f"{name}.npz")
    rows = slice(0, frames)
    take = Take(
        poses=whole.poses[rows],
        trans=whole.trans[rows],
        betas=whole.betas,
        times=whole.times[rows],
        camera=whole.camera,
    )
    return with_landmarks(take)


def with_landmarks(take: Take) -> Take:
    """Return a take with the landmarks that its camera sees of it."""
    assert take.camera
    rotations = take.rotations()
    rotations[:, 0] = take.camera.to_world[:3, :3].T @ rotations[:, 0]
    pelvis = take.camera.world_to_camera(take.trans + BODY.rest_joints(take.betas)[0])
    pixels = landmarks_in_picture(rotations, take.betas, pelvis, take.camera, BODY)
    seen = np.concatenate((pixels, np.full((*pixels.shape[:2], 1), 0.95)), axis=-1)
    return replace(take, keypoints2d=seen, confidence=np.full((len(take), 24), 0.95))


def turned(take: Take, joint: str, by: tuple[float, float, float], rows: slice) -> Take:
    """Return a take with a joint turned in some frames, radians."""
    rotations = take.rotations()
    index = JOINT_INDEX[joint]
    rotations[rows, index] = rotations[rows, index] @ axis_angle_to_matrix(np.array(by))
    return replace(take, poses=matrix_to_axis_angle(rotations).reshape(len(take), -1))


def apart(one: Take, other: Take) -> np.ndarray:
    """Return how far joints of two takes are apart, (T, 24), millimetres."""
    return np.asarray(1000 * np.linalg.norm(one.joints(BODY) - other.joints(BODY), axis=-1))

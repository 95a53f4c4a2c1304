"""A Take as the figure that the fit works on, and back, in the world that it has."""

from dataclasses import replace

import numpy as np

from core_model.body.model import Body
from core_model.errors import TakeError
from core_model.fit.steadying import seen_by_still_camera, through_one_lens, turned
from core_model.geometry.camera import Camera
from core_model.geometry.rotations import matrix_to_axis_angle
from core_model.lifting.figure import Figure
from core_model.take import Take


def camera_of(take: Take) -> Camera:
    """Return the camera that filmed a take.

    Raises
    ------
    TakeError
        When there is none, or nothing was seen: there is nothing to solve then.
    """
    if take.camera is None or not take.keypoints2d[..., 2].any():
        raise TakeError(
            "This take was not captured from a clip by this program, so there is nothing that a "
            "correction could be solved with: mend it with Fix Pose instead."
        )
    return take.camera


def figure_of(take: Take, body: Body) -> Figure:
    """Return a take as a figure before a camera that stands still.

    Parameters
    ----------
    take : Take
        With a camera.
    body : Body
        That it was captured with.
    """
    camera = camera_of(take)
    rotations = take.rotations()
    rotations[:, 0] = camera.to_world[:3, :3].T @ rotations[:, 0]
    pelvis = camera.world_to_camera(take.trans + body.rest_joints(take.betas)[0])
    figure = Figure(
        first=0,
        seen=take.frame_valid.copy(),
        landmarks=take.keypoints2d.copy(),
        bbox=take.bbox,
        rotations=rotations,
        betas=take.betas,
        pelvis=pelvis,
    )
    return replace(figure, landmarks=steady_landmarks(take, figure.landmarks))


def steady_landmarks(take: Take, landmarks: np.ndarray) -> np.ndarray:
    """Return landmarks (T, 33, 3) of the clip's pictures as a camera that stands still sees them.

    It has one lens, too. Of a camera that turned too far to be one picture, nothing is seen.
    """
    landmarks = lens_landmarks(take, landmarks)
    if not np.size(take.camera_turns):
        return landmarks
    steadied = seen_by_still_camera(landmarks, take.camera_turns, camera_of(take))
    return landmarks * [1.0, 1.0, 0.0] if steadied is None else steadied


def lens_landmarks(take: Take, landmarks: np.ndarray) -> np.ndarray:
    """Return landmarks (T, 33, 3) of the clip's pictures as the camera's one lens shows them."""
    return through_one_lens(landmarks, take.camera_zoom, camera_of(take))


def filmed(take: Take, figure: Figure) -> Figure:
    """Return a figure as the camera saw it that filmed, which may have turned."""
    if not np.size(take.camera_turns):
        return figure
    return turned(figure, np.swapaxes(take.camera_turns, 1, 2))


def with_motion(take: Take, figure: Figure, body: Body) -> Take:
    """Return a take with the motion of a figure before a camera that stands still."""
    camera = camera_of(take)
    rotations = figure.rotations.copy()
    rotations[:, 0] = camera.to_world[:3, :3] @ rotations[:, 0]
    return replace(
        take,
        poses=matrix_to_axis_angle(rotations).reshape(len(rotations), -1),
        trans=camera.camera_to_world(figure.pelvis) - body.rest_joints(figure.betas)[0],
        betas=figure.betas,
    )

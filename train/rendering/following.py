"""A camera in the hands of somebody who stands still and turns after people who go by."""

from dataclasses import replace

import numpy as np
from scipy.ndimage import gaussian_filter1d

from core_model.geometry.camera import Camera
from core_model.geometry.rotations import axis_angle_to_matrix
from train.rendering.shot import View

_SMOOTH = 0.3  # seconds: hands do not follow every step
_MARGIN = 0.12  # metres around joints
_NEAREST, _FARTHEST = 1.2, 40.0  # metres


def following_camera(
    joints: np.ndarray, view: View, size: tuple[int, int], frame_rate: float
) -> tuple[Camera, np.ndarray]:
    """Return a camera that turns after everybody, as near as the picture allows.

    Parameters
    ----------
    joints : (T, N, 3)
        World, metres.
    view : View
        From where it looks at the middle of the whole way.
    size : (2,) int
    frame_rate : float
        Of the joints.

    Returns
    -------
    camera : Camera
        As it looks in the first frame.
    turns : (T, 3, 3)
        From its space in every frame to that in the first, as `Take.camera_turns`.
    """
    points = joints.reshape(-1, 3)
    middle = (points.min(axis=0) + points.max(axis=0)) / 2
    wanted = (joints.min(axis=1) + joints.max(axis=1)) / 2
    wanted = gaussian_filter1d(wanted, _SMOOTH * frame_rate, axis=0, mode="nearest")
    azimuth, elevation = np.radians(view.azimuth), np.radians(view.elevation)
    level = np.array([np.sin(azimuth), -np.cos(azimuth), 0.0])
    towards = np.cos(elevation) * level + np.sin(elevation) * np.array([0.0, 0.0, 1.0])
    extent = np.array(size, dtype=float)
    camera = Camera(view.focal * extent.max(), extent / 2, extent)

    def axes_at(distance: float) -> tuple[np.ndarray, bool]:
        eye = middle + distance * towards
        axes = _looking(wanted - eye, view.roll)
        seen = np.einsum("tni,tij->tnj", joints - eye, axes)
        edge = (np.abs(seen[..., :2]) + _MARGIN) / np.maximum(seen[..., 2:], 0.05)
        return axes, bool((edge * camera.focal < view.fill * extent / 2).all())

    low, high = _NEAREST, _FARTHEST
    for _ in range(40):
        distance = (low + high) / 2
        low, high = (low, distance) if axes_at(distance)[1] else (distance, high)
    axes, _ = axes_at(high)
    to_world = np.eye(4)
    to_world[:3, :3], to_world[:3, 3] = axes[0], middle + high * towards
    return replace(camera, to_world=to_world), axes[0].T @ axes


def _looking(ahead: np.ndarray, roll: float) -> np.ndarray:
    """Return the axes (T, 3, 3) of a camera that looks along (T, 3), columns right, down, ahead."""
    forward = ahead / np.linalg.norm(ahead, axis=1, keepdims=True)
    right = np.cross(forward, [0.0, 0.0, 1.0])
    right /= np.linalg.norm(right, axis=1, keepdims=True)
    axes = np.stack((right, np.cross(forward, right), forward), axis=2)
    return np.asarray(axes @ axis_angle_to_matrix(np.radians(roll) * np.array([0.0, 0.0, 1.0])))

"""How far a pose is from the truth, in the measures that the field reports.

Points come in metres as (T, J, 3), the same J points in the same frame of reference in both; errors
go out in millimetres, or degrees for angles. A frame in which any point of either side is NaN is
left out: every function says so with NaN in its place, and `PoseErrors` counts what was left.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from core_model.geometry.rotations import nearest_rotation, rotation_angle

_MM = 1000.0


@dataclass(frozen=True)
class PoseErrors:
    """The row of one method on one clip.

    Parameters
    ----------
    mpjpe, pa_mpjpe, pa_sequence, in_plane, depth : float
        Mean errors in millimetres; see the functions of these names.
    acceleration : float
        Mean acceleration error, millimetres per frame squared.
    flips : int
        Number of frames with left and right swapped.
    frames : int
        Number of frames that were compared.
    """

    mpjpe: float
    pa_mpjpe: float
    pa_sequence: float
    in_plane: float
    depth: float
    acceleration: float
    flips: int
    frames: int


def pose_errors(
    prediction: np.ndarray, truth: np.ndarray, origin: tuple[int, ...], mirror: tuple[int, ...]
) -> PoseErrors | None:
    """Compare two motions, each frame moved so that the mean of the joints `origin` is at zero.

    Parameters
    ----------
    prediction, truth : (T, J, 3)
        Metres, camera space (x right, y down, z forward).
    origin : tuple of int
        Indices of joints, usually the two hips.
    mirror : tuple of int
        The joint that each joint becomes when left and right are swapped.

    Returns
    -------
    PoseErrors or None
        None when no frame has all joints on both sides.
    """
    prediction, truth = centred(prediction, origin), centred(truth, origin)
    seen = frames_with_all(prediction, truth)
    if not seen.any():
        return None
    accelerations = acceleration_error(prediction, truth)
    return PoseErrors(
        mpjpe=float(mpjpe(prediction, truth)[seen].mean()),
        pa_mpjpe=float(pa_mpjpe(prediction, truth)[seen].mean()),
        pa_sequence=float(pa_mpjpe_sequence(prediction, truth)[seen].mean()),
        in_plane=float(in_plane_error(prediction, truth)[seen].mean()),
        depth=float(depth_error(prediction, truth)[seen].mean()),
        acceleration=_mean_of_numbers(accelerations),
        flips=int(left_right_flips(prediction, truth, mirror)[seen].sum()),
        frames=int(seen.sum()),
    )


def frames_with_all(prediction: np.ndarray, truth: np.ndarray) -> np.ndarray:
    """Return which frames (T,) have every point of both (T, J, 3)."""
    return np.asarray(np.isfinite(prediction).all((-2, -1)) & np.isfinite(truth).all((-2, -1)))


def centred(points: np.ndarray, origin: tuple[int, ...]) -> np.ndarray:
    """Move every frame of (T, J, 3) so that the mean of the joints `origin` is at zero."""
    return points - points[:, list(origin)].mean(axis=1, keepdims=True)


def mpjpe(prediction: np.ndarray, truth: np.ndarray) -> np.ndarray:
    """Mean per-joint position error of each frame (T,), mm.

    Ionescu et al., "Human3.6M", TPAMI 2014, equation 8; nothing is aligned here.
    """
    return np.asarray(_MM * np.linalg.norm(prediction - truth, axis=-1).mean(axis=-1))


def pa_mpjpe(prediction: np.ndarray, truth: np.ndarray) -> np.ndarray:
    """MPJPE (T,), mm, after the best similarity transform of each frame for itself."""
    return _aligned_mpjpe(prediction, truth, frames_with_all(prediction, truth))


def pa_mpjpe_sequence(prediction: np.ndarray, truth: np.ndarray) -> np.ndarray:
    """MPJPE (T,), mm, after one similarity transform of the whole clip.

    Turning over time and a changing size count as errors here, unlike in `pa_mpjpe`.
    """
    seen = frames_with_all(prediction, truth)
    errors = np.full(len(prediction), np.nan)
    if seen.any():
        source, target = prediction[seen], truth[seen]
        flat = similarity_aligned(source.reshape(1, -1, 3), target.reshape(1, -1, 3))
        errors[seen] = mpjpe(flat.reshape(source.shape), target)
    return errors


def in_plane_error(prediction: np.ndarray, truth: np.ndarray) -> np.ndarray:
    """Mean distance (T,), mm, of the points as projected straight on the image plane."""
    return np.asarray(_MM * np.linalg.norm((prediction - truth)[..., :2], axis=-1).mean(axis=-1))


def depth_error(prediction: np.ndarray, truth: np.ndarray) -> np.ndarray:
    """Mean distance (T,), mm, along the viewing direction."""
    return np.asarray(_MM * np.abs((prediction - truth)[..., 2]).mean(axis=-1))


def acceleration_error(prediction: np.ndarray, truth: np.ndarray) -> np.ndarray:
    """Mean distance (T-2,) of the points' second differences over time, mm per frame squared.

    Kanazawa et al., "Learning 3D Human Dynamics from Video", CVPR 2019. The value at i belongs to
    frame i + 1.
    """
    difference = np.diff(prediction - truth, n=2, axis=0)
    return np.asarray(_MM * np.linalg.norm(difference, axis=-1).mean(axis=-1))


def jitter(points: np.ndarray) -> float:
    """Return the mean length of the third differences of (T, J, 3) in time, mm/frame cubed."""
    lengths = _MM * np.linalg.norm(np.diff(points, n=3, axis=0), axis=-1)
    return _mean_of_numbers(lengths)


def rotation_error(prediction: np.ndarray, truth: np.ndarray) -> np.ndarray:
    """Angle (...) in degrees between rotation matrices (..., 3, 3), geodesic on SO(3)."""
    return np.asarray(np.rad2deg(rotation_angle(prediction, truth)))


def left_right_flips(
    prediction: np.ndarray, truth: np.ndarray, mirror: tuple[int, ...]
) -> np.ndarray:
    """Return the frames (T,) where the pose is nearer to the truth with left and right swapped.

    Parameters
    ----------
    prediction, truth : (T, J, 3)
        Metres, already moved to a common origin.
    mirror : tuple of int
        The point that each point becomes when left and right are swapped.
    """
    return mpjpe(prediction[:, list(mirror)], truth) < mpjpe(prediction, truth)


def similarity_aligned(
    points: np.ndarray, target: np.ndarray, on: Sequence[int] | None = None
) -> np.ndarray:
    """Move, turn and scale `points` onto `target` in the least-squares sense, never mirroring them.

    Umeyama, "Least-squares estimation of transformation parameters between two point patterns",
    TPAMI 1991.

    Parameters
    ----------
    points, target : (..., N, 3)
    on : sequence of int, optional
        The points by which they are laid over each other; all if not given.

    Returns
    -------
    (..., N, 3)
    """
    laid = slice(None) if on is None else list(on)
    chosen, aim = points[..., laid, :], target[..., laid, :]
    centre, target_centre = chosen.mean(-2, keepdims=True), aim.mean(-2, keepdims=True)
    source, goal = chosen - centre, aim - target_centre
    covariance = np.swapaxes(goal, -1, -2) @ source
    rotation = nearest_rotation(covariance)
    spread = (source**2).sum((-2, -1))
    scale = (rotation * covariance).sum((-2, -1)) / np.where(spread > 0, spread, 1.0)
    return np.asarray(
        scale[..., None, None] * (points - centre) @ np.swapaxes(rotation, -1, -2) + target_centre
    )


def _aligned_mpjpe(prediction: np.ndarray, truth: np.ndarray, seen: np.ndarray) -> np.ndarray:
    errors = np.full(len(prediction), np.nan)
    errors[seen] = mpjpe(similarity_aligned(prediction[seen], truth[seen]), truth[seen])
    return errors


def _mean_of_numbers(values: np.ndarray) -> float:
    numbers = values[np.isfinite(values)]
    return float(numbers.mean()) if len(numbers) else float("nan")

"""The measures of the paper's protocol, of what was said about videos."""

from dataclasses import dataclass

import numpy as np

from train.evaluate.metrics import mpjpe, similarity_aligned


@dataclass(frozen=True)
class VideoResult:
    """What was said about a video, and what is true.

    Parameters
    ----------
    name : str
    joints, truth : (T, J, 3)
        Metres, the hips' middle at zero.
    vertex_errors : (T,)
        Mean distance of vertices, metres; NaN where pose and shape are not known.
    unreadable : int
        Frames whose picture could not be read; they are in none of the above.
    """

    name: str
    joints: np.ndarray
    truth: np.ndarray
    vertex_errors: np.ndarray
    unreadable: int


def scores(results: list[VideoResult]) -> dict[str, float]:
    """Return the measures of the paper, all frames of all videos together.

    Accelerations run over the borders between videos, as the reference's do.

    Returns
    -------
    dict of str to float
        mpjpe, pa_mpjpe, pve (mm), accel, accel_error (mm per frame squared), and how many frames
        and unreadable there were; NaN for what cannot be measured.
    """
    joints = np.concatenate([result.joints for result in results]).astype(np.float64)
    truth = np.concatenate([result.truth for result in results]).astype(np.float64)
    vertices = np.concatenate([result.vertex_errors for result in results])
    counts = {
        "frames": float(len(joints)),
        "unreadable": float(sum(result.unreadable for result in results)),
    }
    if not len(joints):
        return dict.fromkeys(("mpjpe", "pa_mpjpe", "pve", "accel", "accel_error"), np.nan) | counts
    known = np.isfinite(vertices)
    return {
        "mpjpe": float(mpjpe(joints, truth).mean()),
        "pa_mpjpe": float(mpjpe(similarity_aligned(joints, truth), truth).mean()),
        "pve": float(1000 * vertices[known].mean()) if known.any() else np.nan,
        "accel": _acceleration(joints),
        "accel_error": _acceleration(joints - truth),
        **counts,
    }


def _acceleration(points: np.ndarray) -> float:
    if len(points) < 3:
        return float("nan")
    return float(1000 * np.linalg.norm(np.diff(points, n=2, axis=0), axis=-1).mean())

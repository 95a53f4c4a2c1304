"""The row of one method on one clip: every error that has a truth there."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from core_model.body.model import default_body
from core_model.body.skeleton import JOINT_COUNT, JOINT_INDEX
from train.evaluate.aligned import AlignedMotion, align, answer
from train.evaluate.benchmarks import BenchmarkClip, BenchmarkError
from train.evaluate.floor_metrics import foot_slide, root_drift, sole_heights
from train.evaluate.joint_sets import HIPS
from train.evaluate.metrics import PoseErrors, centred, jitter, pose_errors, rotation_error

COLUMNS = (
    *("MPJPE", "PA", "PA clip", "plane", "depth", "rot", "root", "accel", "jitter"),
    *("tilt", "slide", "sink", "float", "drift", "flips", "frames"),
)
UNITS = (
    "mm; rot, root and tilt (of gravity) in degrees; accel mm/frame², jitter mm/frame³; slide mm "
    "per frame at 30 frames/s of feet that truly stand, sink and float their mean depth and "
    "height; drift of the root after the first second; flips and frames are counts"
)
_BALLS = [JOINT_INDEX["left_foot"], JOINT_INDEX["right_foot"]]
_NONE = float("nan")


@dataclass(frozen=True)
class Row:
    """One method on one clip; NaN where there is no truth for a column.

    Parameters
    ----------
    pose : PoseErrors
    jitter : float
        Mean third difference of the joints, mm per frame cubed.
    joint_rotations : (24,)
        Mean rotation errors, degrees, joint 0 in camera space.
    tilt : float
        Angle between captured and true up, degrees.
    slide, sink, hover, drift : float
        Millimetres; see `UNITS`.
    """

    pose: PoseErrors
    jitter: float
    joint_rotations: np.ndarray
    tilt: float = _NONE
    slide: float = _NONE
    sink: float = _NONE
    hover: float = _NONE
    drift: float = _NONE

    def values(self) -> list[float]:
        """Return the numbers of `COLUMNS`."""
        pose = self.pose
        rotation = float(self.joint_rotations[1:].mean())
        root = float(self.joint_rotations[0])
        return [
            *(pose.mpjpe, pose.pa_mpjpe, pose.pa_sequence, pose.in_plane, pose.depth),
            *(rotation, root, pose.acceleration, self.jitter),
            *(self.tilt, self.slide, self.sink, self.hover, self.drift),
            *(pose.flips, pose.frames),
        ]


def compared_frames(clip: BenchmarkClip, motions: Sequence[AlignedMotion]) -> np.ndarray:
    """Return the frames (T,) in which all methods have a pose, MediaPipe too if it has any."""
    common = np.isfinite(clip.truth).all((1, 2))
    for motion in motions:
        common &= np.isfinite(motion.joints).all((1, 2))
    heard = np.isfinite(clip.baseline).all((1, 2))
    return np.asarray(common & heard if heard.any() else common)


def baseline_row(clip: BenchmarkClip, frames: np.ndarray) -> Row | None:
    """Score MediaPipe on some frames (T,) bool; None where it followed somebody else."""
    truth = np.where(frames[:, None, None], clip.truth, np.nan)
    errors = pose_errors(clip.baseline, truth, HIPS, clip.mirror)
    if errors is None:
        return None
    moved = np.where(frames[:, None, None], centred(clip.baseline, HIPS), np.nan)
    return Row(errors, jitter(moved), np.full(JOINT_COUNT, np.nan))


def truth_row(clip: BenchmarkClip, frames: np.ndarray) -> Row | None:
    """Measure the truth itself: its own jitter, and what its feet do; None without frames."""
    truth = np.where(frames[:, None, None], clip.truth, np.nan)
    errors = pose_errors(truth, truth, HIPS, clip.mirror)
    if errors is None:
        return None
    zero = np.zeros(JOINT_COUNT) if clip.take else np.full(JOINT_COUNT, np.nan)
    row = Row(errors, jitter(centred(truth, HIPS)), zero)
    if clip.take is None:
        return row
    feet = _feet(clip, align(clip, clip.take), frames, floor=True)
    return Row(errors, row.jitter, zero, 0.0, *feet, drift=0.0)


def motion_row(clip: BenchmarkClip, motion: AlignedMotion, frames: np.ndarray, floor: bool) -> Row:
    """Score a captured motion.

    Parameters
    ----------
    clip : BenchmarkClip
    motion : AlignedMotion
    frames : (T,) bool
        That count.
    floor : bool
        Whether z = 0 means a floor in the motion's world.

    Raises
    ------
    BenchmarkError
        When no frame has a pose to compare.
    """
    joints = np.where(frames[:, None, None], answer(clip, motion), np.nan)
    errors = pose_errors(joints, clip.truth, HIPS, clip.mirror)
    if errors is None:
        raise BenchmarkError(f"No frame of {clip.video.name} has a pose to compare.")
    rotations = np.full(JOINT_COUNT, np.nan)
    drift = _NONE
    if clip.take is not None:
        true = align(clip, clip.take)
        angles = rotation_error(motion.rotations[frames], true.rotations[frames])
        rotations = angles.mean(axis=0)
        path = np.where(frames[:, None], motion.world_joints[:, 0], np.nan)
        first = round(clip.frame_rate)
        apart = root_drift(path, true.world_joints[:, 0], motion.forward, true.forward, first)
        drift = _mean(apart)
    feet = _feet(clip, motion, frames, floor)
    tilt = _NONE
    if clip.up is not None:
        tilt = float(np.degrees(np.arccos(np.clip(motion.up @ clip.up, -1, 1))))
    return Row(errors, jitter(centred(joints, HIPS)), rotations, tilt, *feet, drift=drift)


def mean_row(rows: Sequence[Row]) -> list[float]:
    """Return the mean of rows' `values`; counts are added up."""
    values = np.array([row.values() for row in rows])
    known = np.isfinite(values)
    total = np.where(known, values, 0).sum(axis=0)
    mean = np.where(known.any(axis=0), total / np.maximum(known.sum(axis=0), 1), np.nan)
    return [*mean[:-2].tolist(), *total[-2:].tolist()]


def median_row(rows: Sequence[Row]) -> list[float]:
    """Return the median of rows' `values`, on which single bad clips have no hold."""
    values = np.array([row.values() for row in rows])
    columns = (column[np.isfinite(column)] for column in values.T)
    return [float(np.median(known)) if len(known) else _NONE for known in columns]


def _feet(
    clip: BenchmarkClip, motion: AlignedMotion, frames: np.ndarray, floor: bool
) -> tuple[float, float, float]:
    """Return slide, sink and float of feet that truly stand, mm."""
    if clip.standing is None:
        return _NONE, _NONE, _NONE
    standing = clip.standing & frames[:, None]
    balls = motion.world_joints[:, _BALLS]
    slide = _mean(foot_slide(balls, standing, clip.frame_rate))
    if not floor or clip.take is None:
        return slide, _NONE, _NONE
    heights = 1000 * sole_heights(balls, motion.betas, default_body())[standing]
    return slide, _mean(np.maximum(-heights, 0)), _mean(np.maximum(heights, 0))


def _mean(values: np.ndarray) -> float:
    numbers = values[np.isfinite(values)]
    return float(numbers.mean()) if len(numbers) else _NONE

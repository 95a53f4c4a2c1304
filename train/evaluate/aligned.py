"""A take read at the frames of a benchmark's clip, ready to be compared with the truth."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from core_model.body.landmarks import LANDMARK_COUNT, place_landmarks
from core_model.body.model import Body, default_body
from core_model.body.skeleton import JOINT_COUNT, forward_kinematics
from core_model.take import Take
from train.evaluate.benchmarks import BenchmarkClip


@dataclass(frozen=True)
class AlignedMotion:
    """What was captured in each of the clip's T frames; NaN where the person was not seen.

    Parameters
    ----------
    joints : (T, 24, 3)
        Camera space, metres.
    landmarks : (T, 33, 3)
        BlazePose's points on the body, likewise.
    rotations : (T, 24, 3, 3)
        Local; joint 0 turns SMPL space to camera space.
    world_joints : (T, 24, 3)
        In the take's own world, Z up, metres.
    confidence : (T, 24)
    forward : (3,)
        Where the camera looks, in the take's world.
    up : (3,)
        Up in the take's world, in camera space.
    betas : (10,)
    """

    joints: np.ndarray
    landmarks: np.ndarray
    rotations: np.ndarray
    world_joints: np.ndarray
    confidence: np.ndarray
    forward: np.ndarray
    up: np.ndarray
    betas: np.ndarray


def align(clip: BenchmarkClip, take: Take, body: Body | None = None) -> AlignedMotion:
    """Put a take's motion in the clip's frames.

    Parameters
    ----------
    clip : BenchmarkClip
    take : Take
        With a camera.
    body : Body, optional
        The default one if not given.
    """
    assert take.camera is not None
    frames, rows = matched_frames(clip, take)
    count = len(clip.truth)
    joints = np.full((count, JOINT_COUNT, 3), np.nan)
    world, rotations = joints.copy(), np.full((count, JOINT_COUNT, 3, 3), np.nan)
    confidence = np.full((count, JOINT_COUNT), np.nan)
    body = body or default_body()
    world[frames] = take.joints(body)[rows]
    joints[frames] = take.camera_joints(body)[rows]
    rotations[frames] = take.rotations()[rows]
    rotations[:, 0] = take.camera.to_world[:3, :3].T @ rotations[:, 0]
    confidence[frames] = take.confidence[rows]
    _, turned = forward_kinematics(rotations[frames], body.rest_joints(take.betas))
    landmarks = np.full((count, LANDMARK_COUNT, 3), np.nan)
    offsets = body.landmark_offsets(take.betas)
    landmarks[frames] = place_landmarks(joints[frames], turned, offsets)
    forward, up = take.camera.to_world[:3, 2], take.camera.to_world[2, :3]
    return AlignedMotion(joints, landmarks, rotations, world, confidence, forward, up, take.betas)


def answer(clip: BenchmarkClip, motion: AlignedMotion) -> np.ndarray:
    """Return what a motion says of the points that are scored, (T, J, 3), camera space, metres."""
    if clip.landmarks:
        return motion.landmarks[:, list(clip.landmarks)]
    return motion.joints[:, list(clip.joints)]


def best_take(clip: BenchmarkClip, takes: Sequence[Take]) -> Take:
    """Return the take whose boxes overlap the true person's most, summed over its seen frames."""

    def overlap(take: Take) -> float:
        frames, rows = matched_frames(clip, take)
        return float(_intersection_over_union(clip.boxes[frames], take.bbox[rows]).sum())

    return max(takes, key=overlap)


def matched_frames(clip: BenchmarkClip, take: Take) -> tuple[np.ndarray, np.ndarray]:
    """Return the clip's frames (N,) and the take's rows (N,) that show the same picture."""
    frames = np.rint(take.times * clip.frame_rate).astype(int)
    fits = take.frame_valid & (frames >= 0) & (frames < len(clip.truth))
    rows = np.flatnonzero(fits)
    return frames[rows], rows


def _intersection_over_union(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Return the overlap (N,), 0 to 1, of boxes (N, 4): x, y, width, height."""
    low = np.maximum(a[:, :2], b[:, :2])
    high = np.minimum(a[:, :2] + a[:, 2:], b[:, :2] + b[:, 2:])
    common = np.clip(high - low, 0, None).prod(axis=1)
    union = a[:, 2:].prod(axis=1) + b[:, 2:].prod(axis=1) - common
    return np.asarray(common / np.maximum(union, 1e-9))

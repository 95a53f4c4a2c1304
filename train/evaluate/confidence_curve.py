"""Does confidence tell where a capture is wrong? Errors against confidence, as a table."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from core_model.body.model import default_body
from core_model.detection.qualities import BEST
from core_model.fit.confidence import BONE_ENDS, NEAR, confidence_features
from core_model.fit.steadying import through_one_lens
from core_model.network.checkpoints import load_weights
from core_model.network.devices import choose_device
from core_model.take import Take
from train.evaluate.aligned import align, best_take, matched_frames
from train.evaluate.benchmarks import BenchmarkClip
from train.evaluate.metrics import similarity_aligned
from train.evaluate.stages import WORLD, run_stages, work_on

DOUBTFUL = 0.5
"""As in `bake.scene.animation.confidence`, which marks keys below it."""

LARGE = 0.12
"""Metres: an error that anybody sees."""

_EDGES = (0.0, 0.2, 0.35, 0.5, 0.65, 0.8, 1.0)


@dataclass(frozen=True)
class Judged:
    """Joints of which the error is known.

    Parameters
    ----------
    errors : (N,)
        Metres.
    confidence : (N,)
    features : (N, F)
        What confidence is made of, see `core_model.fit.confidence`.
    """

    errors: np.ndarray
    confidence: np.ndarray
    features: np.ndarray


def judged(clip: BenchmarkClip, take: Take) -> Judged:
    """Compare a take as it was captured with the truth, joint by joint and frame by frame.

    Every frame is laid over the truth by its scored joints, turned and scaled; the error of a joint
    is the greater one of its two ends'.
    """
    motion, body = align(clip, take), default_body()
    frames, rows = matched_frames(clip, take)
    kept = np.isfinite(clip.truth[frames]).all((1, 2))
    frames, rows = frames[kept], rows[kept]
    scored = list(clip.joints)
    if clip.take is None:
        joints = similarity_aligned(motion.joints[frames][:, scored], clip.truth[frames])
        errors = np.full(motion.joints[frames].shape[:2], np.nan)
        errors[:, scored] = np.linalg.norm(joints - clip.truth[frames], axis=-1)
    else:
        truth = align(clip, clip.take).joints[frames]
        joints = similarity_aligned(motion.joints[frames], truth, on=scored)
        errors = np.linalg.norm(joints - truth, axis=-1)
    errors = np.fmax(errors, errors[:, list(BONE_ENDS)])
    assert take.camera is not None
    rotations = take.rotations()
    rotations[:, 0] = take.camera.to_world[:3, :3].T @ rotations[:, 0]
    pelvis = take.camera.world_to_camera(take.trans + body.rest_joints(take.betas)[0])
    seen = through_one_lens(take.keypoints2d, take.camera_zoom, take.camera)
    features = confidence_features(
        rotations, take.betas, pelvis, seen, take.times, take.camera, body
    )[rows]
    known = np.isfinite(errors)
    return Judged(errors[known], motion.confidence[frames][known], features[known])


def together(parts: Sequence[Judged]) -> Judged:
    """Put the joints of several clips together."""
    return Judged(
        np.concatenate([part.errors for part in parts]),
        np.concatenate([part.confidence for part in parts]),
        np.concatenate([part.features for part in parts]),
    )


def confidence_table(found: Judged) -> str:
    """Lay out error against confidence, and what the doubtful joints hold."""
    errors, confidence = found.errors, found.confidence
    lines = [f"{'confidence':14}{'joints':>9}{'mean mm':>9}{'near':>8}{'large':>8}"]
    for low, high in zip(_EDGES, _EDGES[1:], strict=False):
        chosen = (confidence >= low) & (confidence < high + (high == 1.0))
        if not chosen.any():
            continue
        own = errors[chosen]
        lines.append(
            f"{f'{low:g} to {high:g}':14}{chosen.mean():9.1%}{1000 * own.mean():9.0f}"
            f"{(own < NEAR).mean():8.0%}{(own > LARGE).mean():8.0%}"
        )
    lines.append(doubtful_line(found))
    return "\n".join(lines)


def doubtful_line(found: Judged) -> str:
    """Say how many joints are doubtful, and how many of the large errors are among them."""
    doubtful, large = found.confidence < DOUBTFUL, found.errors > LARGE
    held = doubtful[large].mean() if large.any() else float("nan")
    mean = [1000 * found.errors[part].mean() for part in (doubtful, ~doubtful)]
    return (
        f"doubtful (below {DOUBTFUL:g}): {doubtful.mean():.0%} of the joints, with {held:.0%} of "
        f"the errors over {1000 * LARGE:.0f} mm; mean error {mean[0]:.0f} mm, of the others "
        f"{mean[1]:.0f} mm"
    )


def judge(clips: Sequence[BenchmarkClip], weights: Path, quality: str = BEST) -> list[Judged]:
    """Capture clips and compare every joint with the truth."""
    device = choose_device("cpu")
    network = load_weights(weights)
    parts = []
    for clip in clips:
        takes = run_stages(work_on(clip, network, device, quality), (WORLD,))[WORLD]
        parts.append(judged(clip, best_take(clip, takes)))
    return parts

"""What clean-up does to motion: calms it, keeps what is fast, and leaves the knees alone."""

from collections.abc import Mapping, Sequence

import numpy as np

from core_model.body.skeleton import JOINT_INDEX
from train.evaluate.aligned import AlignedMotion, align, answer
from train.evaluate.benchmarks import BenchmarkClip
from train.evaluate.joint_sets import HIPS
from train.evaluate.metrics import centred, jitter, pa_mpjpe, rotation_error

_WRISTS = [JOINT_INDEX["left_wrist"], JOINT_INDEX["right_wrist"]]
_KNEES = [JOINT_INDEX["left_knee"], JOINT_INDEX["right_knee"]]
_NEAR = 0.2  # seconds: a captured peak belongs to a true one
_FAST = 4.0  # metres per second: a wrist that hits or throws
_KEPT, _CALM = 0.05, 1.5


def smoothing_table(
    clips: Sequence[BenchmarkClip],
    motions: Mapping[str, Mapping[str, AlignedMotion]],
    start: str,
    before: str,
    after: str,
) -> str:
    """Lay out jitter, PA-MPJPE and the fastest wrist before and after smoothing.

    Parameters
    ----------
    clips : sequence of BenchmarkClip
    motions : mapping
        By clip, then by method.
    start, before, after : str
        The network alone; all but smoothing; with smoothing.
    """
    head = ["jitter true", "raw", "smooth", "PA raw", "smooth"]
    head += ["peak true", "network", "raw", "smooth"]
    lines = [f"{'clip':14}" + "".join(f"{name:>12}" for name in head) + "  kept"]
    calm, kept, not_worse = [], [], []
    for clip in clips:
        if clip.take is None:
            continue
        network, raw, smooth = (motions[clip.name][name] for name in (start, before, after))
        jitters = [jitter(centred(clip.truth, HIPS))]
        jitters += [_jitter(clip, motion) for motion in (raw, smooth)]
        errors = [_pa(clip, motion) for motion in (raw, smooth)]
        peaks = wrist_peaks(clip, (network, raw, smooth))
        calm.append(jitters[2] <= _CALM * jitters[0])
        not_worse.append(errors[1] <= errors[0] + 0.05)
        share = ""
        if peaks[0] >= _FAST:
            share = f"{peaks[3] / peaks[2]:6.2f}"
            kept.append(abs(peaks[3] / peaks[2] - 1) <= _KEPT)
        values = [*jitters, *errors, *peaks]
        lines.append(f"{clip.name:14}" + "".join(f"{value:12.1f}" for value in values) + share)
    lines.append(f"jitter within {_CALM} times the truth's own: {sum(calm)} of {len(calm)} clips")
    lines.append(f"PA-MPJPE not worse than unsmoothed: {sum(not_worse)} of {len(not_worse)} clips")
    fast = f"peak of wrists faster than {_FAST:g} m/s kept within 5 %"
    lines.append(f"{fast}: {sum(kept)} of {len(kept)} clips")
    return "\n".join(lines)


def knee_line(motions: Mapping[str, Mapping[str, AlignedMotion]], before: str, after: str) -> str:
    """Say how far planting the feet turns the knees.

    Parameters
    ----------
    motions : mapping
        By clip, then by method.
    before, after : str
        The methods without and with planted feet.
    """
    most: dict[str, float] = {}
    for clip, found in motions.items():
        angles = rotation_error(
            found[after].rotations[:, _KNEES], found[before].rotations[:, _KNEES]
        )
        most[clip] = float(np.nanmax(angles))
    worst = max(most, key=lambda clip: most[clip])
    return (
        f"knees turn because of it by at most {most[worst]:.1f} degrees ({worst}), "
        f"{np.mean(list(most.values())):.1f} on average of the clips' greatest"
    )


def wrist_peaks(clip: BenchmarkClip, motions: Sequence[AlignedMotion]) -> list[float]:
    """Return the greatest speed of the faster wrist, m/s: in truth, and in each motion.

    Captured peaks are looked for near the true one in time; speeds are from frame to frame, about
    the hips.
    """
    assert clip.take is not None
    true = _wrist_speed(align(clip, clip.take), clip.frame_rate)
    seen = np.isfinite(_wrist_speed(motions[0], clip.frame_rate)).all(axis=1)
    true = np.where(seen[:, None], true, 0.0)
    frame, side = np.unravel_index(int(true.argmax()), true.shape)
    near = round(_NEAR * clip.frame_rate)
    window = slice(max(int(frame) - near, 0), int(frame) + near + 1)
    found = [
        float(np.nanmax(_wrist_speed(motion, clip.frame_rate)[window, side])) for motion in motions
    ]
    return [float(true[frame, side]), *found]


def _wrist_speed(motion: AlignedMotion, frame_rate: float) -> np.ndarray:
    """Return the speeds (T - 1, 2) of the wrists, m/s."""
    wrists = motion.joints[:, _WRISTS] - motion.joints[:, :1]
    return np.asarray(np.linalg.norm(np.diff(wrists, axis=0), axis=-1) * frame_rate)


def _jitter(clip: BenchmarkClip, motion: AlignedMotion) -> float:
    return jitter(centred(answer(clip, motion), HIPS))


def _pa(clip: BenchmarkClip, motion: AlignedMotion) -> float:
    return float(np.nanmean(pa_mpjpe(answer(clip, motion), clip.truth)))

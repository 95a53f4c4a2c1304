"""Stretches of a take in which a part of the body was hardly seen; no bpy.

Confidence trembles from frame to frame. It is evened out over a moment, and a stretch that has
begun lasts until confidence is clearly back, so that an animator gets a list to go through and not
one of single frames.
"""

from dataclasses import dataclass

import numpy as np

from core_model.body.skeleton import JOINT_INDEX

DOUBTFUL = 0.5
"""A joint seen with less confidence than this was guessed from its surroundings."""

WHOLE_BODY = "Whole Body"

UNSURE = "unsure"
"""The kind of a stretch in which something was hardly seen."""

PARTS: dict[str, tuple[str, ...]] = {
    "Torso": ("pelvis", "spine1", "spine2", "spine3", "left_collar", "right_collar"),
    "Head": ("neck", "head"),
    "Left Arm": ("left_shoulder", "left_elbow", "left_wrist", "left_hand"),
    "Right Arm": ("right_shoulder", "right_elbow", "right_wrist", "right_hand"),
    "Left Leg": ("left_hip", "left_knee", "left_ankle", "left_foot"),
    "Right Leg": ("right_hip", "right_knee", "right_ankle", "right_foot"),
}
"""Joints, which are bones of the armature, by the part of the body."""

_SURE_AGAIN = DOUBTFUL
_BEGINS = 0.7 * DOUBTFUL
_EVENED = 0.2  # seconds over which confidence is averaged
_SHORTEST = 0.2  # seconds: less is gone before anyone sees it
_PAUSE = 0.6  # seconds without doubt that do not end a stretch
_MOST = 4  # parts that are doubtful together until it is the whole body


@dataclass(frozen=True)
class DoubtfulRange:
    """A stretch of a take.

    Parameters
    ----------
    part : str
        One of `PARTS`, or `WHOLE_BODY`.
    start, end : float
        Seconds of the clip.
    confidence : float
        0 to 1, mean of the part.
    kind : str
        `UNSURE`, or one of those of `bake.motion.suspects`.
    severity : float
        How much it needs a look, beside others.
    """

    part: str
    start: float
    end: float
    confidence: float
    kind: str = UNSURE
    severity: float = 0.0


def doubtful_ranges(
    times: np.ndarray, confidence: np.ndarray, valid: np.ndarray
) -> list[DoubtfulRange]:
    """Return where a take is doubtful, the earliest stretch first.

    Parameters
    ----------
    times : (T,)
        Seconds of the clip.
    confidence : (T, 24)
        0 to 1, of SMPL's joints.
    valid : (T,) bool
        False where the person was not seen.
    """
    step = float(np.median(np.diff(times))) if len(times) > 1 else 1.0
    of_parts = {
        part: _evened(_of_part(confidence, valid, joints), step) for part, joints in PARTS.items()
    }
    doubted = {part: _stretches(values, step) for part, values in of_parts.items()}
    everything = sum(mask.astype(int) for mask in doubted.values()) >= _MOST
    everything = _calmed(everything | ~valid, step)
    whole = np.mean(list(of_parts.values()), axis=0)
    found = _ranges(WHOLE_BODY, everything, whole, times, step)
    for part, mask in doubted.items():
        found += _ranges(part, _calmed(mask & ~everything, step), of_parts[part], times, step)
    return sorted(found, key=lambda each: (each.start, each.part))


def _of_part(confidence: np.ndarray, valid: np.ndarray, joints: tuple[str, ...]) -> np.ndarray:
    """Return (T,) how sure the less certain half of some joints is."""
    own = np.sort(confidence[:, [JOINT_INDEX[name] for name in joints]], axis=1)
    return np.where(valid, own[:, : max(1, len(joints) // 2)].mean(axis=1), 0.0)


def _evened(values: np.ndarray, step: float) -> np.ndarray:
    """Return a running mean (T,)."""
    reach = round(_EVENED / step / 2)
    sums = np.concatenate(([0.0], np.cumsum(values)))
    last = np.minimum(np.arange(len(values)) + reach + 1, len(values))
    first = np.maximum(np.arange(len(values)) - reach, 0)
    mean: np.ndarray = (sums[last] - sums[first]) / (last - first)
    return mean


def _stretches(values: np.ndarray, step: float) -> np.ndarray:
    """Return (T,) where confidence has fallen and is not back yet."""
    low = values < _SURE_AGAIN
    mask = np.zeros(len(values), bool)
    for first, last in _runs(low):
        inside = slice(first, last + 1)
        mask[inside] = (values[inside] < _BEGINS).any()
    return _calmed(mask, step)


def _calmed(mask: np.ndarray, step: float) -> np.ndarray:
    """Return a mask (T,) without short pauses, and without short stretches."""
    calm = mask.copy()
    for first, last in _runs(~calm):
        inner = first > 0 and last < len(calm) - 1
        if inner and (last - first + 1) * step < _PAUSE:
            calm[first : last + 1] = True
    for first, last in _runs(calm):
        if (last - first + 1) * step < _SHORTEST:
            calm[first : last + 1] = False
    return calm


def _ranges(
    part: str, mask: np.ndarray, values: np.ndarray, times: np.ndarray, step: float
) -> list[DoubtfulRange]:
    return [
        DoubtfulRange(
            part,
            float(times[first]),
            float(times[last]) + step,
            sure := float(values[first : last + 1].mean()),
            severity=(1 - sure) * (times[last] - times[first] + step) * _share(part),
        )
        for first, last in _runs(mask)
    ]


def _share(part: str) -> float:
    """Return how much of a body a part is, beside a limb."""
    return 2.0 if part == WHOLE_BODY else 1.0


def stretches_of(mask: np.ndarray, step: float) -> list[tuple[int, int]]:
    """Return first and last index of each stretch of a mask (T,) that somebody would see.

    Parameters
    ----------
    mask : (T,) bool
    step : float
        Seconds between frames.
    """
    return _runs(_calmed(mask, step))


def _runs(mask: np.ndarray) -> list[tuple[int, int]]:
    """Return first and last index of each run of True in a mask (T,)."""
    edges = np.flatnonzero(np.diff(np.concatenate(([False], mask, [False])).astype(int)))
    return [
        (int(first), int(last) - 1) for first, last in zip(edges[::2], edges[1::2], strict=True)
    ]

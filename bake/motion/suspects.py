"""Stretches of a take that need a look, found from the take itself; no bpy.

What the capture was unsure of is one kind (`bake.motion.doubtful`); the others are motions that
bodies do not make, or that do not go with what was seen.
"""

import numpy as np

from bake.motion.doubtful import PARTS, WHOLE_BODY, DoubtfulRange, doubtful_ranges, stretches_of
from core_model.body.landmarks import LANDMARK_INDEX
from core_model.body.skeleton import JOINT_INDEX
from core_model.geometry.rotations import matrix_to_axis_angle, rotation_angle
from core_model.take import Take

SIDES, SLIDE, LIMIT, GHOST = "sides", "slide", "limit", "ghost"
"""Left and right exchanged, feet that slide, joints that bend too far, a track of nobody."""

FEET, FACING, EVERYTHING = "Feet", "Left and Right", "Everything"

_WEIGHTS = {SIDES: 3.0, GHOST: 4.0, SLIDE: 1.0, LIMIT: 1.5}
_LIMBS = [
    (f"{side}_{part}", f"{other}_{part}")
    for side, other in (("left", "right"), ("right", "left"))
    for part in ("shoulder", "elbow", "wrist", "hip", "knee", "ankle")
]
_TOLD_APART = 0.08  # of the figure's size: nearer to each other, the sides cannot be told
_BETTER = 2.0  # times nearer to the other side's landmarks
_TURNED, _AT_ONCE = np.radians(100), 0.15  # a turn that nobody makes, within so many seconds
_LONGEST = 4.0  # seconds between two of them that belong together
_LOW = 0.08  # metres above the lowest of a moment's surroundings: a foot that bears
_SLIDES = 0.35  # metres per second of the slower foot
_WINDOW = 0.5  # seconds around a moment
_FARTHEST = {
    **{"spine1": 70, "spine2": 60, "spine3": 60, "neck": 75, "head": 75},
    **{f"{side}_collar": 55 for side in ("left", "right")},
    **{f"{side}_ankle": 75 for side in ("left", "right")},
    **{f"{side}_wrist": 110 for side in ("left", "right")},
    **{f"{side}_elbow": 165 for side in ("left", "right")},
}
"""Degrees that a joint turns at most."""
_BACKWARDS = np.radians(20)  # that a knee bends the wrong way
_FEW_SECONDS, _HARDLY_SURE = 1.0, 0.35


def suspects(take: Take) -> list[DoubtfulRange]:
    """Return the stretches of a take that need a look, the earliest first.

    Parameters
    ----------
    take : Take
        Z up.
    """
    found = [
        *doubtful_ranges(take.times, take.confidence, take.frame_valid),
        *_found(SIDES, FACING, _exchanged(take), take),
        *_found(SLIDE, FEET, _sliding(take), take),
        *_bent_too_far(take),
    ]
    if take.from_video and _is_ghost(take):
        found.append(_range(GHOST, EVERYTHING, take, 0, len(take) - 1))
    return sorted(found, key=lambda each: (each.start, each.part))


def _found(kind: str, part: str, mask: np.ndarray, take: Take) -> list[DoubtfulRange]:
    step = 1 / take.frame_rate
    return [
        _range(kind, part, take, first, last)
        for first, last in stretches_of(mask & take.frame_valid, step)
    ]


def _range(kind: str, part: str, take: Take, first: int, last: int) -> DoubtfulRange:
    start, end = float(take.times[first]), float(take.times[last]) + 1 / take.frame_rate
    sure = float(take.confidence[first : last + 1].mean())
    return DoubtfulRange(part, start, end, sure, kind, _WEIGHTS[kind] * (end - start))


def _exchanged(take: Take) -> np.ndarray:
    """Return (T,) where the other side's landmarks fit a figure better, or its facing flipped."""
    flipped = _between_flips(take)
    if take.camera is None or not take.keypoints2d[..., 2].any():
        return flipped
    placed = take.camera_joints()
    placed[..., 2] = np.maximum(placed[..., 2], 0.1)
    pixels = take.camera.through_zoom(take.camera.project(placed), take.camera_zoom)
    size = np.maximum(np.ptp(pixels, axis=1).max(axis=-1), 1e-6)
    own, other, apart, sum_of_weights = (np.zeros(len(take)) for _ in range(4))
    for name, mirrored in _LIMBS:
        seen, joint = take.keypoints2d[:, LANDMARK_INDEX[name]], pixels[:, JOINT_INDEX[name]]
        across = pixels[:, JOINT_INDEX[mirrored]]
        weight = seen[:, 2]
        own += weight * np.linalg.norm(seen[:, :2] - joint, axis=-1)
        other += weight * np.linalg.norm(seen[:, :2] - across, axis=-1)
        apart += weight * np.linalg.norm(joint - across, axis=-1)
        sum_of_weights += weight
    told_apart = apart > _TOLD_APART * size * np.maximum(sum_of_weights, 1e-6)
    return flipped | (told_apart & (own > _BETTER * other))


def _between_flips(take: Take) -> np.ndarray:
    """Return (T,) the stretches between two turns about that nobody makes."""
    turns = take.rotations()[:, 0]
    inside = np.zeros(len(take), bool)
    reach = max(1, round(_AT_ONCE * take.frame_rate))
    if len(take) <= reach:
        return inside
    turned = rotation_angle(turns[:-1], turns[1:])
    # Over a moment, for a smoothed flip takes some frames; only where one of them is wild.
    over = rotation_angle(turns[:-reach], turns[reach:])
    wild = [row for row in np.flatnonzero(over > _TURNED) if turned[row : row + reach].max() > 0.5]
    flips = [row + reach // 2 for n, row in enumerate(wild) if n == 0 or row - wild[n - 1] > reach]
    for before, after in zip(flips, flips[1:], strict=False):
        if take.times[after] - take.times[before] <= _LONGEST:
            inside[before : after + 1] = True
    return inside


def _sliding(take: Take) -> np.ndarray:
    """Return (T,) where a figure is borne by feet of which both move over the ground."""
    if len(take) < 3 or not take.from_video:
        return np.zeros(len(take), bool)
    joints = take.joints()
    feet = joints[:, [JOINT_INDEX["left_foot"], JOINT_INDEX["right_foot"]]]
    lowest = joints[..., 2].min(axis=1)
    reach = max(1, round(_WINDOW * take.frame_rate))
    padded = np.pad(lowest, reach, mode="edge")
    floor = np.lib.stride_tricks.sliding_window_view(padded, 2 * reach + 1).min(axis=1)
    velocity = np.gradient(feet[..., :2], take.times, axis=0)
    slower = np.linalg.norm(velocity, axis=-1).min(axis=1)
    bears = feet[..., 2].min(axis=1) - floor < _LOW
    return np.asarray(bears & (slower > _SLIDES))


def _bent_too_far(take: Take) -> list[DoubtfulRange]:
    rotations = take.rotations()
    found: list[DoubtfulRange] = []
    for name, degrees in _FARTHEST.items():
        angles = np.linalg.norm(matrix_to_axis_angle(rotations[:, JOINT_INDEX[name]]), axis=-1)
        part = name.replace("_", " ").title()
        found += _found(LIMIT, part, angles > np.radians(degrees), take)
    for side in ("left", "right"):
        bend = matrix_to_axis_angle(rotations[:, JOINT_INDEX[f"{side}_knee"]])[:, 0]
        found += _found(LIMIT, f"{side} knee".title(), bend < -_BACKWARDS, take)
    return found


def _is_ghost(take: Take) -> bool:
    seen = take.frame_valid
    short = seen.sum() / take.frame_rate < _FEW_SECONDS and len(take) > 1
    return bool(short or take.confidence[seen].mean() < _HARDLY_SURE)


def joints_of(part: str) -> tuple[str, ...]:
    """Return the joints of a part that a stretch is of, by name."""
    if part in PARTS:
        return PARTS[part]
    name = part.lower().replace(" ", "_")
    if name in JOINT_INDEX:
        return (name,)
    if part == FEET:
        return (*PARTS["Left Leg"], *PARTS["Right Leg"])
    return tuple(JOINT_INDEX) if part in (WHOLE_BODY, FACING, EVERYTHING) else ()

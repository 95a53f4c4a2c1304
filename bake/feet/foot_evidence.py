"""What the capture itself saw of the feet: how fast their landmarks went across the picture."""

from dataclasses import dataclass

import numpy as np

from bake.motion.local_fit import local_slope, nearest_of
from core_model.body.landmarks import LANDMARK_INDEX
from core_model.body.skeleton import JOINT_INDEX
from core_model.take import Take

_STEADY = 0.04  # seconds: speed is measured over about twice this
_NEAREST = 0.1  # seconds: what was seen longer ago says nothing
_LANDMARKS = [
    [LANDMARK_INDEX[f"{side}_{point}"] for point in ("heel", "foot_index")]
    for side in ("left", "right")
]
_CARRIERS = [
    [JOINT_INDEX[f"{side}_{joint}"] for joint in ("ankle", "foot")] for side in ("left", "right")
]


@dataclass(frozen=True)
class FootEvidence:
    """Of heel and toes (last axis) of the left and the right foot at N moments.

    Parameters
    ----------
    eye : (N, 3)
        Where the camera stood: along its line of sight it measures badly.
    filmed : (N,) bool
        Whether there was one.
    speed : (N, 2, 2)
        Across the picture, metres per second.
    seen : (N, 2, 2)
        How much `speed` counts, 0 to 1; 0 where nothing was filmed.
    certain : (N, 2, 2)
        How sure the capture is of the joints that carry these points, 0 to 1.
    clock : (N,) or None
        Seconds as they passed when it was filmed, where that is known to be otherwise.
    scale : (N,) or None
        By which speeds of feet are divided before they are judged, where that is known.
    stands : (N, 2, 2) int or None
        Whether heel and ball are known to stand, 1 or 0; -1 where they are not.
    slid : (N, 2, 2) or None
        How far over the ground, X and Y, what bears left and right may have slid by then, metres
        from anywhere.
    """

    eye: np.ndarray
    filmed: np.ndarray
    speed: np.ndarray
    seen: np.ndarray
    certain: np.ndarray
    clock: np.ndarray | None = None
    scale: np.ndarray | None = None
    stands: np.ndarray | None = None
    slid: np.ndarray | None = None

    def __getitem__(self, part: slice) -> "FootEvidence":
        given = {name: each[part] for name, each in vars(self).items() if each is not None}
        return FootEvidence(**given)

    def sight(self, points: np.ndarray) -> np.ndarray:
        """Return the directions (N, ..., 3) in which the camera saw points, 0 where none did."""
        ahead = (len(points), *(1,) * (points.ndim - 2), 3)
        sight = points - self.eye.reshape(ahead)
        length = np.maximum(np.linalg.norm(sight, axis=-1, keepdims=True), 1e-9)
        return np.asarray(sight / length * self.filmed.reshape(*ahead[:-1], 1))


def no_evidence(count: int) -> FootEvidence:
    """Return what is known of the feet of a motion that nobody filmed."""
    nothing = np.zeros((count, 2, 2))
    return FootEvidence(
        np.zeros((count, 3)), np.zeros(count, bool), nothing, nothing, np.ones_like(nothing)
    )


def foot_evidence(take: Take, times: np.ndarray) -> FootEvidence:
    """Read at `times` (N,), seconds, how a take's feet moved in the picture."""
    if take.footage is not None:
        return _of_footage(take, times)
    if take.camera is None:
        return no_evidence(len(times))
    valid = take.frame_valid
    moments = take.times[valid]
    marks = take.keypoints2d[valid][:, _LANDMARKS]
    zoom = take.camera_zoom[valid] if np.size(take.camera_zoom) else take.camera_zoom
    sight = take.camera.rays(take.camera.through_one_lens(marks[..., :2], zoom))
    sight = sight / np.linalg.norm(sight, axis=-1, keepdims=True)
    if np.size(take.camera_turns):
        sight = sight @ np.swapaxes(take.camera_turns[valid], 1, 2)[:, None]
    if len(moments) > 2:
        flat = sight.reshape(len(moments), -1)
        slope = local_slope(flat, moments, np.full(len(moments), _STEADY))
        turning = np.linalg.norm(slope.reshape(sight.shape), axis=-1)
    else:
        turning = np.zeros(marks.shape[:3])
    away = np.linalg.norm(take.camera.world_to_camera(take.trans[valid]), axis=1)
    speed = turning * away[:, None, None]
    after = np.searchsorted(moments, times).clip(1, max(len(moments) - 1, 1))
    after, before = np.minimum(after, len(moments) - 1), after - 1
    since = np.minimum(np.abs(moments[after] - times), np.abs(moments[before] - times))
    seen = _read(marks[..., 2], moments, times) * (since < _NEAREST)[:, None, None]
    certain = _read(take.confidence[valid][:, _CARRIERS], moments, times)
    eye = np.tile(take.camera.to_world[:3, 3], (len(times), 1))
    filmed = np.ones(len(times), bool)
    return FootEvidence(eye, filmed, _read(speed, moments, times), seen, certain)


def _of_footage(take: Take, times: np.ndarray) -> FootEvidence:
    footage, valid = take.footage, take.frame_valid
    assert footage is not None
    nearest = nearest_of(take.times, times)
    return FootEvidence(
        eye=_read(footage.camera[..., 3], take.times, times),
        filmed=footage.filmed[nearest],
        speed=_read(footage.foot_speed, take.times, times),
        seen=_read(footage.foot_seen, take.times, times),
        certain=_read(take.confidence[valid][:, _CARRIERS], take.times[valid], times),
        clock=np.interp(times, take.times, footage.clock),
        scale=np.interp(times, take.times, footage.foot_scale),
        stands=footage.foot_stands[nearest],
        slid=_read(footage.foot_slid, take.times, times),
    )


def _read(values: np.ndarray, moments: np.ndarray, times: np.ndarray) -> np.ndarray:
    columns = values.reshape(len(values), -1).T
    read = np.stack([np.interp(times, moments, column) for column in columns], axis=-1)
    return np.asarray(read.reshape(len(times), *values.shape[1:]))

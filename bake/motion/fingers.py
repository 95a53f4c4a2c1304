"""The motion of fingers, smoothed and read at the frames of the scene."""

from dataclasses import replace

import numpy as np

from bake.motion.resample import Timeline, resample
from bake.motion.smoothing import Profile, part_of, smooth_rotation
from bake.motion.track import seen_of
from core_model.body.fingers import FINGER_JOINT_COUNT
from core_model.geometry.rotations import without_sign_flips
from core_model.take import Take


def finger_motion(take: Take, timeline: Timeline, profile: Profile) -> np.ndarray | None:
    """Return the local rotations (K, 30, 4) of the fingers, w first; None if nobody knows them.

    Parameters
    ----------
    take : Take
        One whose person was seen.
    timeline : Timeline
    profile : Profile
        Fingers are smoothed as strongly as the hands that they are on.

    Returns
    -------
    (K, 30, 4) or None
        For the same frames as `bake.cleaning.clean_motion`.
    """
    if take.poses_hands is None:
        return None
    turns = take.poses_hands.reshape(-1, FINGER_JOINT_COUNT, 3)
    raw = seen_of(take, turns, take.trans)
    smoothed = raw.quaternions.copy()
    seconds = profile.seconds[part_of("hand")]
    half_speed = np.radians(profile.halved_at_degrees_per_second)
    for run in raw.runs():
        for first in range(0, FINGER_JOINT_COUNT, 3):
            finger = slice(first, first + 3)
            smoothed[run, finger] = smooth_rotation(
                raw.quaternions[run, finger], raw.times[run], seconds, half_speed
            )
    track = replace(raw, quaternions=without_sign_flips(smoothed))
    return resample(track, timeline).quaternions

"""The motion of fingers, smoothed and read at the frames of the scene."""

import numpy as np

from bake.motion.resample import Timeline, resample
from bake.motion.smoothing import Profile, part_of, smooth_rotation
from bake.motion.track import Track
from core_model.body.fingers import FINGER_JOINT_COUNT
from core_model.geometry.rotations import axis_angle_to_quaternion, without_sign_flips
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
    seen = take.frame_valid
    turns = take.poses_hands[seen].reshape(-1, FINGER_JOINT_COUNT, 3)
    raw = Track(
        times=take.times[seen],
        quaternions=without_sign_flips(axis_angle_to_quaternion(turns)),
        positions=take.trans[seen],
    )
    smoothed = raw.quaternions.copy()
    seconds = profile.seconds[part_of("hand")]
    half_speed = np.radians(profile.halved_at_degrees_per_second)
    for run in raw.runs():
        for first in range(0, FINGER_JOINT_COUNT, 3):
            finger = slice(first, first + 3)
            smoothed[run, finger] = smooth_rotation(
                raw.quaternions[run, finger], raw.times[run], seconds, half_speed
            )
    track = Track(raw.times, without_sign_flips(smoothed), raw.positions)
    return resample(track, timeline).quaternions

"""A motion between its frames: what cameras see that take their pictures when they like."""

import numpy as np
from scipy.spatial.transform import Rotation, Slerp

from core_model.body.skeleton import JOINT_COUNT
from core_model.take import Take


def take_at(take: Take, times: np.ndarray) -> Take:
    """Return a motion at other times: joints turn evenly from one frame to the next.

    Parameters
    ----------
    take : Take
        Of two frames or more.
    times : (N,)
        Seconds, within those of the take up to a millisecond.

    Returns
    -------
    Take
        Poses, places and times only; the camera stays where it is.
    """
    if times.min() < take.times[0] - 1e-3 or times.max() > take.times[-1] + 1e-3:
        raise ValueError(f"The motion ends at {take.times[-1]:.3f} s, not at {times.max():.3f} s.")
    within = np.clip(times, take.times[0], take.times[-1])
    local = take.rotations()
    poses = [
        Slerp(take.times, Rotation.from_matrix(local[:, joint]))(within).as_rotvec()
        for joint in range(JOINT_COUNT)
    ]
    return Take(
        poses=np.concatenate(poses, axis=1),
        trans=np.stack([np.interp(within, take.times, line) for line in take.trans.T], axis=1),
        betas=take.betas,
        times=np.asarray(times, dtype=float),
        camera=take.camera,
        source=take.source,
    )

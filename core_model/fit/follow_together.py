"""What the landmarks of a figure do all together, the figure does as a whole.

The fit holds back quick motion, since single landmarks tremble; thirty that move alike do not: a
hop, a jolt, a stumble. What they all miss the figure by across the picture is given to its pelvis.
"""

import numpy as np

from core_model.body.landmarks import place_landmarks
from core_model.body.model import Body
from core_model.body.skeleton import forward_kinematics
from core_model.fit.landmark_motion import evened
from core_model.fit.weights import landmark_weights
from core_model.geometry.camera import Camera

_EVENED = 0.02  # seconds, sigma: a part of the little that is left of trembling
_LASTING = 0.5  # seconds, likewise
_TREMBLES = 0.006  # metres that are taken for trembling half of the time
_MOST = 0.06  # metres: what is missed by more is no matter of a moment


def followed_together(
    pelvis: np.ndarray,
    rotations: np.ndarray,
    betas: np.ndarray,
    landmarks: np.ndarray,
    times: np.ndarray,
    camera: Camera,
    body: Body,
) -> np.ndarray:
    """Return the pelvis (T, 3) moved by what trusted landmarks miss the figure by in common.

    Parameters
    ----------
    pelvis : (T, 3)
        Metres, camera space.
    rotations : (T, 24, 3, 3)
        Joint 0 turns SMPL space to camera space.
    betas : (10,)
    landmarks : (T, 33, 3)
        Pixels and visibility.
    times : (T,)
        Seconds.
    camera : Camera
    body : Body
    """
    if len(times) < 3:
        return pelvis
    joints, turned = forward_kinematics(rotations, body.rest_joints(betas))
    points = place_landmarks(joints, turned, body.landmark_offsets(betas))
    points = points - joints[:, :1] + pelvis[:, None]
    rays = camera.rays(landmarks[..., :2])
    missed = (rays[..., :2] / rays[..., 2:]) * points[..., 2:] - points[..., :2]
    trust = landmarks[..., 2] ** 3 * np.array(landmark_weights())
    middle = np.stack([_weighted_median(missed[..., axis], trust) for axis in range(2)], axis=-1)
    apart = np.linalg.norm(missed - middle[:, None], axis=-1)
    # What lasts is another shape or pose than the picture's; a hop is over soon.
    common = evened(middle, times, _EVENED) - evened(middle, times, _LASTING)
    doubt = _TREMBLES**2 + _weighted_median(apart, trust)[:, None] ** 2
    size = np.linalg.norm(common, axis=-1, keepdims=True)
    share = size**2 / (size**2 + doubt) * np.minimum(1, _MOST / np.maximum(size, 1e-9))
    return pelvis + np.concatenate((share * common, np.zeros_like(size)), axis=-1)


def _weighted_median(values: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Return the medians (T,) of values (T, N) by their weights."""
    order = np.argsort(values, axis=1)
    ranked = np.take_along_axis(weights, order, axis=1).cumsum(axis=1)
    middle = (ranked < 0.5 * ranked[:, -1:]).sum(axis=1).clip(max=values.shape[1] - 1)
    return np.take_along_axis(values, np.take_along_axis(order, middle[:, None], 1), 1)[:, 0]

"""How sure a captured motion is of each joint in each frame, learnt from clips with known truth.

Confidence is the probability that a joint and the end of its bone lie within `NEAR` of where they
truly are, once place, heading and size of the whole body are taken off. A logistic regression tells
it from what can be known without the truth: how visible the landmarks are from which a joint's
rotation is seen, how far the fitted figure is from them and from all others, and whether they jump.
`python -m train.calibrate` finds its coefficients.
"""

import numpy as np

from core_model.body.landmarks import LANDMARK_INDEX
from core_model.body.model import Body
from core_model.body.placement import landmarks_in_picture
from core_model.body.skeleton import JOINT_INDEX, JOINT_NAMES
from core_model.geometry.camera import Camera

NEAR = 0.05
"""Metres."""

_WITNESSES = {
    "pelvis": ("left_hip", "right_hip"),
    "spine": ("left_hip", "right_hip", "left_shoulder", "right_shoulder"),
    "neck": ("left_shoulder", "right_shoulder", "nose"),
    "head": ("nose", "left_ear", "right_ear"),
    "hip": ("hip", "knee"),
    "knee": ("knee", "ankle"),
    "ankle": ("ankle", "heel", "foot_index"),
    "foot": ("heel", "foot_index"),
    "collar": ("shoulder",),
    "shoulder": ("shoulder", "elbow"),
    "elbow": ("elbow", "wrist"),
    "wrist": ("wrist", "index", "pinky"),
    "hand": ("index", "pinky", "thumb"),
}
"""The landmarks from which a joint's rotation is seen; those of a limb are of its own side."""

_ENDS = {
    "pelvis": "spine1",
    "spine1": "spine2",
    "spine2": "spine3",
    "spine3": "neck",
    "neck": "head",
    "head": "head",
    "hip": "knee",
    "knee": "ankle",
    "ankle": "foot",
    "foot": "foot",
    "collar": "shoulder",
    "shoulder": "elbow",
    "elbow": "wrist",
    "wrist": "hand",
    "hand": "hand",
}
_ENOUGH, _FOUND = 10, 0.5
"""So many landmarks of somebody are found with more than this visibility, even where a picture
shows no more than two arms; of shapes that are nobody, and that the pose network takes for people
three times on end, the tenth best had 0.18 at most."""

_SHARE = 0.1  # of the person's size: being off by more tells nothing more
_STEP = 1 / 30  # seconds between the three looks that tell whether a landmark jumps


def _split(name: str) -> tuple[str, str]:
    """Return side, with its underscore, and part of a joint's name."""
    side, underscore, part = name.rpartition("_")
    return side + underscore, part


BONE_ENDS = tuple(
    JOINT_INDEX[end if end in JOINT_INDEX else side + end]
    for side, part in map(_split, JOINT_NAMES)
    for end in (_ENDS[part],)
)
"""The joint at which the bone of each joint ends; itself where there is none."""

_SEEN_BY = tuple(
    tuple(
        LANDMARK_INDEX[witness if not side or witness in LANDMARK_INDEX else side + witness]
        for witness in _WITNESSES[part.rstrip("123")]
    )
    for side, part in map(_split, JOINT_NAMES)
)
FEATURES = ("always", "hidden", "missed", "jumping", "all missed")
"""What tells, 0 to 1: a constant; how lost the worst of the landmarks is; how far they are from
those of the figure, and how far they jump, as shares of a tenth of the person's size in the
picture; and how far all of them are from the figure's, the mean of its joints, which is large where
left and right are exchanged."""

COEFFICIENTS = (2.43, -1.04, -1.0, -3.61, -4.29)
"""Of `FEATURES`, found on the demo and the rendered clips."""


def joint_confidence(
    rotations: np.ndarray,
    betas: np.ndarray,
    pelvis: np.ndarray,
    landmarks: np.ndarray,
    times: np.ndarray,
    camera: Camera,
    body: Body,
) -> np.ndarray:
    """Return how sure each joint is, (T, 24), 0 to 1.

    Parameters
    ----------
    rotations : (T, 24, 3, 3)
        Joint 0 turns SMPL space to camera space.
    betas : (10,)
    pelvis : (T, 3)
        Metres, camera space.
    landmarks : (T, 33, 3)
        Pixels and visibility.
    times : (T,)
        Seconds.
    camera : Camera
    body : Body
        With landmarks.
    """
    told = confidence_features(rotations, betas, pelvis, landmarks, times, camera, body)
    somebody = np.minimum(np.sort(landmarks[..., 2])[:, -_ENOUGH] / _FOUND, 1)
    return np.asarray(somebody[:, None] / (1 + np.exp(-told @ np.array(COEFFICIENTS))))


def confidence_features(
    rotations: np.ndarray,
    betas: np.ndarray,
    pelvis: np.ndarray,
    landmarks: np.ndarray,
    times: np.ndarray,
    camera: Camera,
    body: Body,
) -> np.ndarray:
    """Return what tells how sure a figure is, (T, 24, F), in the order of `FEATURES`.

    The parameters are those of `joint_confidence`.
    """
    pixels = landmarks_in_picture(rotations, betas, pelvis, camera, body)
    seen = landmarks[..., :2]
    size = max(float(np.median(np.ptp(pixels, axis=1).max(axis=-1))), 1.0)
    missed = np.linalg.norm(seen - pixels, axis=-1)
    hidden = 1 - landmarks[..., 2]
    by_landmark = np.stack(
        (hidden, missed / (_SHARE * size), _jumps(seen, times) / (_SHARE * size)), -1
    )
    by_landmark = np.clip(by_landmark, 0, 1)
    by_joint = np.stack([by_landmark[:, list(seen_by)].mean(axis=1) for seen_by in _SEEN_BY], 1)
    _, missed, jumping = np.moveaxis(by_joint, -1, 0)
    # A rotation is not seen where only one end of the bone is.
    lost = np.square(by_landmark[..., 0])
    hidden = np.stack([lost[:, list(seen_by)].max(axis=1) for seen_by in _SEEN_BY], 1)
    missed = np.sqrt(missed)
    all_missed = np.broadcast_to(missed.mean(axis=1, keepdims=True), missed.shape)
    return np.stack((np.ones_like(hidden), hidden, missed, jumping, all_missed), axis=-1)


def _jumps(pixels: np.ndarray, times: np.ndarray) -> np.ndarray:
    """Return how far points (T, N, 2) are from the middle between before and after, (T, N)."""
    count = len(times)
    if count < 3:
        return np.zeros(pixels.shape[:2])
    step = max(1, round(_STEP / float(np.median(np.diff(times)))))
    index = np.arange(count)
    before, after = np.maximum(index - step, 0), np.minimum(index + step, count - 1)
    middle = (pixels[before] + pixels[after]) / 2
    apart = np.linalg.norm(pixels - middle, axis=-1)
    inside = (index >= step) & (index < count - step)
    return np.asarray(np.where(inside[:, None], apart, 0.0))

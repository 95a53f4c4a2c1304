"""How far each view is believed: less where another one sees the same person much better."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from core_model.body.model import Body
from core_model.fit.confidence import joint_confidence
from core_model.fit.placed_camera import PlacedCamera
from core_model.views.clips import ClipMotion

_AS_GOOD = 0.7  # of what the best view is sure of: one that is as sure is believed wholly
_LEAST = 0.02


def sureness(clip: ClipMotion, number: int, body: Body) -> np.ndarray:
    """Return how sure a clip alone is of each joint of one of its figures, (F, 24), 0 to 1.

    Parameters
    ----------
    clip : ClipMotion
    number : int
        Of the figure.
    body : Body
    """
    figure = clip.figures[number]
    pose = figure.rotations, figure.betas, figure.pelvis
    sure = joint_confidence(*pose, figure.landmarks, clip.own_times(figure), clip.camera, body)
    return np.where(figure.seen[:, None], sure, 0.0)


def doubt_worse_views(
    clips: Sequence[ClipMotion],
    cameras: Sequence[PlacedCamera],
    people: Sequence[dict[int, int]],
    body: Body,
) -> None:
    """Make landmarks less visible where another view sees their owner much better, in place.

    Behind a pillar a detector guesses, and its guesses seem half visible: against a view that sees
    all they count for nothing.

    Parameters
    ----------
    clips : sequence of ClipMotion
    cameras : sequence of PlacedCamera
    people : sequence of dict of int to int
        Of everybody: which figure they are in which clip.
    body : Body
    """
    for person in people:
        moments, sure = dict[int, np.ndarray](), dict[int, np.ndarray]()
        for clip, number in person.items():
            own = clips[clip].own_times(clips[clip].figures[number])
            moments[clip] = cameras[clip].on_first_clock(own)
            sure[clip] = sureness(clips[clip], number, body).mean(axis=1)
        for clip, number in person.items():
            others = [
                np.interp(moments[clip], moments[other], sure[other], left=0, right=0)
                for other in person
            ]
            share = sure[clip] / np.maximum(np.max(others, axis=0), 1e-6)
            believed = np.clip(share / _AS_GOOD, _LEAST, 1.0)
            figure = clips[clip].figures[number]
            landmarks = figure.landmarks.copy()
            landmarks[..., 2] *= believed[:, None]
            clips[clip].figures[number] = replace(figure, landmarks=landmarks)

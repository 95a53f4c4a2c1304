"""What the further cameras of a take saw, in the frames of its own clip."""

from dataclasses import replace

import numpy as np

from core_model.body.model import Body
from core_model.corrections.records import Corrections
from core_model.fit.seen_elsewhere import SeenElsewhere
from core_model.fit.steadying import seen_by_still_camera, through_one_lens
from core_model.lifting.figure import Figure
from core_model.solving.doubted import with_doubts
from core_model.solving.fills import without_filled
from core_model.solving.pins import PinnedFrame
from core_model.solving.sides import swapped, with_swaps
from core_model.take import Take
from core_model.take.view import View

_NEAREST = 0.1  # seconds: what was seen longer before or after says nothing


def seen_elsewhere(take: Take, corrections: Corrections, wrong: np.ndarray) -> list[SeenElsewhere]:
    """Return what the further cameras saw of a take, in its frames.

    Sides were decided for all views together: what has them exchanged in one has in all. Of a
    camera that turned too far to be one picture, nothing is seen.

    Parameters
    ----------
    take : Take
    corrections : Corrections
        Of this person.
    wrong : (T,) bool
        Where sides are exchanged besides.
    """

    def corrected(landmarks: np.ndarray) -> np.ndarray:
        landmarks = swapped(with_swaps(landmarks, take.times, corrections.swaps), wrong)
        return without_filled(landmarks, take.times, corrections.fills)

    seen = [_seen_by(view, take.times) for view in take.views]
    return [replace(each, landmarks=corrected(each.landmarks)) for each in seen]


def doubted_elsewhere(
    seen: SeenElsewhere,
    figure: Figure,
    frames: dict[int, PinnedFrame],
    reached: np.ndarray,
    body: Body,
) -> SeenElsewhere:
    """Return what another camera saw with the doubts that pins cast on it.

    The parameters are those of `core_model.solving.doubted.with_doubts`, `figure` in the space in
    which it is fitted.
    """
    rotations = figure.rotations.copy()
    rotations[:, 0] = seen.rotation @ rotations[:, 0]
    pelvis = figure.pelvis @ seen.rotation.T + seen.translation
    there = replace(figure, rotations=rotations, pelvis=pelvis, landmarks=seen.landmarks)
    return replace(seen, landmarks=with_doubts(there, frames, reached, seen.camera, body))


def _seen_by(view: View, times: np.ndarray) -> SeenElsewhere:
    landmarks = through_one_lens(view.keypoints2d, view.zoom, view.camera)
    if np.size(view.turns):
        steadied = seen_by_still_camera(landmarks, view.turns, view.camera)
        landmarks = landmarks * [1.0, 1.0, 0.0] if steadied is None else steadied
    own = view.offset + view.rate * view.times
    after = np.searchsorted(own, times).clip(1, max(len(own) - 1, 1)).clip(max=len(own) - 1)
    before = np.maximum(after - 1, 0)
    share = (times - own[before]) / np.maximum(own[after] - own[before], 1e-9)
    share = share.clip(0.0, 1.0)[:, None, None]
    read = landmarks[before] + share * (landmarks[after] - landmarks[before])
    # Between a frame in which a landmark was seen and one in which it was not, nobody knows.
    read[..., 2] = np.minimum(landmarks[before, :, 2], landmarks[after, :, 2])
    away = np.minimum(np.abs(own[before] - times), np.abs(own[after] - times))
    read[away > _NEAREST, :, 2] = 0
    rotation = view.camera.to_world[:3, :3].T
    return SeenElsewhere(read, view.camera, rotation, -rotation @ view.camera.to_world[:3, 3])

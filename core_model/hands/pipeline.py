"""The hands of the people in a clip: seen before their bodies are lifted, given to them after."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from core_model.body.fingers import HandMotion
from core_model.body.model import Body, default_body
from core_model.detection.qualities import BEST
from core_model.geometry.camera import Camera
from core_model.hands.evidence import with_hand_points
from core_model.hands.model import hand_model
from core_model.hands.motion import hand_motion
from core_model.hands.wrists import palms_in_camera, turn_wrists
from core_model.lifting.figure import Figure
from core_model.tracking.hand_looks import HandLooks
from core_model.tracking.hand_tracker import HandObservations, track_hands
from core_model.tracking.tracks import Track
from core_model.video.clip import Frame


@dataclass(frozen=True)
class ObservedHands:
    """What was seen of the hands of some people.

    Parameters
    ----------
    tracks : list of Track
        Their bodies, with the points of the hands as exact as hands were seen.
    sights : list of HandObservations
        One for each track.
    """

    tracks: list[Track]
    sights: list[HandObservations]


def observe_hands(
    tracks: Sequence[Track],
    frames: Iterable[Frame],
    times: np.ndarray,
    progress: Callable[[int, int], None] = lambda done, total: None,
    looks: HandLooks | None = None,
    quality: str = BEST,
) -> ObservedHands:
    """Find the hands of people, in the clip as far as they were not looked at before.

    Parameters
    ----------
    tracks : sequence of Track
        With left and right as they are.
    frames : iterable of Frame
        The clip from its first frame.
    times : (T,)
        Seconds of all frames.
    progress : callable
        Is told how many frames are done, and of how many.
    looks : HandLooks, optional
        What was seen of hands while the people were followed.
    quality : str
        One of `core_model.detection.qualities.MODELS`.

    Raises
    ------
    AssetError
        When the model is missing or damaged.
    """
    sights = track_hands(tracks, frames, times, progress, looks, quality)
    body = default_body()
    together = zip(tracks, sights, strict=True)
    return ObservedHands([with_hand_points(track, seen, body) for track, seen in together], sights)


def apply_hands(
    figures: Sequence[Figure], seen: ObservedHands, times: np.ndarray, camera: Camera, body: Body
) -> None:
    """Turn the wrists of figures and bend their fingers as was seen, in place.

    Figures whose hands were never seen stay as they are.

    Parameters
    ----------
    figures : sequence of Figure
        From the tracks of `seen`, in their order.
    seen : ObservedHands
    times : (T,)
        Seconds of all frames of the clip.
    camera : Camera
    body : Body
        Of the figures. If it has no fingers, those of the default body are measured.
    """
    for figure, track, sights in zip(figures, seen.tracks, seen.sights, strict=True):
        own = times[figure.first : figure.first + len(figure.seen)]
        hands, palms = read_hands(
            sights, track.frames - figure.first, track.zoom, own, camera, body, figure.betas
        )
        give_hands(figure, hands, palms, own, body)


def read_hands(
    sights: HandObservations,
    places: np.ndarray,
    zoom: np.ndarray,
    times: np.ndarray,
    camera: Camera,
    body: Body,
    betas: np.ndarray,
) -> tuple[HandMotion, np.ndarray]:
    """Return how fingers were bent and palms turned, as one camera saw them.

    Parameters
    ----------
    sights : HandObservations
        In N frames.
    places : (N,) int
        Which frames of `times` those are.
    zoom : (N,) or (0,)
        Their focal length as a multiple of the camera's; empty if that never changed.
    times : (T,)
        Seconds.
    camera : Camera
    body : Body
        If it has no fingers, those of the default body are measured.
    betas : (10,)

    Returns
    -------
    hands : HandMotion
    palms : (T, 2, 3, 3)
        Left and right, from SMPL space to camera space.
    """
    seen = replace(sights, landmarks=camera.through_one_lens(sights.landmarks, zoom))
    every = _in_every_frame(seen, places, len(times))
    fingered, shape = (body, betas) if body.has_fingers else (default_body(), np.zeros(10))
    left, right = (hand_model(fingered, shape, side) for side in range(2))
    hands = hand_motion(every, times, (left, right))
    palms = [palms_in_camera(every, camera, s, hand) for s, hand in enumerate((left, right))]
    return hands, np.stack(palms, axis=1)


def give_hands(
    figure: Figure, hands: HandMotion, palms: np.ndarray, times: np.ndarray, body: Body
) -> None:
    """Turn the wrists of a figure and bend its fingers, in place; hands never seen change nothing.

    Parameters
    ----------
    figure : Figure
    hands : HandMotion
    palms : (T, 2, 3, 3)
        From SMPL space to the figure's camera space.
    times : (T,)
        Seconds of its frames.
    body : Body
    """
    if not hands.confidence.any():
        return
    figure.hands = hands
    figure.rotations = turn_wrists(
        figure.rotations, body.rest_joints(figure.betas), palms, hands.confidence, times
    )


def _in_every_frame(sights: HandObservations, places: np.ndarray, count: int) -> HandObservations:
    """Return sights of `count` frames, unseen but for those at `places` (N,)."""

    def spread(values: np.ndarray) -> np.ndarray:
        every = np.zeros((count, *values.shape[1:]))
        every[places] = values
        return every

    return HandObservations(
        *(spread(v) for v in (sights.landmarks, sights.world, sights.presence, sights.size))
    )

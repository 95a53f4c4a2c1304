"""From tracks to figures: sides put right, then lifted through the keypoint or the image INT."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

import numpy as np
import torch

from core_model.body.model import Body
from core_model.body.placement import landmarks_in_picture, place_in_camera
from core_model.body.smpl_landmarks import SMPL_PELVIS, SMPL_VERTEX_COUNT
from core_model.geometry.camera import Camera
from core_model.lifting.astray import brought_back
from core_model.lifting.crops import squares_around
from core_model.lifting.figure import Figure, new_figure
from core_model.lifting.image_lifting import Strand, lift_pictures
from core_model.lifting.keypoint_lifting import Lifted, lift_track
from core_model.lifting.unseen_legs import with_unseen_legs_held
from core_model.network import INTNetwork
from core_model.network.devices import one_thread
from core_model.network.evidence import BODY_LANDMARKS
from core_model.tracking.gaps import bridged, stretches
from core_model.tracking.left_right import exchanged_landmarks, with_sides_restored
from core_model.tracking.tracks import BODY, Track
from core_model.video.clip import Frame

_CLEARLY_LESS = 0.9
"""People seen from the front and from behind look much alike: labels give way to proof only."""

_WILD = 0.1  # of the figure's size: a landmark that is further off is no worse than that
_BATCH_ON_CPU, _BATCH_ON_CARD = 16, 64  # pictures


@one_thread()
def with_sides_right(
    track: Track,
    times: np.ndarray,
    camera: Camera,
    network: INTNetwork,
    device: torch.device,
    body: Body,
) -> Track:
    """Return a track in which no frame has left and right exchanged.

    Parameters
    ----------
    track : Track
    times : (T,)
        Seconds of all frames of the clip.
    camera : Camera
    network : INTNetwork
        With keypoint evidence, on `device`; an image INT is not asked.
    device : torch.device
    body : Body
    """
    exchanged = exchanged_landmarks(track.landmarks, times[track.frames])
    if not exchanged.any():
        return track
    likely, other = (
        replace(track, landmarks=with_sides_restored(track.landmarks, frames))
        for frames in (exchanged, ~exchanged)
    )
    if network.config.evidence == "image" or not exchanged.all(axis=1).any():
        return likely
    # Where most frames were exchanged, those that were right look like the wrong ones; the network,
    # which knows how people move, explains them clearly better then.
    missed, missed_otherwise = (
        _missed(lift_landmarks(tried, times, camera, network, device, body), camera, body)
        for tried in (likely, other)
    )
    return other if missed_otherwise < _CLEARLY_LESS * missed else likely


@one_thread()
def lift_landmarks(
    track: Track,
    times: np.ndarray,
    camera: Camera,
    network: INTNetwork,
    device: torch.device,
    body: Body,
) -> Figure:
    """Turn the landmarks of one track into a figure, through the keypoint INT.

    Each stretch between long gaps is lifted on its own; the shape is that of all of them. Left and
    right are taken as they are called.
    """
    figure = new_figure(track, camera)
    pieces = stretches(track.frames, times)
    lifted = []
    for frames in pieces:
        landmarks = bridged(frames, figure.landmarks[frames - figure.first], times)
        own_times = times[frames[0] : frames[-1] + 1]
        part = lift_track(network, landmarks, own_times, camera, device)
        held = with_unseen_legs_held(part.rotations, landmarks[..., 2], own_times)
        lifted.append(replace(part, rotations=held))
    _put_together(figure, pieces, lifted, times, camera, body, shaped=not _is_smpl(body))
    return figure


def _missed(figure: Figure, camera: Camera, body: Body) -> float:
    """Return how far off the landmarks a figure is on average, as a share of its size."""
    seen = np.flatnonzero(figure.seen)
    if len(seen) == 0:
        return float("inf")
    landmarks = figure.landmarks[seen]
    pixels = landmarks_in_picture(
        figure.rotations[seen], figure.betas, figure.pelvis[seen], camera, body
    )
    off = np.linalg.norm(pixels - landmarks[..., :2], axis=-1)
    size = np.ptp(landmarks[..., :2], axis=1).max(axis=-1)[:, None]
    share = np.minimum(off / size, _WILD)
    return float(np.average(share[:, BODY_LANDMARKS], weights=landmarks[:, BODY_LANDMARKS, 2]))


def lift_crops(
    tracks: Sequence[Track],
    frames_of_clip: Iterable[Frame],
    times: np.ndarray,
    camera: Camera,
    network: INTNetwork,
    device: torch.device,
    body: Body,
    *,
    window: int | None = None,
    progress: Callable[[int, int], None] = lambda done, total: None,
    warn: Callable[[str], None] = lambda sentence: None,
) -> list[Figure]:
    """Turn the pictures of people into figures, through the image INT; reads the clip once.

    The shape that the network finds is SMPL's; another body keeps its average one.

    Parameters
    ----------
    frames_of_clip : iterable of Frame
        From the first, to be read once.
    window : int, optional
        Frames that are seen together; as many as the network was made for if not given.
    progress : callable
        Is told how many crops are done, and of how many.
    warn : callable
        Is told what the user should know, in a sentence.
    """
    rate = float(1 / np.median(np.diff(times))) if len(times) > 1 else 30.0
    figures = [new_figure(track, camera) for track in tracks]
    pieces = [stretches(track.frames, times) for track in tracks]
    strands = []
    for track, parts in zip(tracks, pieces, strict=True):
        for frames in parts:
            seen = track.landmarks[np.searchsorted(track.frames, frames)].astype(np.float64)
            squares = squares_around(bridged(frames, seen, times)[:, BODY], rate)
            every = np.arange(frames[0], frames[-1] + 1)
            zoom = np.interp(every, track.frames, track.zoom) if len(track.zoom) else track.zoom
            strands.append(Strand(int(frames[0]), squares, zoom))
    total = sum(len(strand.squares) for strand in strands)
    lifted = iter(
        lift_pictures(
            network,
            frames_of_clip,
            strands,
            rate,
            camera,
            device,
            window=window,
            batch=_BATCH_ON_CPU if device.type == "cpu" else _BATCH_ON_CARD,
            progress=lambda done: progress(done, total),
            warn=warn,
        )
    )
    for figure, parts in zip(figures, pieces, strict=True):
        own = [next(lifted) for _ in parts]
        _put_together(figure, parts, own, times, camera, body, shaped=_is_smpl(body))
    return figures


def _put_together(
    figure: Figure,
    pieces: Sequence[np.ndarray],
    lifted: Sequence[Lifted],
    times: np.ndarray,
    camera: Camera,
    body: Body,
    shaped: bool,
) -> None:
    """Give a figure what was found in its stretches, and a place in every frame.

    The place is the network's own where it tells one, else that of the landmarks. `shaped` says
    whether the shape that the network finds is one of this body.
    """
    for frames, part in zip(pieces, lifted, strict=True):
        figure.rotations[frames[0] - figure.first : frames[-1] - figure.first + 1] = part.rotations
    if shaped:
        lengths = [len(frames) for frames in pieces]
        figure.betas = np.average([part.betas for part in lifted], axis=0, weights=lengths)
    figure.pelvis, placed = place_in_camera(
        figure.rotations, figure.betas, figure.landmarks, camera, body
    )
    rest_pelvis = body.rest_joints(figure.betas)[0] if _is_smpl(body) else SMPL_PELVIS
    for frames, part in zip(pieces, lifted, strict=True):
        if part.translation is not None:
            told = np.flatnonzero(np.isfinite(part.translation).all(axis=1))
            figure.pelvis[frames[0] - figure.first + told] = part.translation[told] + rest_pelvis
            placed[frames[0] - figure.first + told] = True
    figure.seen &= placed
    own_times = times[figure.first : figure.first + len(placed)]
    figure.pelvis = brought_back(figure.pelvis, figure.seen, own_times)


def _is_smpl(body: Body) -> bool:
    return len(body.v_template) == SMPL_VERTEX_COUNT

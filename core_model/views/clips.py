"""What one clip of several told by itself: people before a camera that stands still."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from core_model.body.model import Body
from core_model.body.skeleton import forward_kinematics
from core_model.fit.steadying import seen_by_still_camera, turned
from core_model.geometry.camera import Camera
from core_model.lifting.figure import Figure
from core_model.tracking.appearance import Appearance
from core_model.world.manhattan import ManhattanFrame

FOCAL_SPREAD = {"given": 0.0, "clip": 0.05, "found": 0.075, "assumed": 0.12}
"""Standard deviation of the logarithm of a focal length, by what told it (`Work.focal_told_by`).

Assumed ones are further off, but errors of landmarks, which go together, would explain that.

What a phone cuts off to steady its pictures need not be in what its clip says."""


@dataclass
class ClipMotion:
    """One clip, captured alone.

    Parameters
    ----------
    name : str
        Of the clip, for sentences.
    times : (T,)
        Seconds of all frames, on the clip's own clock.
    camera : Camera
    turns : (T, 3, 3) or None
        From the space of a camera that turned, in every frame, to that of one that stands still.
    figures : list of Figure
        As a camera that stands still saw them, rotations and places in its space.
    focal_spread : float
        Standard deviation of the logarithm of the camera's focal length; 0 where it is given.
    looks : sequence of Appearance
        Of each figure; empty where nobody looked.
    room : ManhattanFrame or None
        What edges behind them run along, in the space of the camera that stands still.
    """

    name: str
    times: np.ndarray
    camera: Camera
    turns: np.ndarray | None
    figures: list[Figure]
    focal_spread: float = FOCAL_SPREAD["assumed"]
    looks: Sequence[Appearance] = ()
    room: ManhattanFrame | None = None

    def own_times(self, figure: Figure) -> np.ndarray:
        """Return the times (F,) of a figure's frames."""
        return self.times[figure.first : figure.first + len(figure.seen)]


def part_of(clip: ClipMotion, figures: Sequence[int], begin: float, end: float) -> ClipMotion:
    """Return some figures of a clip between two of its times, seconds; their frames stay known.

    Raises
    ------
    ValueError
        When one of them is not there then.
    """
    inside = np.flatnonzero((clip.times >= begin) & (clip.times <= end))
    cut = []
    for number in figures:
        figure = clip.figures[number]
        rows = inside[(inside >= figure.first) & (inside < figure.first + len(figure.seen))]
        own = rows - figure.first
        if not figure.seen[own].any():
            raise ValueError(f"Figure {number} is not seen then.")
        cut.append(
            replace(
                figure,
                first=int(rows[0] - inside[0]),
                seen=figure.seen[own],
                landmarks=figure.landmarks[own],
                bbox=figure.bbox[own],
                rotations=figure.rotations[own],
                pelvis=figure.pelvis[own],
                hands=None,
            )
        )
    turns = None if clip.turns is None else clip.turns[inside]
    return replace(clip, times=clip.times[inside], turns=turns, figures=cut, looks=())


def steadied(
    figures: Sequence[Figure], turns: np.ndarray | None, camera: Camera
) -> tuple[list[Figure], bool]:
    """Return figures as a camera that stands still would have seen them.

    Landmarks that no such picture could show are dropped: their visibility is 0.

    Parameters
    ----------
    figures : sequence of Figure
    turns : (T, 3, 3) or None
        Of all frames of the clip.
    camera : Camera

    Returns
    -------
    figures : list of Figure
    whole : bool
        Whether nothing was dropped.
    """
    if turns is None:
        return list(figures), True
    still, whole = [], True
    for figure in figures:
        own = turns[figure.first : figure.first + len(figure.seen)]
        landmarks = seen_by_still_camera(figure.landmarks, own, camera)
        if landmarks is None:
            landmarks, whole = np.zeros_like(figure.landmarks), False
        still.append(replace(turned(figure, own), landmarks=landmarks))
    return still, whole


def joints_of(figure: Figure, body: Body) -> np.ndarray:
    """Return a figure's joints (F, 24, 3), metres, in the space of its camera."""
    placed, _ = forward_kinematics(figure.rotations, body.rest_joints(figure.betas))
    return np.asarray(placed - placed[:, :1] + figure.pelvis[:, None])


def interpolated(times: np.ndarray, own: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Return values (N, ...) known at `own` (N,) at other times (T,); beyond them the nearest."""
    flat = values.reshape(len(own), -1)
    found = np.stack([np.interp(times, own, column) for column in flat.T], axis=1)
    return found.reshape(len(times), *values.shape[1:])


def nearest(times: np.ndarray, own: np.ndarray) -> np.ndarray:
    """Return which of `own` (N,), increasing, is nearest to each of `times`, (T,) int.

    The earlier of two that are as near.
    """
    after = np.searchsorted(own, times).clip(max=len(own) - 1)
    before = np.maximum(after - 1, 0)
    closer = np.abs(times - own[before]) <= np.abs(times - own[after])
    return np.where(closer, before, after)


@dataclass(frozen=True)
class Sampled:
    """Joints of somebody at even times.

    Parameters
    ----------
    first : int
        Number of the first sample; sample n is at n / rate seconds.
    joints : (N, 24, 3)
        Metres, camera space.
    seen : (N,)
        1 where the person was seen, else 0.
    """

    first: int
    joints: np.ndarray
    seen: np.ndarray


def sampled(joints: np.ndarray, seen: np.ndarray, times: np.ndarray, rate: float) -> Sampled:
    """Return joints (F, 24, 3) known at `times` (F,) at even times, so many a second."""
    first, last = int(np.ceil(times[0] * rate - 1e-9)), int(np.floor(times[-1] * rate + 1e-9))
    moments = np.arange(first, max(last, first) + 1) / rate
    even = interpolated(moments, times, joints)
    known = np.interp(moments, times, seen.astype(float)) > 0.99
    return Sampled(first, even, known.astype(float))

"""How the camera turned and zoomed through a clip, from what lies behind the people.

A camera that only turns moves everything in the picture by one rotation, near or far, once its zoom
is taken out; what a rotation does not explain is a camera that is carried along.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice

import numpy as np
from scipy.optimize import minimize_scalar
from scipy.spatial.transform import Rotation, Slerp

from core_model.geometry.camera import Camera
from core_model.geometry.rotations import nearest_rotation
from core_model.lifting.figure import Figure
from core_model.tracking.background import BackgroundMatch
from core_model.tracking.tracks import Track
from core_model.world.zoom import Zoom, find_zoom, unzoomed

TURNS = (
    "The camera turns, by up to {angle:.0f} degrees; this was taken out of the motion, which is "
    "best from a tripod all the same."
)
ZOOMS = (
    "The camera zooms, up to {factor:.2f} times; this was taken out of the motion, which is best "
    "without all the same."
)
MOVES = (
    "The camera moves or zooms in a way that cannot be taken out, which mixes with the motion of "
    "the people: film from a tripod, or only turn the camera, for better results."
)
_RESTING = np.radians(0.3)  # a camera that turns by less stands still
_ROUNDS = 8
_OFF = 0.003  # of the picture's longer side: by how much a corner may miss a rotation
_EXPLAINED = 0.6  # of the corners
_MOST_UNEXPLAINED = 0.15  # of the matches in which something moved
_FEWEST_UNEXPLAINED = 3
_WIDEST_LOOKS = 40  # from which the focal length is found
_MOST_KEPT = 5000  # looks of which the widest are chosen at once
_EXACT = 0.001  # of the longer side: how well corners are found
_ALIKE = 20.0  # corners that err alike
_FOCAL_SPREAD = 0.35  # of the logarithm of what is assumed to what is true
_MOST_FOCAL = (
    1.1  # of the same: no lens is as long as what a camera that is carried along seems to be
)
_ZOOM_ROUNDS = 2  # a turn tells the focal length, with which the zoom is told better
_WIDE_TURN = np.radians(5)  # from which on a turn tells the focal length

_Moved = tuple[np.ndarray, np.ndarray]


@dataclass(frozen=True)
class CameraMotion:
    """How the camera of a clip turned and zoomed.

    Parameters
    ----------
    turns : (T, 3, 3) or None
        From camera space in each frame to that of a camera that stands still in the middle of all
        of them; None if the camera stood still, or nobody knows.
    focal : float or None
        Focal length in pixels, where turning told it.
    zoom : (T,) or None
        Focal length in each frame as a multiple of the shortest, which is the camera's; None if it
        did not change, or nobody knows.
    zoom_sure : float
        0 to 1: how sure it is that this was a zoom and by how much.
    warnings : list of str
        What the user should know, in sentences.
    """

    turns: np.ndarray | None = None
    focal: float | None = None
    zoom: np.ndarray | None = None
    zoom_sure: float = 0.0
    warnings: list[str] = field(default_factory=list)

    def of(self, figure: Figure) -> np.ndarray | None:
        """Return the turns in the frames of a figure."""
        if self.turns is None:
            return None
        return self.turns[figure.first : figure.first + len(figure.seen)]

    def between(self, first: int, end: int) -> "CameraMotion":
        """Return how the camera moved from one frame of the clip to before another."""
        turns, zoom = (
            None if each is None else each[first:end] for each in (self.turns, self.zoom)
        )
        return CameraMotion(turns, None, zoom, self.zoom_sure)

    def zoom_of(self, figure: Figure) -> np.ndarray:
        """Return the zoom in the frames of a figure, empty if there was none."""
        if self.zoom is None:
            return np.empty(0)
        return self.zoom[figure.first : figure.first + len(figure.seen)]

    def zoomed(self, track: Track) -> Track:
        """Return a track of the clip that knows the zoom of its pictures."""
        return track if self.zoom is None else replace(track, zoom=self.zoom[track.frames])


STILL = CameraMotion()


def camera_motion(
    matches: Iterable[BackgroundMatch], times: np.ndarray, camera: Camera, focal_known: bool
) -> CameraMotion:
    """Find how the camera turned and zoomed.

    Parameters
    ----------
    matches : iterable of BackgroundMatch
        From `core_model.tracking.background.Background`, in their order, as often as asked for.
    times : (T,)
        Seconds of all frames of the clip.
    camera : Camera
        Its focal length says how far a turn moves the picture.
    focal_known : bool
        Whether the focal length is more than a guess; a guess is mended by what turning tells. Of
        a camera that zooms it is the shortest.
    """
    alone = turning = _turning(matches, times, camera, focal_known)
    zoom = None
    for _ in range(_ZOOM_ROUNDS):
        zoom = find_zoom(matches, replace(camera, focal=turning.focal or camera.focal))
        if zoom is None:
            return alone
        before, turning = (
            turning,
            _turning(_Unzoomed(matches, zoom, camera), times, camera, focal_known),
        )
        if MOVES in turning.warnings:
            return alone
        if turning.focal == before.focal:
            break
    assert zoom is not None
    factors = zoom.at(times, np.array([match.time for match in matches]))
    told = ZOOMS.format(factor=factors.max())
    return replace(turning, zoom=factors, zoom_sure=zoom.sure, warnings=[told, *turning.warnings])


@dataclass(frozen=True)
class _Unzoomed:
    """Matches as a camera that only turned would have seen them, as often as asked for."""

    matches: Iterable[BackgroundMatch]
    zoom: Zoom
    camera: Camera

    def __iter__(self) -> Iterator[BackgroundMatch]:
        return unzoomed(self.matches, self.zoom, self.camera)


def _turning(
    matches: Iterable[BackgroundMatch], times: np.ndarray, camera: Camera, focal_known: bool
) -> CameraMotion:
    """Find how a camera turned whose lens did not change."""
    told = _widest(matches)
    found = camera.focal if focal_known or not told else _focal(told, camera)
    path, explained = _path(matches, replace(camera, focal=found))
    if not explained:
        return CameraMotion(warnings=[MOVES])
    widest = _width(path)
    if widest < _RESTING:
        return CameraMotion()
    too_long = np.log(found / camera.focal) > 0.95 * _MOST_FOCAL
    if too_long or widest < _WIDE_TURN:
        found = camera.focal
        path, explained = _path(matches, camera)
    if too_long:  # a hand that sways looks so, whatever the lens; who goes on and on is carried
        widest = _width(path)
        if not explained or widest > _WIDE_TURN:
            return CameraMotion(warnings=[MOVES])
    every = _at(times, np.array([match.time for match in matches]), path)
    apart = (every.mean().inv() * every).as_matrix()
    return CameraMotion(
        apart,
        None if found == camera.focal else found,
        warnings=[TURNS.format(angle=max(1.0, np.degrees(widest)))],
    )


def _width(path: Rotation) -> float:
    """Return the widest turn from the first look, radians."""
    return float((path[0].inv() * path).magnitude().max())


def _path(matches: Iterable[BackgroundMatch], camera: Camera) -> tuple[Rotation, bool]:
    """Chain the turns of the matches.

    Returns
    -------
    path : Rotation
        From camera space in each look to that in the first.
    explained : bool
        Whether rotations explain most looks in which something moved.
    """
    turns = [np.eye(3)]
    moved = unexplained = 0
    for match in islice(matches, 1, None):
        if match.before is None or match.after is None:
            turns.append(turns[match.key])
        elif match.lost:
            turns.append(turns[-1])
            moved += match.corners > 0
            unexplained += match.corners > 0
        else:
            rotation, missed = _rotation(match.before, match.after, camera)
            turns.append(turns[match.key] @ rotation)
            moved += 1
            unexplained += (missed < 2 * _OFF).mean() < _EXPLAINED
    explained = unexplained < max(_FEWEST_UNEXPLAINED, _MOST_UNEXPLAINED * moved)
    return Rotation.from_matrix(np.array(turns)), explained


def _widest(matches: Iterable[BackgroundMatch]) -> list[_Moved]:
    """Return where corners were and came to in the looks in which they moved furthest."""
    kept: list[_Moved] = []
    for match in matches:
        if match.before is not None and match.after is not None and not match.lost:
            kept.append((match.before, match.after))
        if len(kept) > _MOST_KEPT:
            kept = _furthest(kept)
    return _furthest(kept)


def _furthest(moved: list[_Moved]) -> list[_Moved]:
    far = [float(np.median(np.linalg.norm(after - before, axis=1))) for before, after in moved]
    return [moved[index] for index in np.argsort(far)[::-1][:_WIDEST_LOOKS]]


def _focal(widest: Sequence[_Moved], camera: Camera) -> float:
    """Return the focal length, in pixels, with which rotations explain best how corners moved.

    Seen through another focal length, what a turn brings from the middle to the edge of the picture
    moves too far or not far enough.
    """

    def cost(log_ratio: float) -> float:
        tried = replace(camera, focal=camera.focal * np.exp(log_ratio))
        missed = [_rotation(before, after, tried)[1] for before, after in widest]
        errors = np.log1p((np.concatenate(missed) / _EXACT) ** 2).sum() / _ALIKE
        return float(errors + (log_ratio / _FOCAL_SPREAD) ** 2)

    bounds = (-_MOST_FOCAL, _MOST_FOCAL)
    found = minimize_scalar(cost, bounds=bounds, method="bounded", options={"xatol": 0.01})
    return float(camera.focal * np.exp(found.x))


def _at(times: np.ndarray, moments: np.ndarray, path: Rotation) -> Rotation:
    """Return the rotations at times (T,) from those of the matches; the camera goes on turning."""
    last = len(moments) - 1
    ahead = max(float(times[-1] - moments[-1]), 0.0)
    if ahead > 0:
        going = (path[last - 1].inv() * path[last]).as_rotvec()
        further = Rotation.from_rotvec(going * ahead / (moments[last] - moments[last - 1]))
        path = Rotation.concatenate([path, path[last] * further])
        moments = np.append(moments, times[-1])
    return Slerp(moments, path)(np.clip(times, moments[0], moments[-1]))


def _rotation(
    before: np.ndarray, after: np.ndarray, camera: Camera
) -> tuple[np.ndarray, np.ndarray]:
    """Fit the rotation (3, 3) from the later camera space to the earlier one, robustly.

    Kabsch's solution, with Geman-McClure weights. Also returns by how much it misses each of the
    pixels (N, 2), as a share of the picture's longer side.
    """
    first, second = (_directions(camera, pixels) for pixels in (before, after))
    side = camera.size.max() / camera.focal
    weight = np.ones(len(first))
    rotation, missed = np.eye(3), np.zeros(len(first))
    for _ in range(_ROUNDS):
        rotation = nearest_rotation((weight[:, None] * first).T @ second)
        missed = np.linalg.norm(first - second @ rotation.T, axis=1) / side
        weight = 1 / (1 + (missed / _OFF) ** 2) ** 2
    return rotation, missed


def _directions(camera: Camera, pixels: np.ndarray) -> np.ndarray:
    rays = camera.rays(pixels)
    return rays / np.linalg.norm(rays, axis=1, keepdims=True)

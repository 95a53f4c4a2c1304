"""The lens of a clip, and what is level and plumb in it, from straight edges behind the people.

Most edges that people build run along three directions at right angles to each other (Coughlan and
Yuille, "Manhattan World", ICCV 1999). In a picture the edges of one direction meet in a vanishing
point; where three such points lie tells how the camera is turned against the room, and its focal
length. Where two directions run across the line of sight the focal length shows in little, which
its standard deviation says.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from scipy.optimize import least_squares
from scipy.spatial.transform import Rotation

from core_model.geometry.camera import Camera
from core_model.tracking.line_segments import LineLook
from core_model.world.edges import FEWEST, Edges, edges_of

_TRIED = np.linspace(-2.2, 2.8, 12)  # standard deviations from what is known of the lens
_FURTHEST = np.radians(20)  # by which up, as people tell it, may be wrong
_PEOPLE_SPREAD = np.radians(4)  # by which it usually is
_TRIPLES, _SEARCHED = 250, 150
_KEPT = 8  # of the first guesses, that are looked at finely
_ROUNDS = 4
_NEAR, _NEARER = 4.0, 3.0  # standard deviations by which an edge of a direction may miss it
_EXPLAINED = 0.7  # of all that edges could tell: less is no room
_VAGUE = np.radians(2.5)  # directions that are less exact tell nothing by themselves
EXACT = np.radians(1.0)
"""Of directions of which people, who tell up to within 4 degrees, would mend nothing."""

_PLUMB = 1.2  # of the sum of two cosines, to the top of the picture and to those who stand in it
_TILTED = np.radians(30)  # by which a camera may be rolled: roofs and stairs are no rooms
_LONG = 0.05  # of the longer side: half of an edge that is tried as often as any longer one
_TINY, _LEVEL = 1e-12, 1e-6
_UNSHOWN = 1e-7  # of what edges show most exactly: what they show not at all
_HUMBLE = 2.5  # what tells rivals apart are edges that run along nothing: by how much these mislead
_RIVAL = 30.0  # less probable by that in the logarithm is no rival


@dataclass(frozen=True)
class ManhattanFrame:
    """Three directions at right angles that most edges run along.

    Parameters
    ----------
    axes : (3, 3)
        Unit vectors, one in each row, in camera space; their order and signs say nothing.
    turned : (3, 3)
        Covariance of a rotation vector by which all of them may be turned, squared radians.
    focal : float
        Focal length in pixels; the most probable one.
    spread : float
        Standard deviation of its logarithm.
    explained : float
        How likely the edges are to run along these, of how likely they could be: 0 to 1. Edges at
        random reach 0.2 to 0.5, and more where all run alike and tell little.
    leaning : (3,)
        Rotation vector, radians, by which the axes turn for each unit of that logarithm: what edges
        tell is another room through another lens.
    """

    axes: np.ndarray
    turned: np.ndarray
    focal: float
    spread: float
    explained: float
    leaning: np.ndarray = field(default_factory=lambda: np.zeros(3))

    def through(self, focal: float) -> "ManhattanFrame":
        """Return what the same edges tell if this is the focal length, in pixels."""
        turn = Rotation.from_rotvec(np.log(focal / self.focal) * self.leaning).as_matrix()
        rest = self.turned - self.spread**2 * np.outer(self.leaning, self.leaning)
        return replace(self, axes=self.axes @ turn.T, turned=rest, focal=focal, spread=0.0)

    def up_along(self, people: np.ndarray, vague: float = _VAGUE) -> np.ndarray | None:
        """Return the direction (3,) that is up as a camera is held and people stand.

        None where no direction is exact enough, or plumb to both.

        Parameters
        ----------
        people : (3,)
            From their feet to their heads on average, in camera space.
        vague : float
            Standard deviation, radians, of directions that are not exact enough.
        """
        up = self.axes * -np.sign(self.axes[:, 1:2])
        spine = people / max(float(np.linalg.norm(people)), _TINY)
        likely = -up[:, 1] + up @ spine
        best = int(np.argmax(likely))
        exact = np.trace(self.turned) / 3 < vague**2
        return up[best] if exact and likely[best] > _PLUMB else None

    def plumb(self, up: np.ndarray) -> np.ndarray:
        """Return up (3,) as edges tell it, from what people tell of it (3,), in camera space.

        What people tell stays as it is where none of the directions is near it; else both are
        weighed by how sure they are.
        """
        along = self.axes @ up
        nearest = int(np.abs(along).argmax())
        if abs(along[nearest]) < np.cos(_FURTHEST):
            return up
        axis = np.sign(along[nearest]) * self.axes[nearest]
        cross = np.cross(np.eye(3), axis)
        own = cross.T @ self.turned @ cross
        both = own + _PEOPLE_SPREAD**2 * (np.eye(3) - np.outer(axis, axis)) + np.outer(axis, axis)
        told = axis + own @ np.linalg.solve(both, up - axis)
        return np.asarray(told / np.linalg.norm(told))


@dataclass(frozen=True)
class Lens:
    """What is known of a lens.

    Parameters
    ----------
    ratio : float
        Focal length as a multiple of the picture's longer side.
    spread : float
        Standard deviation of its logarithm; 0 where it is known.
    """

    ratio: float
    spread: float


def find_manhattan_frame(
    looks: Sequence[LineLook],
    times: np.ndarray,
    camera: Camera,
    lens: Lens,
    turns: np.ndarray | None = None,
    zoom: np.ndarray | None = None,
) -> ManhattanFrame | None:
    """Find what the edges behind the people run along; None where that is not clear.

    Parameters
    ----------
    looks : sequence of LineLook
    times : (T,)
        Seconds of all frames of the clip.
    camera : Camera
        Its picture counts, not its focal length.
    lens : Lens
        What is known of that before.
    turns : (T, 3, 3), optional
        From camera space in each frame to that of the camera that the axes are told of.
    zoom : (T,), optional
        Focal length in each frame as a multiple of the camera's.
    """
    edges = edges_of(looks, times, camera, turns, zoom)
    if edges is None:
        return None
    tried = lens.ratio * np.exp(lens.spread * _TRIED) if lens.spread else [lens.ratio]
    guesses = [_guess(edges, ratio) for ratio in tried]
    guesses.sort(key=lambda guess: -guess[0])
    found = [_refined(edges, ratio, axes, lens) for _, ratio, axes in guesses[:_KEPT]]
    best = max(found, key=lambda each: each.likely)
    rolls = np.arctan2(np.abs(best.axes[:, 0]), np.abs(best.axes[:, 1]))
    if best.explained < _EXPLAINED or rolls.min() > _TILTED:
        return None
    spread = _spread(found, best)
    unsure = (spread / best.spread) ** 2 if lens.spread else 1.0
    focal = float(best.ratio * camera.size.max())
    turned = unsure * best.turned
    return ManhattanFrame(best.axes, turned, focal, spread, best.explained, best.leaning)


def _guess(edges: Edges, ratio: float) -> tuple[float, float, np.ndarray]:
    """Return the likeliest axes that three edges could tell: how likely, focal length, axes."""
    rng = np.random.default_rng(0)
    some = edges.of(rng.permutation(len(edges.half))[: 4 * _SEARCHED])
    some = some.of(np.argsort(-some.half)[:_SEARCHED])
    share = np.minimum(some.half, _LONG)
    drawn = rng.choice(len(share), (_TRIPLES, 3), p=share / share.sum())
    normals = some.normals(ratio)[drawn]
    first = np.cross(normals[:, 0], normals[:, 1])
    second = np.cross(first, normals[:, 2])
    third = np.cross(first, second)
    axes = np.stack((first, second, third), axis=1)
    size = np.linalg.norm(axes, axis=2, keepdims=True)
    axes = (axes / np.maximum(size, _TINY))[(size > _LEVEL).all(axis=(1, 2))]
    if not len(axes):  # all run alike
        return -np.inf, ratio, np.eye(3)
    misses = some.misses(axes.reshape(-1, 3), ratio)
    likely = some.likely(misses.reshape(len(axes), 3, -1))
    best = int(np.argmax(likely))
    return float(likely[best]), ratio, axes[best]


@dataclass(frozen=True)
class _Found:
    """As `ManhattanFrame`, the focal length as a multiple of the longer side; and how likely."""

    likely: float
    axes: np.ndarray
    turned: np.ndarray
    ratio: float
    spread: float
    explained: float
    leaning: np.ndarray


def _refined(edges: Edges, ratio: float, axes: np.ndarray, lens: Lens) -> _Found:
    """Turn axes, and change the focal length, until edges along them miss them least."""
    expected, allowed = np.log(lens.ratio), lens.spread
    start = Rotation.from_matrix(axes.T)
    answer = np.array([0.0, 0.0, 0.0, np.log(ratio)])[: 4 if allowed else 3]

    def unpacked(answer: np.ndarray) -> tuple[np.ndarray, float]:
        turned = (Rotation.from_rotvec(answer[:3]) * start).as_matrix().T
        return turned, float(np.exp(answer[3] if allowed else expected))

    jacobian = np.eye(len(answer))
    for turn in range(_ROUNDS):
        misses = edges.misses(*unpacked(answer))
        nearest, off = np.abs(misses).argmin(axis=0), np.abs(misses).min(axis=0)
        near = np.flatnonzero(off < (_NEAR if turn < _ROUNDS - 1 else _NEARER))
        if len(near) < FEWEST // 2:
            break
        some, which = edges.of(near), nearest[near]

        def residuals(
            answer: np.ndarray, some: Edges = some, which: np.ndarray = which
        ) -> np.ndarray:
            own, focal = unpacked(answer)
            missed = np.sqrt(some.trust) * some.misses(own, focal)[which, np.arange(len(which))]
            return np.append(missed, (answer[3] - expected) / allowed) if allowed else missed

        solved = least_squares(residuals, answer, x_scale=0.05, max_nfev=20)
        answer, jacobian = solved.x, solved.jac
    own, focal = unpacked(answer)
    misses = edges.misses(own, focal)
    likely = float(edges.likely(misses))
    spread = _covariance(jacobian)
    off = (np.log(focal) - expected) / allowed if allowed else 0.0
    return _Found(
        likely - off**2 / 2,
        own,
        spread[:3, :3],
        focal,
        float(np.sqrt(spread[3, 3])) if allowed else 0.0,
        likely / edges.likeliest,
        spread[:3, 3] / spread[3, 3] if allowed else np.zeros(3),
    )


def _covariance(jacobian: np.ndarray) -> np.ndarray:
    """Return the covariance (C, C) of what residuals have this Jacobian (N, C).

    Of what these do not show at all it is large, however rounding goes.
    """
    _, sizes, ways = np.linalg.svd(jacobian, full_matrices=False)
    shown = np.maximum(sizes, _UNSHOWN * sizes.max())
    return np.asarray((ways.T / shown**2) @ ways)


def _spread(found: Sequence[_Found], best: _Found) -> float:
    """Return the standard deviation of the focal length's logarithm, rivals counted in."""
    share = np.exp([max((each.likely - best.likely) / _HUMBLE, -_RIVAL) for each in found])
    apart = np.log([each.ratio / best.ratio for each in found])
    variance = np.array([each.spread**2 for each in found]) + apart**2
    return float(np.sqrt((share * variance).sum() / share.sum()))

"""How cameras are turned against each other, from the edges of the room that they show."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.spatial.transform import Rotation

from core_model.fit.placed_camera import PlacedCamera
from core_model.geometry.rotations import rotation_angle
from core_model.views.clips import ClipMotion
from core_model.world.manhattan import ManhattanFrame

_FURTHEST = np.radians(16)
"""By which people may tell a turn wrongly; further off, cameras show edges of different things."""

_BY_PEOPLE = np.radians(3)  # by which they usually tell it wrongly

_ALIKE = Rotation.create_group("O").as_matrix()
"""The turns (24, 3, 3) that lead axes at right angles onto each other."""


def turned_by_rooms(
    clips: Sequence[ClipMotion], cameras: Sequence[PlacedCamera]
) -> list[PlacedCamera]:
    """Return cameras turned as edges say that two clips show, where these tell it.

    The same three directions are seen by both, but nobody knows which is which: people tell. A
    camera that is turned keeps those whom it sees before it.

    Parameters
    ----------
    clips : sequence of ClipMotion
    cameras : sequence of PlacedCamera
        As people tell how they are turned.
    """
    first, *others = cameras
    turned = [first]
    for clip, camera in zip(clips[1:], others, strict=True):
        told = turn_between(clips[0].room, clip.room, camera.rotation)
        seen = [figure.pelvis[figure.seen] for figure in clip.figures if figure.seen.any()]
        if told is None or not seen:
            turned.append(camera)
            continue
        own = np.concatenate(seen).mean(axis=0)
        place = own - told.rotation @ camera.to_first(own)
        turned.append(
            replace(
                camera,
                rotation=told.rotation,
                translation=place,
                turn_spread=told.spread,
                leaning=told.leaning,
            )
        )
    return turned


@dataclass(frozen=True)
class ToldTurn:
    """How a camera is turned against another one.

    Parameters
    ----------
    rotation : (3, 3)
        From the other camera's space to its own.
    spread : float
        Standard deviation of its rotation vector about each axis, radians, through these lenses.
    leaning : (2, 3)
        As in `PlacedCamera`.
    """

    rotation: np.ndarray
    spread: float
    leaning: np.ndarray


def turn_between(
    first: ManhattanFrame | None, second: ManhattanFrame | None, near: np.ndarray
) -> ToldTurn | None:
    """Return the turn from one camera's space to another's, as edges in both tell it.

    None where edges do not tell it, or something else than what people tell.

    Parameters
    ----------
    first, second : ManhattanFrame or None
    near : (3, 3)
        The same turn as people tell it.
    """
    if first is None or second is None:
        return None
    axes = [_right_handed(each.axes) for each in (first, second)]
    possible = axes[1].T @ _ALIKE @ axes[0]
    rotation = possible[int(np.argmin(rotation_angle(possible, near[None])))]
    if rotation_angle(rotation, near) > _FURTHEST:
        return None
    own, others = second.through(second.focal), first.through(first.focal)
    variance = rotation @ others.turned @ rotation.T + own.turned
    leaning = np.stack((-rotation @ first.leaning, second.leaning))
    return ToldTurn(rotation, float(np.sqrt(np.trace(variance) / 3)), leaning)


def _right_handed(axes: np.ndarray) -> np.ndarray:
    return axes * [[1.0], [1.0], [np.sign(np.linalg.det(axes))]]


def shared_room(
    clips: Sequence[ClipMotion], cameras: Sequence[PlacedCamera]
) -> ManhattanFrame | None:
    """Return what edges run along in the first camera's space, as any clip shows it best.

    Parameters
    ----------
    clips : sequence of ClipMotion
    cameras : sequence of PlacedCamera
        Of these clips.
    """
    known = []
    for clip, camera in zip(clips, cameras, strict=True):
        if clip.room is None:
            continue
        room, focal = clip.room, camera.camera.focal
        if focal != room.focal:  # people told it better
            room = room.through(focal)
        turn = camera.rotation.T
        # How a further camera stands against the first is told by people, if not by edges.
        guessed = 0.0 if clip is clips[0] else min(camera.turn_spread, _BY_PEOPLE) ** 2
        turned = turn @ room.turned @ turn.T + guessed * np.eye(3)
        known.append(replace(room, axes=room.axes @ camera.rotation, turned=turned))
    return min(known, key=lambda room: float(np.trace(room.turned)), default=None)

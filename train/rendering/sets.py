"""Rooms for rendered clips, each from its seed: patterned floors and walls, clutter, obstacles."""

import numpy as np

from train.rendering.room import Box, Triple, box_mesh

_MARGIN = 0.9  # metres between where somebody moves and the clutter
_CLEAR = 0.4  # metres between the clutter and what more cameras look along
_SIGHT = np.radians(28)  # to either side of the camera's direction nothing but obstacles stands
_TILE = 0.5  # metres
NOBODY_ELSE = np.empty((0, 3))


def furnished_set(
    seed: int,
    path: np.ndarray,
    camera: np.ndarray,
    clutter: int,
    obstacles: list[Box],
    others: np.ndarray = NOBODY_ELSE,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Build a room around a motion and its camera.

    Parameters
    ----------
    seed : int
        Of colours, patterns and clutter.
    path : (N, 2)
        Where somebody is, x and y of the world, metres.
    camera : (3,)
        Where the camera stands.
    clutter : int
        How many boxes and panels; with none the walls and the floor are plain.
    obstacles : list of Box
        What hides part of somebody.
    others : (N, 3)
        Where more cameras stand, which see everybody, too.

    Returns
    -------
    vertices : (V, 3)
    faces : (F, 4) int
    colors : (V, 3)
        As from `room`.
    """
    rng = np.random.default_rng(seed)
    middle = path.mean(axis=0)
    reach = np.linalg.norm(path - middle, axis=1).max()
    to_camera = camera[:2] - middle
    farthest = np.linalg.norm(np.vstack((camera, others))[:, :2] - middle, axis=1).max()
    half = max(reach + 2.2, farthest + 0.6)
    boxes = list(obstacles)
    boxes += _floor(rng, middle, half, plain=clutter == 0)
    boxes += _walls(rng, middle, half, to_camera, clutter == 0, whole=len(others) > 0)
    facing = np.arctan2(to_camera[1], to_camera[0])
    for _ in range(clutter):
        # Things stand behind and beside the person, never between them and the camera.
        angle = facing + np.pi + rng.uniform(-1, 1) * (np.pi - _SIGHT)
        distance = reach + _MARGIN + rng.uniform(0, max(half - reach - _MARGIN - 0.4, 0.3))
        size = rng.uniform((0.25, 0.25, 0.3), (1.1, 0.9, 1.9))
        place = middle + distance * np.array([np.cos(angle), np.sin(angle)])
        place += 0.5 * size[:2] * np.sign(place - middle)
        if any(_is_between(place, size, path, other[:2]) for other in others):
            continue
        boxes.append(_box((*place, size[2] / 2), size, _colour(rng)))
        if rng.random() < 0.4:
            small = size * rng.uniform(0.3, 0.8, 3)
            top = (*place, size[2] + small[2] / 2)
            boxes.append(_box(top, small, _colour(rng)))
    return box_mesh(boxes)


def table(near: np.ndarray, towards: np.ndarray, height: float, width: float) -> list[Box]:
    """Return a table that stands at `near` (2,), its broad side towards `towards` (2,)."""
    along_x = abs(towards[1] - near[1]) > abs(towards[0] - near[0])
    size = (width, 0.5, 0.06) if along_x else (0.5, width, 0.06)
    panel = (width, 0.04, height) if along_x else (0.04, width, height)
    return [
        _box((near[0], near[1], height), size, (0.55, 0.40, 0.28)),
        _box((near[0], near[1], height / 2), panel, (0.45, 0.33, 0.24)),
    ]


def pillar(place: np.ndarray, width: float) -> list[Box]:
    """Return a pillar that stands at `place` (2,)."""
    return [_box((place[0], place[1], 1.4), (width, width, 2.8), (0.60, 0.58, 0.56))]


def stool(place: np.ndarray, height: float) -> list[Box]:
    """Return a stool whose seat is at `height` metres."""
    return [
        _box((place[0], place[1], height - 0.03), (0.36, 0.36, 0.06), (0.30, 0.24, 0.20)),
        _box((place[0], place[1], height / 2), (0.08, 0.08, height), (0.25, 0.25, 0.27)),
    ]


def _floor(rng: np.random.Generator, middle: np.ndarray, half: float, plain: bool) -> list[Box]:
    colour = np.array(_colour(rng, low=0.35, high=0.7))
    if plain:
        return [_box((*middle, -0.02), (2 * half, 2 * half, 0.04), colour)]
    other = colour * rng.uniform(0.7, 0.95)
    boxes = []
    for row, x in enumerate(np.arange(-half, half, _TILE)):
        for column, y in enumerate(np.arange(-half, half, _TILE)):
            shade = (colour if (row + column) % 2 else other) * rng.uniform(0.9, 1.08)
            place = (middle[0] + x + _TILE / 2, middle[1] + y + _TILE / 2, -0.02)
            boxes.append(_box(place, (_TILE - 0.006, _TILE - 0.006, 0.04), shade))
    return boxes


def _is_between(place: np.ndarray, size: np.ndarray, path: np.ndarray, eye: np.ndarray) -> bool:
    """Tell whether a box stands where a camera at `eye` (2,) looks at somebody on the path."""
    ways = path - eye
    along = ((place - eye) @ ways.T / np.square(ways).sum(axis=1)).clip(0, 1)
    off = np.linalg.norm(eye + along[:, None] * ways - place, axis=1)
    return bool(off.min() < np.linalg.norm(size[:2]) / 2 + _CLEAR)


def _walls(
    rng: np.random.Generator,
    middle: np.ndarray,
    half: float,
    to_camera: np.ndarray,
    plain: bool,
    whole: bool,
) -> list[Box]:
    """Return the walls that the camera may see, or all, papered in patches, with panels on them."""
    colour = np.array(_colour(rng, low=0.45, high=0.85))
    boxes = []
    for axis in (0, 1):
        for sign in (-1.0, 1.0):
            if not whole and sign * to_camera[axis] > 0.7 * np.linalg.norm(to_camera):
                continue  # the camera stands on this side
            patch = 2 * half if plain else 0.8
            for along in np.arange(-half, half, patch):
                for up in np.arange(0.0, 3.6, 3.6 if plain else 0.6):
                    shade = colour if plain else colour * rng.uniform(0.85, 1.08, 3)
                    height = 3.6 if plain else 0.6
                    place, size = np.zeros(3), np.full(3, 0.1)
                    place[axis], place[1 - axis] = sign * half, along + patch / 2
                    place[:2] += middle
                    place[2], size[2] = up + height / 2, height
                    size[1 - axis] = patch
                    boxes.append(_box(place, size, shade))
            for _ in range(0 if plain else 3):
                place, size = np.zeros(3), np.full(3, 0.04)
                place[axis] = sign * (half - 0.07)
                place[1 - axis] = rng.uniform(-0.8, 0.8) * half
                place[:2] += middle
                place[2] = rng.uniform(1.2, 2.2)
                size[1 - axis], size[2] = rng.uniform(0.4, 1.6), rng.uniform(0.4, 1.1)
                boxes.append(_box(place, size, _colour(rng)))
    return boxes


def _colour(rng: np.random.Generator, low: float = 0.12, high: float = 0.9) -> Triple:
    grey = rng.uniform(low, high)
    red, green, blue = np.clip(grey + rng.uniform(-0.2, 0.2, 3), 0.05, 0.95)
    return float(red), float(green), float(blue)


def _box(place: object, size: object, colour: object) -> Box:
    (x, y, z), (a, b, c), (red, green, blue) = (
        np.asarray(triple, dtype=float).tolist() for triple in (place, size, colour)
    )
    return (x, y, z), (a, b, c), (min(red, 1.0), min(green, 1.0), min(blue, 1.0))

"""A room for the demo clip: a plank floor, two walls and a few boxes, as one coloured mesh."""

import numpy as np

_WALLS = (0.74, 0.76, 0.72)
_SKIRTING = (0.90, 0.90, 0.88)

Triple = tuple[float, float, float]
Box = tuple[Triple, Triple, Triple]

# (centre, size) in metres, sRGB: furniture and pictures that break up the walls.
_BOXES = (
    ((-2.3, 2.2, 0.45), (1.3, 0.5, 0.9), (0.47, 0.33, 0.22)),
    ((-2.5, 2.3, 1.08), (0.35, 0.3, 0.36), (0.25, 0.45, 0.42)),
    ((1.9, 2.3, 1.0), (0.8, 0.4, 2.0), (0.62, 0.55, 0.46)),
    ((-0.55, 2.58, 1.75), (0.9, 0.04, 0.65), (0.30, 0.40, 0.55)),
    ((-3.45, 0.3, 0.35), (0.6, 1.6, 0.7), (0.36, 0.42, 0.30)),
)


def room() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Build the room.

    Returns
    -------
    vertices : (V, 3)
        Metres, Z up, the floor at Z = 0.
    faces : (F, 4) int
        Quads.
    colors : (V, 3)
        sRGB, 0 to 1.
    """
    boxes: list[Box] = list(_BOXES)
    boxes.append(((0.0, 2.65, 1.5), (8.0, 0.1, 3.0), _WALLS))
    boxes.append(((-3.85, -1.0, 1.5), (0.1, 8.0, 3.0), _WALLS))
    boxes.append(((0.0, 2.59, 0.05), (8.0, 0.03, 0.1), _SKIRTING))
    rng = np.random.default_rng(7)
    wood = np.array((0.66, 0.52, 0.37))
    for row, x in enumerate(np.arange(-3.8, 4.0, 0.2)):
        for y in np.arange(-6.0 - 0.35 * (row % 3), 2.6, 1.1):
            shade = wood * rng.uniform(0.82, 1.06)
            place = (float(x), float(y) + 0.55, -0.02)
            boxes.append((place, (0.196, 1.096, 0.04), (shade[0], shade[1], shade[2])))
    return box_mesh(boxes)


def box_mesh(boxes: list[Box]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Make one mesh of boxes.

    Parameters
    ----------
    boxes : list of (centre, size, colour)
        Metres, Z up; sRGB.

    Returns
    -------
    vertices : (V, 3)
    faces : (F, 4) int
    colors : (V, 3)
        As from `room`.
    """
    corner = np.array([(i & 1, i >> 1 & 1, i >> 2) for i in range(8)]) - 0.5
    sides = np.array(
        ((0, 2, 3, 1), (4, 5, 7, 6), (0, 1, 5, 4), (2, 6, 7, 3), (0, 4, 6, 2), (1, 3, 7, 5))
    )
    vertices = [np.array(place) + corner * np.array(size) for place, size, _ in boxes]
    faces = [sides + 8 * index for index in range(len(boxes))]
    colors = [np.tile(color, (8, 1)) for _, _, color in boxes]
    return np.concatenate(vertices), np.concatenate(faces), np.concatenate(colors)

"""The outline of a body: points on its skin that can touch a floor, each carried by one joint."""

import numpy as np

from core_model.body.model import Body
from core_model.body.skeleton import JOINT_COUNT

_DIRECTIONS = np.array(
    [
        (x, y, z)
        for x in (-1, 0, 1)
        for y in (-1, 0, 1)
        for z in (-1, 0, 1)
        if (x, y, z) != (0, 0, 0)
    ]
)


def outline_points(body: Body, betas: np.ndarray) -> np.ndarray:
    """Return the outermost points of each part's skin in 26 directions.

    Parameters
    ----------
    body : Body
    betas : (10,)

    Returns
    -------
    (24, 26, 3)
        From the joint that carries them, at rest, SMPL space, metres; 0 for a part without skin.
    """
    vertices, rest = body.rest_vertices(betas), body.rest_joints(betas)
    part = body.weights.argmax(axis=1)
    points = np.zeros((JOINT_COUNT, len(_DIRECTIONS), 3))
    for joint in range(JOINT_COUNT):
        skin = vertices[part == joint]
        if len(skin):
            points[joint] = skin[(skin @ _DIRECTIONS.T).argmax(axis=0)] - rest[joint]
    return points

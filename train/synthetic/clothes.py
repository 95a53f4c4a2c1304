"""Colours that dress the default body, so that pose detectors see a person and not a mannequin."""

import numpy as np

from core_model.body import Body
from core_model.landmarks import LANDMARK_INDEX, LANDMARK_JOINTS
from core_model.skeleton import JOINT_NAMES

SKIN = (0.80, 0.58, 0.46)
HAIR = (0.16, 0.10, 0.07)
SHIRT = (0.70, 0.16, 0.14)
TROUSERS = (0.15, 0.21, 0.36)
SHOES = (0.88, 0.88, 0.86)
EYES = (0.08, 0.07, 0.07)
LIPS = (0.66, 0.33, 0.31)

_WORN = {
    "pelvis": TROUSERS,
    "hip": TROUSERS,
    "knee": TROUSERS,
    "ankle": SHOES,
    "foot": SHOES,
    "spine1": SHIRT,
    "spine2": SHIRT,
    "spine3": SHIRT,
    "collar": SHIRT,
    "shoulder": SHIRT,
    "neck": SKIN,
    "head": SKIN,
    "elbow": SKIN,
    "wrist": SKIN,
    "hand": SKIN,
}


def clothes(body: Body) -> np.ndarray:
    """Colour every vertex of a body by what covers it: skin, hair, shirt, trousers, shoes.

    Parameters
    ----------
    body : Body
        With landmarks, which tell where the face is.

    Returns
    -------
    (V, 3)
        sRGB, 0 to 1.

    Raises
    ------
    AssetError
        When the body has no landmarks.
    """
    vertices, joint_of = body.v_template, body.weights.argmax(axis=1)
    worn = np.array([_WORN[name.split("_")[-1]] for name in JOINT_NAMES])
    colors = worn[joint_of]
    neutral = np.zeros(10)
    landmarks = body.rest_joints(neutral)[list(LANDMARK_JOINTS)] + body.landmark_offsets(neutral)
    eyes = landmarks[[LANDMARK_INDEX["left_eye"], LANDMARK_INDEX["right_eye"]]]
    ears = landmarks[[LANDMARK_INDEX["left_ear"], LANDMARK_INDEX["right_ear"]]].mean(axis=0)
    mouth = landmarks[[LANDMARK_INDEX["mouth_left"], LANDMARK_INDEX["mouth_right"]]]

    # The hairline rises from the nape, behind the ears, to above the forehead.
    head = joint_of == JOINT_NAMES.index("head")
    height, front = vertices[:, 1] - eyes[:, 1].mean(), vertices[:, 2] - ears[2]
    colors[head & (height > 0.055)] = HAIR
    colors[head & (front < -0.005) & (height > -0.075)] = HAIR
    for eye in eyes:
        colors[head & (np.linalg.norm(vertices - eye, axis=1) < 0.012)] = EYES
    across = np.abs(vertices[:, 0]) < np.abs(mouth[:, 0]).max()
    level = np.abs(vertices[:, 1] - mouth[:, 1].mean()) < 0.008
    colors[head & across & level & (front > 0.05)] = LIPS
    return np.asarray(colors)

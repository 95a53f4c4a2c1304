"""Colours that dress the default body, so that pose detectors see a person and not a mannequin."""

from dataclasses import dataclass

import numpy as np

from core_model.body.landmarks import LANDMARK_INDEX
from core_model.body.model import Body
from core_model.body.skeleton import JOINT_NAMES

SKIN = (0.80, 0.58, 0.46)
HAIR = (0.16, 0.10, 0.07)
SHIRT = (0.70, 0.16, 0.14)
TROUSERS = (0.15, 0.21, 0.36)
SHOES = (0.88, 0.88, 0.86)
EYES = (0.08, 0.07, 0.07)
LIPS = (0.66, 0.33, 0.31)


@dataclass(frozen=True)
class Outfit:
    """What somebody wears; colours are sRGB, 0 to 1."""

    skin: tuple[float, float, float] = SKIN
    hair: tuple[float, float, float] = HAIR
    shirt: tuple[float, float, float] = SHIRT
    trousers: tuple[float, float, float] = TROUSERS
    shoes: tuple[float, float, float] = SHOES
    long_sleeves: bool = False
    shorts: bool = False
    striped: bool = False

    def worn(self) -> np.ndarray:
        """Return the colour (24, 3) of what moves with each joint."""
        parts = {"pelvis": self.trousers, "hip": self.trousers, "knee": self.trousers}
        parts |= {"ankle": self.shoes, "foot": self.shoes}
        parts |= dict.fromkeys(("spine1", "spine2", "spine3", "collar", "shoulder"), self.shirt)
        parts |= dict.fromkeys(("neck", "head", "elbow", "wrist", "hand"), self.skin)
        if self.long_sleeves:
            parts["elbow"] = self.shirt
        if self.shorts:
            parts["knee"] = self.skin
        return np.array([parts[name.split("_")[-1]] for name in JOINT_NAMES])


def clothes(body: Body, outfit: Outfit = Outfit()) -> np.ndarray:
    """Colour every vertex of a body by what covers it: skin, hair, shirt, trousers, shoes.

    Parameters
    ----------
    body : Body
        With landmarks, which tell where the face is.
    outfit : Outfit

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
    colors = outfit.worn()[joint_of]
    if outfit.striped:
        dressed = (colors == outfit.shirt).all(axis=1) & (np.sin(vertices[:, 1] * 70) > 0)
        colors[dressed] *= 0.55
    neutral = np.zeros(10)
    landmarks = body.landmark_regressor @ body.rest_vertices(neutral)
    eyes = landmarks[[LANDMARK_INDEX["left_eye"], LANDMARK_INDEX["right_eye"]]]
    ears = landmarks[[LANDMARK_INDEX["left_ear"], LANDMARK_INDEX["right_ear"]]].mean(axis=0)
    mouth = landmarks[[LANDMARK_INDEX["mouth_left"], LANDMARK_INDEX["mouth_right"]]]

    # The hairline rises from the nape, behind the ears, to above the forehead.
    head = joint_of == JOINT_NAMES.index("head")
    height, front = vertices[:, 1] - eyes[:, 1].mean(), vertices[:, 2] - ears[2]
    colors[head & (height > 0.055)] = outfit.hair
    colors[head & (front < -0.005) & (height > -0.075)] = outfit.hair
    for eye in eyes:
        colors[head & (np.linalg.norm(vertices - eye, axis=1) < 0.012)] = EYES
    across = np.abs(vertices[:, 0]) < np.abs(mouth[:, 0]).max()
    level = np.abs(vertices[:, 1] - mouth[:, 1].mean()) < 0.008
    colors[head & across & level & (front > 0.05)] = LIPS
    return np.asarray(colors)

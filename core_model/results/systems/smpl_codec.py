"""The `.smpl` format of smplcodec: an `.npz` of its own names, one person, Y up."""

from pathlib import Path
from typing import Any

import numpy as np

from core_model.errors import TakeError
from core_model.results.content import array, shaped, table
from core_model.results.parameters import padded, rate_in, ten
from core_model.results.record import Y_UP, Person, Result
from core_model.results.rotations import joint_turns

_NEEDED = {"bodyPose", "bodyTranslation", "codecVersion", "smplVersion", "frameCount"}
_OTHER_BODIES = {4: "SMPL++", 5: "SKEL"}
_GENDERS = {0: "neutral", 1: "male", 2: "female"}
_FINGERS = 15


def fits(content: Any) -> bool:
    """Tell whether a file is one of this format."""
    found = table(content)
    return found is not None and "bodyPose" in found or len(_NEEDED & set(found or ())) > 1


def read(content: Any, path: Path) -> Result:
    """Read the person of a file.

    Raises
    ------
    TakeError
        When something of it cannot be read.
    """
    version = int(array(content.get("smplVersion", 0), "smplVersion").ravel()[0])
    if version in _OTHER_BODIES:
        raise TakeError(f"{path} is motion of {_OTHER_BODIES[version]}, whose joints are others.")
    if "bodyPose" not in content:
        raise TakeError(f"{path} holds a shape and no motion.")
    turns = joint_turns(array(content["bodyPose"], "bodyPose"), "bodyPose", (22, 24))
    count = len(turns)
    places = np.zeros((count, 3))
    if "bodyTranslation" in content:
        places = shaped(content["bodyTranslation"], "bodyTranslation", count, 3)
    gender = int(array(content.get("gender", 0), "gender").ravel()[0])
    person = Person(
        poses=padded(turns.reshape(count, -1)),
        places=places,
        betas=ten(array(content.get("shapeParameters", [0.0]), "shapeParameters")),
        hands=_hands(content, count),
        gender=_GENDERS.get(gender, "neutral"),
    )
    # What a single frame's rate is does not matter.
    rate = rate_in(content) or (30.0 if count == 1 else None)
    return Result(".smpl", [person], Y_UP, rate, estimated=False)


def _hands(content: Any, count: int) -> np.ndarray | None:
    names = ("leftHandPose", "rightHandPose")
    if not any(name in content for name in names):
        return None
    sides = [
        shaped(content[name], name, count, _FINGERS, 3)
        if name in content
        else np.zeros((count, _FINGERS, 3))
        for name in names
    ]
    return np.concatenate(sides, axis=1).reshape(count, -1)

"""HybrIK: `res.pk`, one person, a row for each picture in which they were found."""

from pathlib import Path
from typing import Any

import numpy as np

from core_model.errors import TakeError
from core_model.results.content import array, sequence, shaped, table
from core_model.results.crops import likely_lens, seen_in_crops
from core_model.results.parameters import padded, ten
from core_model.results.record import CAMERA, Lens, Person, Result
from core_model.results.rotations import joint_turns
from core_model.results.systems.frame_numbers import numbers_in_names

_FOCAL, _CROP = 1000.0, 256.0
"""Pixels, of the crop in which `transl` is meant."""


def fits(content: Any) -> bool:
    """Tell whether a file is one of this system's."""
    found = table(content)
    return found is not None and {"pred_thetas", "transl"} <= set(found)


def read(content: Any, path: Path) -> Result:
    """Read the person of a file.

    Raises
    ------
    TakeError
        When something of it cannot be read.
    """
    turns = joint_turns(array(content["pred_thetas"], "pred_thetas"), "pred_thetas", (24,))
    count = len(turns)
    warnings = ["was filmed by a camera that is taken to stand still, and level"]
    names = sequence(content.get("img_path"))
    frames = numbers_in_names(names) if len(names) == count else None
    if frames is None:
        warnings.append("does not tell which picture is which; they are taken one after another")
    places, lens = _places(content, count)
    person = Person(
        poses=padded(turns.reshape(count, -1)),
        places=places,
        betas=ten(array(content.get("pred_betas", [0.0]), "pred_betas")),
        frames=frames,
    )
    return Result("HybrIK", [person], CAMERA, lens=lens, warnings=tuple(warnings))


def _places(content: Any, count: int) -> tuple[np.ndarray, Lens | None]:
    given = shaped(content["transl"], "transl", count, 3)
    if any(content.get(name) is None for name in ("bbox", "height", "width")):
        return given, None
    boxes = shaped(content["bbox"], "bbox", count, 4)
    width, height = (array(content[name], name).ravel() for name in ("width", "height"))
    if not len(width) or not len(height) or min(width[0], height[0]) < 1:
        raise TakeError("'width' and 'height' are no size of a picture.")
    with np.errstate(all="ignore"):
        scale = 2 * _FOCAL / (_CROP * given[:, 2])
    camera = np.column_stack((scale, given[:, :2]))
    centres, sides = (boxes[:, :2] + boxes[:, 2:]) / 2, boxes[:, 2] - boxes[:, 0]
    lens = likely_lens((float(width[0]), float(height[0])))
    return seen_in_crops(camera, centres, sides, lens), lens

"""InstaVariety: `train/*.tfrecord`, crops of people with their joints in the crops' pixels."""

from pathlib import Path
from typing import cast

import numpy as np

from core_model.errors import MocapError
from train.databases.pictures.joints import INSTA_25, to_spin
from train.databases.preparation.tables import Rows, found, names_of
from train.databases.preparation.tfrecords import Feature, read_examples

_JPEG = b"\xff\xd8"


def prepare(root: Path, out: Path) -> list[Path]:
    """Take the pictures out of the records and write the database.

    Pictures go to `OUT/insta_variety_img/RECORD/VIDEO/000000.jpg`, as they are in the records.

    Raises
    ------
    MocapError
        When a file is missing or damaged.
    """
    rows = Rows()
    for path in found(root.glob("**/*.tfrecord"), "file of records, train/*.tfrecord"):
        for number, example in enumerate(read_examples(path)):
            name = f"{path.stem}_{number:04d}"
            try:
                points, pictures = _joints(example), cast(list[bytes], example["image/encoded"])
                if len(points) != len(pictures):
                    raise ValueError("more or fewer pictures than joints")
            except (KeyError, ValueError, TypeError) as error:
                raise MocapError(f"Record {number} of {path} is none of InstaVariety.") from error
            folder = out / "insta_variety_img" / path.stem / f"{number:04d}"
            folder.mkdir(parents=True, exist_ok=True)
            places = [folder / f"{frame:06d}.jpg" for frame in range(len(pictures))]
            for place, picture in zip(places, pictures, strict=True):
                if not picture.startswith(_JPEG):
                    raise MocapError(f"Record {number} of {path} has a picture that is no JPEG.")
                place.write_bytes(picture)
            rows.add(
                vid_name=name, img_name=names_of(places, out), joints2D=to_spin(points, INSTA_25)
            )
    return [rows.write(out, "insta", "train")]


def _joints(example: dict[str, Feature]) -> np.ndarray:
    """Return the joints (T, 25, 3) of an example: 14 of the body, 5 of the face, 6 of the feet."""
    body = np.asarray(example["image/xys"], np.float64).reshape(-1, 14, 2)
    seen = np.asarray(example["image/visibilities"], np.float64).reshape(-1, 14, 1)
    count = len(body)
    face = np.asarray(example["image/face_pts"], np.float64).reshape(count, 5, 3)
    feet = np.asarray(example.get("image/toe_pts", []), np.float64)
    feet = feet.reshape(count, 6, 3) if feet.size else np.zeros((count, 6, 3))
    points = np.concatenate((np.concatenate((body, seen), -1), face, feet), axis=1)
    points[..., 2] = points[..., 2] > 0
    return points

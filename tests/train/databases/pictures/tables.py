"""Small databases of any set, made up."""

from pathlib import Path

import cv2
import numpy as np

from train.databases.pictures.formats import FORMATS


def made_up_table(name: str, count: int = 6, folder: str = "data/pictures") -> dict:
    """Return the arrays of a set with so many rows, two videos if it has any."""
    random = np.random.default_rng(len(name))
    form = FORMATS[name]
    table = {
        "img_name": np.array([f"{folder}/{name}_{row:06d}.jpg" for row in range(count)]),
        "joints2D": random.uniform(0, 200, (count, 49, 3)),
        "joints3D": random.normal(size=(count, 49, 4)),
        "pose": random.normal(size=(count, 72)),
        "shape": random.normal(size=(count, 10)),
        "features": np.array([]),
    }
    if form.videos:
        table["vid_name"] = np.array(["a"] * (count // 2) + ["b"] * (count - count // 2))
    if form.boxes:
        table["bbox"] = np.tile([100.0, 90.0, 80.0, 80.0], (count, 1))
    return table


def write_pictures(root: Path, table: dict) -> None:
    """Write a picture under each name of a table; `root` is the folder `data`."""
    for name in table["img_name"]:
        path = root.parent / str(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        cv2.imwrite(str(path), np.full((180, 200, 3), len(name), np.uint8))

"""Penn Action: `labels/0001.mat` and `frames/0001/000001.jpg`."""

from pathlib import Path

import numpy as np
from scipy.io import loadmat

from core_model.errors import MocapError
from train.databases.pictures.joints import to_spin
from train.databases.preparation.joint_orders import PENN_13
from train.databases.preparation.tables import Rows, found, names_of, square_boxes


def prepare(root: Path, out: Path) -> list[Path]:
    """Write the database; frames where no joint is seen are left out.

    Joints keep the sides that the set names them by. The reference puts them into another order
    first and then takes them for the set's own, which swaps them.

    Raises
    ------
    MocapError
        When a file is missing or damaged.
    """
    rows = Rows()
    for path in found(root.glob("labels/*.mat"), "labels/0001.mat and the like"):
        try:
            content = loadmat(path)
            parts = [np.array(content[key], np.float64) for key in ("x", "y", "visibility")]
            points = np.stack(parts, axis=-1)
            if points.shape[1:] != (13, 3):
                raise ValueError("other joints")
        except (KeyError, ValueError, TypeError, OSError, NotImplementedError) as error:
            raise MocapError(f"{path} is damaged or no label of Penn Action.") from error
        points[..., 2] = points[..., 2] > 0
        frames = np.flatnonzero(points[..., 2].any(axis=1))
        if not len(frames):
            continue
        points = points[frames]
        folder = root / "frames" / path.stem
        rows.add(
            img_name=names_of((folder / f"{frame + 1:06d}.jpg" for frame in frames), out),
            joints2D=to_spin(points, PENN_13),
            bbox=square_boxes(points[..., :2], points[..., 2] > 0, 1.0),
            vid_name=path.stem,
        )
    return [rows.write(out, "pennaction", "train")]

"""PoseTrack 2018: `annotations/train/*.json` and `images/train/SEQUENCE/000000.jpg`."""

import json
from pathlib import Path
from typing import Any

import numpy as np

from core_model.errors import MocapError
from train.databases.pictures.joints import to_spin
from train.databases.preparation.joint_orders import POSETRACK_17
from train.databases.preparation.tables import Rows, found, names_of

_SCALE = 0.8
_SHORTEST = 8


def prepare(root: Path, out: Path) -> list[Path]:
    """Write the database; tracks of fewer than 8 frames are left out.

    Raises
    ------
    MocapError
        When a file is missing or damaged.
    """
    rows = Rows()
    for path in found(root.glob("**/annotations/train/*.json"), "annotations/train/*.json"):
        above = path.parents[2]
        try:
            content = json.loads(path.read_text(encoding="utf-8"))
            files = {image["id"]: image["file_name"] for image in content["images"]}
            tracks: dict[int, list[dict[str, Any]]] = {}
            for person in content["annotations"]:
                if "bbox" in person and any(person["keypoints"][2::3]):
                    tracks.setdefault(person["track_id"], []).append(person)
            for track, people in tracks.items():
                if len(people) >= _SHORTEST:
                    pictures = [above / files[person["image_id"]] for person in people]
                    _add(rows, people, names_of(pictures, out), f"{path.stem}_{track}")
        except (ValueError, KeyError, TypeError) as error:
            raise MocapError(f"{path} is damaged or no annotation of PoseTrack.") from error
    return [rows.write(out, "posetrack", "train")]


def _add(rows: Rows, people: list[dict[str, Any]], names: np.ndarray, video: str) -> None:
    points = np.array([person["keypoints"] for person in people], np.float64).reshape(-1, 17, 3)
    points[..., 2] = points[..., 2] > 0
    box = np.array([person["bbox"] for person in people], np.float64)
    side = _SCALE * box[:, 2:].max(axis=1, keepdims=True)
    rows.add(
        img_name=names,
        joints2D=to_spin(points, POSETRACK_17),
        bbox=np.concatenate((box[:, :2] + box[:, 2:] / 2, side, side), axis=1),
        vid_name=video,
    )

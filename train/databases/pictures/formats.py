"""The nine sets: what each is for, and what its database must hold."""

from dataclasses import dataclass
from typing import Literal

from train.databases.pictures.joints import INSTA_25, SPIN_COUNT

Kind = Literal["video_3d", "video_2d", "image"]


@dataclass(frozen=True)
class SetFormat:
    """What is known of a set beforehand.

    Parameters
    ----------
    name : str
        As in the name of its file, `NAME_train_db.pt`.
    videos : bool
        Whether its rows are frames of videos, which `vid_name` tells apart.
    boxes : bool
        Whether people are somewhere in its pictures; if not, the pictures are crops already.
    true_3d : bool
        Whether it has joints in space.
    stride : int
        Frames from one window of 128 to the next when clips are drawn from it.
    """

    name: str
    videos: bool
    boxes: bool = True
    true_3d: bool = False
    stride: int = 64

    @property
    def other_shapes(self) -> dict[str, tuple[int, ...]]:
        """Shape that a row of some arrays may also have."""
        others: dict[str, tuple[int, ...]] = {"pose": ROTATION_MATRICES}
        if self.name == "insta":
            others["joints2D"] = (len(INSTA_25), 3)
        return others


FORMATS = {
    each.name: each
    for each in (
        SetFormat("3dpw", videos=True, true_3d=True, stride=8),
        SetFormat("mpii3d", videos=True, true_3d=True),
        SetFormat("h36m", videos=True, true_3d=True),
        SetFormat("insta", videos=True, boxes=False),
        SetFormat("posetrack", videos=True),
        SetFormat("pennaction", videos=True),
        SetFormat("coco2014-all", videos=False),
        SetFormat("lspet", videos=False),
        SetFormat("mpii", videos=False),
    )
}

ROW_SHAPES: dict[str, tuple[int, ...]] = {
    "joints2D": (SPIN_COUNT, 3),
    "joints3D": (SPIN_COUNT, 4),
    "bbox": (4,),
    "pose": (72,),
    "shape": (10,),
    "cam": (3,),
}
"""Shape of a row of each array of numbers."""

ROTATION_MATRICES = (24, 3, 3)
"""What `pose` may hold instead of 72 numbers."""


def needed_keys(known: SetFormat, kind: Kind) -> tuple[str, ...]:
    """Return the arrays that a set must have when it is used in a way."""
    needed = ["img_name"]
    if kind != "image":
        needed.append("vid_name")
    if known.boxes:
        needed.append("bbox")
    needed.append("joints3D" if kind == "video_3d" else "joints2D")
    return tuple(needed)

"""Motion capture at 30 frames a second for the network over landmarks: AMASS and CMU's ASF/AMC."""

from pathlib import Path

import numpy as np

from core_model.body.skeleton import SMPL_TO_WORLD
from core_model.geometry.rotations import matrix_to_axis_angle
from core_model.take import Take
from train.databases.motion_library import FRAME_RATE, read_motion

_CMU_RATE = 120.0


def prepare_amass(root: Path, out: Path) -> list[Path]:
    """Write `OUT/amass/SUBJECT/CLIP.npz` from the folders of AMASS, whatever their frame rates.

    Raises
    ------
    MocapError
        When there is no motion, or a file is damaged.
    """
    return _write(read_motion(root), out / "amass")


def prepare_cmu(root: Path, out: Path) -> list[Path]:
    """Write `OUT/cmu/SUBJECT/CLIP.npz` from the folder `subjects` of CMU's `allasfamc.zip`.

    Recordings have 120 frames a second, some 60; knees and elbows that skeletons bend are put
    right.

    Raises
    ------
    MocapError
        When there is no motion, or a file is damaged.
    """
    return _write(read_motion(root, _CMU_RATE), out / "cmu")


def _write(clips: dict[str, np.ndarray], folder: Path) -> list[Path]:
    written = []
    for name, rotations in clips.items():
        subject, _, rest = name.partition("_")
        local = rotations.astype(np.float64)
        local[:, 0] = SMPL_TO_WORLD @ local[:, 0]
        count = len(local)
        take = Take(
            matrix_to_axis_angle(local).reshape(count, 72),
            np.zeros((count, 3)),
            np.zeros(10),
            np.arange(count) / FRAME_RATE,
        )
        path = folder / subject / f"{rest}.npz"
        path.parent.mkdir(parents=True, exist_ok=True)
        take.save(path)
        written.append(path)
    return written

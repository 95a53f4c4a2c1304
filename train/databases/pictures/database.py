"""One set as training uses it: its rows checked, its gaps filled, its pictures found."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

from core_model.geometry.rotations import matrix_to_axis_angle
from train.databases.pictures.database_file import DatabaseError, read_table
from train.databases.pictures.formats import (
    FORMATS,
    ROTATION_MATRICES,
    ROW_SHAPES,
    Kind,
    SetFormat,
    needed_keys,
)
from train.databases.pictures.joints import INSTA_25, SPIN_COUNT, to_spin

_MPII3D_FOLDER = "mpi_inf_3dhp"
_MPII3D_DIGITS = 10  # "000001.jpg"


@dataclass(frozen=True)
class Database:
    """The rows of a set.

    Parameters
    ----------
    form : SetFormat
    kind : "video_3d", "video_2d" or "image"
        What it is used as.
    root : Path
        Where its pictures' names begin.
    names : (N,) str
        Of its pictures.
    videos : (N,) str or None
    joints_2d : (N, 49, 3) or None
        Pixels and confidence; of insta also (N, 25, 3), as its makers have them.
    joints_3d : (N, 49, 4) or None
        Metres, camera space, and confidence.
    boxes : (N, 4) or None
        Centre and sides, pixels; None where pictures are crops already.
    pose : (N, 72) or None
        SMPL's, axis-angle; joint 0 turns SMPL space to camera space.
    betas : (N, 10) or None
    genders : (N,) str or None
        `m` or `f`.
    """

    form: SetFormat
    kind: Kind
    root: Path
    names: np.ndarray
    videos: np.ndarray | None
    joints_2d: np.ndarray | None
    joints_3d: np.ndarray | None
    boxes: np.ndarray | None
    pose: np.ndarray | None
    betas: np.ndarray | None
    genders: np.ndarray | None = None

    def __len__(self) -> int:
        return len(self.names)

    def picture(self, row: int) -> Path:
        """Return where the picture of a row is, or where it was last looked for."""
        return self._place(str(self.names[row]))

    def keypoints(self, row: int) -> np.ndarray:
        """Return 2D joints (49, 3), pixels and confidence; zeros where there are none."""
        if self.joints_2d is None:
            return np.zeros((SPIN_COUNT, 3), np.float32)
        points = np.asarray(self.joints_2d[row], np.float32)
        return to_spin(points, INSTA_25) if len(points) == len(INSTA_25) else points

    def joints(self, row: int) -> np.ndarray:
        """Return 3D joints (49, 4), metres and confidence; zeros where there are none."""
        if self.joints_3d is None:
            return np.zeros((SPIN_COUNT, 4), np.float32)
        return np.asarray(self.joints_3d[row], np.float32)

    def theta(self, row: int) -> np.ndarray:
        """Return camera, pose and betas (85,); the camera is (1, 0, 0), no loss looks at it."""
        theta = np.zeros(85, np.float32)
        theta[0] = 1
        if self.pose is not None and self.betas is not None:
            pose = np.asarray(self.pose[row])
            if pose.shape == ROTATION_MATRICES:
                pose = matrix_to_axis_angle(pose.astype(np.float64)).ravel()
            theta[3:75], theta[75:] = pose, self.betas[row]
        return theta

    @property
    def has_smpl(self) -> bool:
        """Whether SMPL's pose and shape are known; then of the whole set."""
        return self.pose is not None and self.betas is not None

    def _place(self, name: str) -> Path:
        found = [path for path in self._candidates(name) if path.exists()]
        return found[0] if found else self._candidates(name)[0]

    def _candidates(self, name: str) -> list[Path]:
        ways = [name]
        if _MPII3D_FOLDER in name and "test_set" not in name:
            ways.append(_as_extracted(name))
        # Names begin with the folder `data`, or inside it, or at the root of the machine.
        return [place / way for way in ways for place in (self.root.parent, self.root)]

    @cached_property
    def files(self) -> list[Path]:
        """Every picture once, in order."""
        return [self._place(name) for name in dict.fromkeys(map(str, self.names))]


def _as_extracted(name: str) -> str:
    """Return how the extraction of MPI-INF-3DHP names a picture that databases name otherwise.

    Only behind the set's folder: what stands before it is the user's own.
    """
    before, folder, after = name.rpartition(_MPII3D_FOLDER)
    after = f"{after[:-_MPII3D_DIGITS]}frame_{after[-_MPII3D_DIGITS:]}"
    return before + folder + after.replace("v", "V")


def open_database(root: Path, name: str, part: str, kind: Kind) -> Database:
    """Open `ROOT/database/NAME_PART_db.pt`.

    Parameters
    ----------
    root : Path
        The folder `data`.
    name : str
        One of `FORMATS`.
    part : str
        `train`, `val` or `test`.
    kind : "video_3d", "video_2d" or "image"

    Raises
    ------
    DatabaseError
        With all that is wrong with it, line by line.
    """
    if name not in FORMATS:
        raise DatabaseError(f"There is no set '{name}': known are {', '.join(FORMATS)}.")
    form, path = FORMATS[name], root / "database" / f"{name}_{part}_db.pt"
    table = read_table(path)
    wrong = _wrong_with(table, form, needed_keys(form, kind))
    if wrong:
        raise DatabaseError("\n".join(f"{path}: {each}" for each in wrong))
    pose = table.get("pose")
    return Database(
        form=form,
        kind=kind,
        root=root,
        names=table["img_name"],
        videos=table.get("vid_name") if form.videos else None,
        joints_2d=table.get("joints2D"),
        joints_3d=table.get("joints3D"),
        boxes=table["bbox"] if form.boxes else None,
        pose=pose,
        betas=table.get("shape"),
        genders=table.get("gender"),
    )


def _wrong_with(
    table: dict[str, np.ndarray], form: SetFormat, needed: tuple[str, ...]
) -> list[str]:
    """Return what is wrong with a table, a sentence each."""
    wrong = [f"it has no '{key}'." for key in needed if key not in table]
    if wrong:
        wrong[-1] += f" It has {', '.join(sorted(table)) or 'nothing'}."
        return wrong
    count = len(table["img_name"])
    if not count:
        return ["it is empty."]
    for key in ("img_name", "vid_name"):
        if key in table and (table[key].dtype.kind != "U" or table[key].ndim != 1):
            wrong.append(f"'{key}' holds no names.")
    for key, shape in ROW_SHAPES.items():
        if key not in table:
            continue
        array = table[key]
        if len(array) != count:
            wrong.append(f"'{key}' has {len(array)} rows, 'img_name' has {count}.")
        elif array.dtype.kind not in "fiu":
            wrong.append(f"'{key}' holds no numbers.")
        elif array.shape[1:] not in (shape, form.other_shapes.get(key, shape)):
            wrong.append(f"a row of '{key}' has the shape {array.shape[1:]}, not {shape}.")
        elif bad := _rows_without_numbers(array):
            wrong.append(f"'{key}' has {bad} rows with values that are not numbers.")
    if "vid_name" in table and len(table["vid_name"]) != count:
        wrong.append(f"'vid_name' has {len(table['vid_name'])} rows, 'img_name' has {count}.")
    if ("pose" in table) != ("shape" in table):
        wrong.append("it has one of 'pose' and 'shape' without the other.")
    if "bbox" in table and not wrong and not (table["bbox"][:, 2:] > 0).all():
        wrong.append("'bbox' has boxes without a size.")
    return wrong


def _rows_without_numbers(array: np.ndarray, step: int = 65536) -> int:
    """Count rows with NaN or infinity, a part at a time: the array may be larger than memory."""
    parts = (array[start : start + step] for start in range(0, len(array), step))
    return sum(int((~np.isfinite(part).reshape(len(part), -1).all(1)).sum()) for part in parts)

"""3DPW: `sequenceFiles/{train,validation,test}/*.pkl` and `imageFiles/SEQUENCE/image_00000.jpg`."""

from pathlib import Path
from typing import Any

import numpy as np
import torch

from core_model.errors import MocapError
from core_model.geometry.rotations import axis_angle_to_matrix, matrix_to_axis_angle
from core_model.lifting.crops import SQUARE_SCALE, smoothed_boxes
from core_model.storage.data_pickle import DataArray, DataUnpickler
from core_model.storage.unpickling import RefusedPickleError
from train.bodies.posed_points import H36M_14, PosedPoints, SpinJoints, open_body, smpl_files
from train.databases.pictures.joints import to_spin
from train.databases.preparation.joint_orders import COCO_18, LSP_14
from train.databases.preparation.tables import Rows, found, names_of

_PARTS = {"train": "train", "val": "validation", "test": "test"}
_SEEN = 0.3
_FEWEST_SEEN = 7
_AT_ONCE = 64  # frames whose meshes are in memory together


def prepare(root: Path, out: Path, own_body: bool = False) -> list[Path]:
    """Write the databases of the three parts.

    Joints in space are those of the neutral body with the true pose and betas, without translation,
    the root turned into the camera: SPIN's for training, Human3.6M's regressor's else.

    Parameters
    ----------
    root, out : Path
    own_body : bool
        Take the body that ships with the program, not `OUT/smpl_data/SMPL_NEUTRAL.pkl`.

    Raises
    ------
    MocapError
        When a file is missing or damaged.
    """
    joints = _Joints(out, own_body)
    written = []
    for part, folder in _PARTS.items():
        rows = Rows()
        paths = found((root / "sequenceFiles" / folder).glob("*.pkl"), f"pkl file of {folder}")
        for path in paths:
            sequence = _read(path)
            for person in range(len(sequence["poses"])):
                _add(rows, sequence, person, root, out, joints, regress=part != "train")
        written.append(rows.write(out, "3dpw", part))
    return written


class _Joints:
    """SPIN's set of joints (T, 49, 4) with the 14 that 3DPW is compared by."""

    def __init__(self, out: Path, own_body: bool) -> None:
        body, regressors = open_body(smpl_files(out / "smpl_data", own_body))
        device = torch.device("cpu")
        self._spin = SpinJoints(body, regressors, device)
        if regressors.h36m is None:
            raise MocapError(f"J_regressor_h36m.npy is needed in {out / 'smpl_data'}.")
        self._h36m = PosedPoints(body, regressors.h36m, device)

    def place(self, pose: np.ndarray, betas: np.ndarray, regress: bool) -> np.ndarray:
        placed = np.zeros((len(pose), 49, 4))
        for start in range(0, len(pose), _AT_ONCE):
            part = slice(start, start + _AT_ONCE)
            turned = axis_angle_to_matrix(pose[part].reshape(-1, 24, 3)).astype(np.float32)
            rotations = torch.from_numpy(turned)
            shape = torch.from_numpy(np.tile(betas, (len(turned), 1)).astype(np.float32))
            if regress:
                points = self._h36m.place(rotations, shape)[1].numpy()[:, H36M_14]
                placed[part, :, :3] = to_spin(points, LSP_14)
            else:
                placed[part, :, :3] = self._spin.place(rotations, shape).numpy()
        placed[:, 25:39, 3] = 1
        return placed


def _add(
    rows: Rows,
    sequence: dict[str, Any],
    person: int,
    root: Path,
    out: Path,
    joints: _Joints,
    regress: bool,
) -> None:
    pose = np.array(sequence["poses"][person], np.float64)
    keypoints = to_spin(np.array(sequence["poses2d"][person]).transpose(0, 2, 1), COCO_18)
    boxes, first = smoothed_boxes(keypoints)
    # Boxes go from the first frame to the last with a joint: all else is cut to the same frames.
    frames = np.arange(first, first + len(boxes))
    enough = (keypoints[frames, :, 2] > _SEEN).sum(axis=1) >= _FEWEST_SEEN
    frames, boxes = frames[enough], boxes[enough]
    if not len(frames):
        return
    cameras = np.array(sequence["cam_poses"], np.float64)[frames, :3, :3]
    pose = pose[frames]
    pose[:, :3] = matrix_to_axis_angle(cameras @ axis_angle_to_matrix(pose[:, :3]))
    betas = np.array(sequence["betas"][person], np.float64).ravel()[:10]
    side = SQUARE_SCALE * boxes[:, 2:]
    name = str(sequence["sequence"])
    pictures = [root / "imageFiles" / name / f"image_{frame:05d}.jpg" for frame in frames]
    rows.add(
        vid_name=f"{name}_{person}",
        frame_id=frames,
        img_name=names_of(pictures, out),
        joints2D=keypoints[frames],
        joints3D=joints.place(pose, betas, regress),
        shape=np.tile(betas, (len(frames), 1)),
        pose=pose,
        bbox=np.concatenate((boxes[:, :2], side, side), axis=1),
        gender=str(sequence["genders"][person]),
        valid=np.array(sequence["campose_valid"][person])[frames],
    )


def _read(path: Path) -> dict[str, Any]:
    try:
        content = _plain(DataUnpickler(path.read_bytes()).load())
        needed = {"sequence", "poses", "poses2d", "cam_poses", "betas", "campose_valid", "genders"}
        if not isinstance(content, dict) or not needed <= set(content):
            raise MocapError(f"{path} is no sequence of 3DPW.")
        return content
    except RefusedPickleError as error:
        raise MocapError(f"{path} asks for {error}; nothing of it was run.") from error
    except MocapError:
        raise
    # A damaged pickle can go wrong in any way.
    except Exception as error:
        raise MocapError(f"{path} is damaged.") from error


def _plain(value: Any) -> Any:
    """Return what was read as arrays, lists and texts; Python 2 wrote texts as bytes."""
    if isinstance(value, DataArray):
        return value.array if value.objects is None else [_plain(each) for each in value.objects]
    if isinstance(value, bytes):
        return value.decode("latin1")
    if isinstance(value, dict):
        return {_plain(key): _plain(each) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(each) for each in value]
    return value

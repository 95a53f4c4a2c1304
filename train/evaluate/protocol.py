"""The paper's protocol on 3DPW, Human3.6M and MPI-INF-3DHP.

Videos are cut into windows of 128 frames; a window is read as interleaved clips, of 16 or 64 frames
for example, and put together again. Joints are compared with the middle of the hips at zero.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from core_model.body.model import Body
from core_model.errors import MocapError
from core_model.geometry.rotations import axis_angle_to_matrix, rot6d_to_matrix
from core_model.geometry.weak_perspective import CROP_SIDE
from core_model.lifting.crops import normalised
from core_model.lifting.windows import CHUNK
from core_model.network import INTNetwork
from train.bodies.posed_points import H36M_14, PosedPoints, Regressors, SpinJoints
from train.databases.pictures.database import Database
from train.databases.pictures.joints import SPIN_COUNT
from train.databases.pictures.mixture import ValidationConfig
from train.distributed import Processes
from train.evaluate.video_scores import VideoResult
from train.losses.phase_losses import project
from train.phases.augmentation import CropDraw
from train.phases.chunks import chunks, interleaved, video_bounds
from train.phases.cut_out import cut_out_readable
from train.phases.overlays import overlays
from train.rendering.video_writing import video_writer

_HIPS = [2, 3]
_OVERLAY_SCALE, _FRAME_RATE, _CRF = 2, 30, 23


@dataclass(frozen=True)
class JointSet:
    """Which joints of a set are compared.

    Parameters
    ----------
    h36m : bool
        Whether predictions are joints of Human3.6M's regressor, or SPIN's.
    predicted : list of int
        Rows of that.
    true : list of int
        Rows of SPIN's set in the database.
    """

    h36m: bool
    predicted: list[int]
    true: list[int]


_SPIN_17 = [*range(25, 39), 39, 41, 43]
JOINT_SETS = {
    "3dpw": JointSet(True, H36M_14, list(range(25, 39))),
    "h36m": JointSet(True, [*H36M_14[:13], 0, 7, 9, 10], [*range(25, 38), 39, 41, 42, 43]),
    "mpii3d": JointSet(False, _SPIN_17, _SPIN_17),
}


def evaluate(
    network: INTNetwork,
    database: Database,
    body: tuple[Body, Regressors],
    settings: ValidationConfig,
    processes: Processes,
    tick: Callable[[], None] = lambda: None,
    overlay_folder: Path | None = None,
    gendered: Mapping[str, Body] | None = None,
) -> list[VideoResult]:
    """Read every video of a set; each process reads its share, rank 0 gets all.

    Parameters
    ----------
    network : INTNetwork
    database : Database
    body : (Body, Regressors)
    settings : ValidationConfig
    processes : Processes
    tick : callable
        Called after each window.
    overlay_folder : Path, optional
        Where to write a video for each of the set's, of the crops with what is said and what is
        true drawn on them.
    gendered : mapping of str to Body, optional
        Bodies of `m` and `f`. Then the truth is the body of each person's own gender in the pose
        and shape of the database, its joints by the set's regressor; otherwise the joints are those
        of the database, and vertices those of the neutral body, as in the reference.

    Returns
    -------
    list of VideoResult
        In the order of the set; in every process.

    Raises
    ------
    MocapError
        When the body has no regressor that the set needs, or the clips do not fill a window.
    """
    name = database.form.name
    if name not in JOINT_SETS:
        raise MocapError(f"There is no protocol for {name}: known are {', '.join(JOINT_SETS)}.")
    if settings.clip_length < 1 or CHUNK % settings.clip_length:
        raise MocapError(f"Clips of {settings.clip_length} frames do not fill {CHUNK} frames.")
    if gendered is not None and (database.genders is None or not JOINT_SETS[name].h36m):
        raise MocapError(
            f"The database of {name} does not say who is a woman and who a man: that of 3dpw does "
            "after python -m train.databases prepare."
        )
    reader = _Reader(network, body, JOINT_SETS[name], settings, overlay_folder, gendered or {})
    assert database.videos is not None
    bounds = video_bounds(database.videos)
    was_training = network.training
    network.eval()
    found = [
        (number, reader.video(database, first, end, tick))
        for number, (first, end) in enumerate(bounds)
        if number % processes.size == processes.rank
    ]
    network.train(was_training)
    gathered = [each for part in processes.gather(found) for each in part]
    return [result for _, result in sorted(gathered, key=lambda each: each[0])]


class _Reader:
    """Reads videos with a network."""

    def __init__(
        self,
        network: INTNetwork,
        body: tuple[Body, Regressors],
        joints: JointSet,
        settings: ValidationConfig,
        overlay_folder: Path | None,
        gendered: Mapping[str, Body],
    ) -> None:
        self._network, self._set, self._settings = network, joints, settings
        self._overlay_folder = overlay_folder
        self._device = network.norm.weight.device
        self._mesh = PosedPoints(body[0], None, self._device)
        self._gendered = {
            gender: PosedPoints(each, None, self._device) for gender, each in gendered.items()
        }
        self._spin = SpinJoints(*body, self._device)
        regressor = body[1].h36m
        if joints.h36m and regressor is None:
            raise MocapError("J_regressor_h36m.npy is needed for this set: body.h36m_joints.")
        self._h36m = (
            None
            if regressor is None
            else torch.from_numpy(regressor.astype(np.float32)).to(self._device)
        )

    def video(
        self, database: Database, first: int, end: int, tick: Callable[[], None]
    ) -> VideoResult:
        """Read rows `first` to `end` of a set."""
        assert database.videos is not None
        name = str(database.videos[first])
        parts: list[tuple[np.ndarray, np.ndarray, np.ndarray]] = []
        unreadable = 0
        with self._overlays(name) as show:
            for frames, kept in zip(*chunks(end - first, CHUNK), strict=True):
                rows = first + frames
                cut, read = cut_out_readable(database, rows, CropDraw(self._settings.scale))
                joints, vertices, flat = self._window(torch.from_numpy(cut.crops))
                true, errors = self._truth(database, rows, vertices)
                unreadable += int((kept & ~read).sum())
                chosen = kept & read
                parts.append((joints[chosen], _centred(true)[chosen], errors[chosen]))
                if show is not None:
                    keypoints = cut.keypoints.copy()
                    keypoints[..., :2] = 2 * keypoints[..., :2] / CROP_SIDE - 1
                    drawn = (cut.crops[chosen], flat[chosen], keypoints[chosen])
                    for picture in overlays(*drawn, scale=_OVERLAY_SCALE):
                        show(picture)
                tick()
        said, truth, errors = map(np.concatenate, zip(*parts, strict=True))
        return VideoResult(name, said, truth, errors, unreadable)

    @contextmanager
    def _overlays(self, name: str) -> Iterator[Callable[[np.ndarray], None] | None]:
        if self._overlay_folder is None:
            yield None
            return
        self._overlay_folder.mkdir(parents=True, exist_ok=True)
        file = "".join(each if each.isalnum() or each in "-_" else "_" for each in name)
        with video_writer(self._overlay_folder / f"{file}.mp4", _FRAME_RATE, _CRF) as show:
            yield show

    @torch.no_grad()
    def _truth(
        self, database: Database, rows: np.ndarray, vertices: Tensor
    ) -> tuple[np.ndarray, np.ndarray]:
        """Return true joints (128, J, 3), and how far off vertices (128, V, 3) are, (128,)."""
        joints = np.stack([database.joints(row) for row in rows.tolist()])[:, self._set.true, :3]
        errors = np.full(CHUNK, np.nan, np.float32)
        if not database.has_smpl or database.form.name == "mpii3d":
            return joints, errors
        mesh = self._mesh
        if self._gendered:
            assert database.genders is not None
            mesh = self._gendered[str(database.genders[rows[0]])]
        theta = np.stack([database.theta(row) for row in rows.tolist()])
        for part in _parts(CHUNK, 32):
            given = torch.from_numpy(theta[part]).to(self._device)
            pose = axis_angle_to_matrix(given[:, 3:75].reshape(-1, 24, 3))
            _, true = mesh.place(pose, given[:, 75:])
            errors[part] = (vertices[part] - true).norm(dim=-1).mean(-1).cpu().numpy()
            if self._gendered:
                joints[part] = self._regressed(true).cpu().numpy()
        return joints, errors

    def _regressed(self, vertices: Tensor) -> Tensor:
        assert self._h36m is not None
        return (self._h36m @ vertices)[:, self._set.predicted]

    @torch.no_grad()
    def _window(self, crops: Tensor) -> tuple[np.ndarray, Tensor, np.ndarray]:
        """Return joints (128, J, 3), vertices (128, V, 3) and keypoints (128, 49, 2) of a window.

        Keypoints are on the crop, -1 to 1.
        """
        places = interleaved(CHUNK, self._settings.clip_length)
        output = self._network(normalised(crops.to(self._device))[torch.from_numpy(places)])
        order = np.argsort(places.ravel())
        rotations = rot6d_to_matrix(output.rot6d.float()).flatten(0, 1)[order]
        betas = output.betas.float().flatten(0, 1)[order]
        camera = output.camera.float().flatten(0, 1)[order]
        joints = np.empty((CHUNK, len(self._set.predicted), 3), np.float32)
        keypoints = np.empty((CHUNK, SPIN_COUNT, 2), np.float32)
        meshes = []
        for part in _parts(CHUNK, 32):
            meshes.append(self._mesh.place(rotations[part], betas[part])[1])
            spin = self._spin.place(rotations[part], betas[part])
            placed = self._regressed(meshes[-1]) if self._set.h36m else spin[:, self._set.predicted]
            joints[part] = placed.cpu().numpy()
            keypoints[part] = project(spin, camera[part]).cpu().numpy()
        return _centred(joints), torch.cat(meshes), keypoints


def _centred(joints: np.ndarray) -> np.ndarray:
    return joints - joints[:, _HIPS].mean(axis=1, keepdims=True)


def _parts(count: int, step: int) -> Iterator[slice]:
    return (slice(start, start + step) for start in range(0, count, step))

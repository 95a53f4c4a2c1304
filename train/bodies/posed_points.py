"""SPIN's 49 joints, or others, on a body that the network poses; of its mesh only their part."""

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from core_model.body.landmarks import LANDMARK_INDEX
from core_model.body.model import Body, default_body, load_body
from core_model.body.skeleton import JOINT_INDEX, forward_kinematics
from core_model.errors import AssetError

# fmt: off
PICKED = (332, 6260, 2800, 4071, 583, 3216, 3226, 3387, 6617, 6624, 6787,
           2746, 2319, 2445, 2556, 2673, 6191, 5782, 5905, 6016, 6133)
"""Vertices of SMPL: nose, eyes, ears, toes and heels, finger tips; right eye and ear first."""

_SPIN_OF_54 = (24, 12, 17, 19, 21, 16, 18, 20, 0, 2, 5, 8, 1, 4, 7,
               25, 26, 27, 28, 29, 30, 31, 32, 33, 34,
               8, 5, 45, 46, 4, 7, 21, 19, 17, 16, 18, 20, 47, 48, 49, 50, 51, 52, 53,
               24, 26, 25, 28, 27)
"""SPIN's joints among 24 joints, 21 picked vertices and 9 extra joints."""
# fmt: on
H36M_14 = [6, 5, 4, 1, 2, 3, 16, 15, 14, 11, 12, 13, 8, 10]
"""LSP's 14 joints among those of Human3.6M's regressor."""

_EXTRA_COUNT = 9
_H36M_COUNT = 17


@dataclass(frozen=True)
class BodyConfig:
    """The body whose joints the losses compare; none given: the one that ships with the program.

    Parameters
    ----------
    model : str or None
        SMPL_NEUTRAL.pkl.
    extra_joints : str or None
        J_regressor_extra.npy, which belongs to it.
    h36m_joints : str or None
        J_regressor_h36m.npy, for the evaluation on 3dpw and h36m.
    """

    model: str | None = None
    extra_joints: str | None = None
    h36m_joints: str | None = None


@dataclass(frozen=True)
class Regressors:
    """Where joints are on a body.

    Parameters
    ----------
    extra : (30, V)
        Picked and extra points of SPIN's set as weighted sums of vertices.
    h36m : (17, V) or None
        Joints of Human3.6M.
    """

    extra: np.ndarray
    h36m: np.ndarray | None


class PosedPoints:
    """Joints and other points of a body, posed by rotations; differentiable.

    Parameters
    ----------
    body : Body
    regressor : (P, V) or None
        Points as weighted sums of vertices; None: the vertices themselves.
    device : torch.device
    """

    def __init__(self, body: Body, regressor: np.ndarray | None, device: torch.device) -> None:
        def tensor(array: np.ndarray) -> Tensor:
            return torch.from_numpy(np.ascontiguousarray(array, np.float32)).to(device)

        every = np.arange(len(body.v_template))
        used = every if regressor is None else np.flatnonzero(regressor.any(axis=0))
        self.regressor = None if regressor is None else tensor(regressor[:, used])
        self.vertices, self.shapes = tensor(body.v_template[used]), tensor(body.shapedirs[used])
        self.weights = tensor(body.weights[used])
        self.corrections = None if body.posedirs is None else tensor(body.posedirs[used])
        self.joints = tensor(body.rest_joints(np.zeros(10)))
        self.joint_shapes = tensor(body.joint_shapedirs)

    def place(self, rotations: Tensor, betas: Tensor) -> tuple[Tensor, Tensor]:
        """Pose bodies.

        Parameters
        ----------
        rotations : (F, 24, 3, 3)
        betas : (F, 10)

        Returns
        -------
        joints : (F, 24, 3)
            Metres, in the frame that joint 0 turns to.
        points : (F, P, 3)
        """
        rest = self.joints + torch.einsum("jcb,fb->fjc", self.joint_shapes, betas)
        joints, turned = forward_kinematics(rotations, rest)
        vertices = self.vertices + torch.einsum("vcb,fb->fvc", self.shapes, betas)
        if self.corrections is not None:
            bends = (rotations[:, 1:] - torch.eye(3, device=rotations.device)).flatten(1)
            vertices = vertices + torch.einsum("vcp,fp->fvc", self.corrections, bends)
        moved = joints - (turned @ rest[..., None])[..., 0]
        blended = torch.einsum("vj,fjab->fvab", self.weights, turned)
        posed = (blended @ vertices[..., None])[..., 0] + self.weights @ moved
        return joints, posed if self.regressor is None else self.regressor @ posed


class SpinJoints:
    """SPIN's 49 joints of posed bodies."""

    def __init__(self, body: Body, regressors: Regressors, device: torch.device) -> None:
        self.points = PosedPoints(body, regressors.extra, device)

    def place(self, rotations: Tensor, betas: Tensor) -> Tensor:
        """Return the joints (F, 49, 3), metres, for rotations (F, 24, 3, 3) and betas (F, 10)."""
        return torch.cat(self.points.place(rotations, betas), dim=1)[:, list(_SPIN_OF_54)]


def open_body(config: BodyConfig) -> tuple[Body, Regressors]:
    """Read the body and where its joints are.

    Raises
    ------
    AssetError
        When a file is missing or does not belong to the body.
    """
    if config.model is None:
        body = default_body()
        return body, Regressors(_own_extra(body), _own_h36m(body))
    body = load_body(config.model)
    vertices = len(body.v_template)
    if vertices <= max(PICKED):
        raise AssetError(f"{config.model} is not SMPL's mesh: it has {vertices} vertices.")
    if config.extra_joints is None:
        raise AssetError("SMPL's mesh needs J_regressor_extra.npy: name it as body.extra_joints.")
    extra = read_regressor(config.extra_joints, _EXTRA_COUNT, vertices)
    h36m = config.h36m_joints
    return body, Regressors(
        np.concatenate((np.eye(vertices)[list(PICKED)], extra)),
        None if h36m is None else read_regressor(h36m, _H36M_COUNT, vertices),
    )


def smpl_files(folder: Path, own: bool = False) -> BodyConfig:
    """Return the files of SMPL's neutral body in a folder, or, if wanted, that of this program.

    Raises
    ------
    AssetError
        When SMPL is not there.
    """
    if own:
        return BodyConfig()
    files = BodyConfig(
        str(folder / "SMPL_NEUTRAL.pkl"),
        str(folder / "J_regressor_extra.npy"),
        str(folder / "J_regressor_h36m.npy"),
    )
    if not (folder / "SMPL_NEUTRAL.pkl").exists():
        raise AssetError(
            f"There is no SMPL_NEUTRAL.pkl in {folder}, by which the sets are measured. It is free "
            "for research at smpl.is.tue.mpg.de. Sets that this project made itself are measured "
            "with --own-body."
        )
    if not (folder / "J_regressor_h36m.npy").exists():
        return replace(files, h36m_joints=None)
    return files


def gendered_bodies(folder: Path, own: bool = False) -> dict[str, Body]:
    """Read SMPL's bodies of `m` and `f` in a folder, or, if wanted, take that of this program.

    Raises
    ------
    AssetError
        When one is missing or damaged.
    """
    if own:
        return dict.fromkeys("mf", default_body())
    names = {"m": "SMPL_MALE.pkl", "f": "SMPL_FEMALE.pkl"}
    return {gender: load_body(folder / name) for gender, name in names.items()}


def read_regressor(path: str | Path, count: int, vertices: int) -> np.ndarray:
    """Read a regressor (count, vertices).

    Raises
    ------
    AssetError
        When it is missing, damaged or of another shape.
    """
    try:
        array = np.load(path, allow_pickle=False)
    except OSError as error:
        raise AssetError(f"There is no regressor of joints at {path}.") from error
    except ValueError as error:
        raise AssetError(f"{path} is damaged or no array of numpy.") from error
    if not isinstance(array, np.ndarray) or array.shape != (count, vertices):
        raise AssetError(f"{path} is no regressor of {count} joints on {vertices} vertices.")
    return array.astype(np.float64)


def _own_extra(body: Body) -> np.ndarray:
    """Return SPIN's points (30, V) on our own body, as near as it knows them.

    Small toes are put beside the big ones, and the points of other data sets on the joints and
    landmarks that they are named after: for data that this project makes itself.
    """
    landmarks, joints = body.landmark_regressor, body.J_regressor
    tips = body.fingertip_regressor
    assert landmarks is not None and tips is not None
    at = {name: landmarks[index] for name, index in LANDMARK_INDEX.items()}
    joint = {name: joints[index] for name, index in JOINT_INDEX.items()}
    shoulders = (joint["left_shoulder"] + joint["right_shoulder"]) / 2
    top = np.eye(len(body.v_template))[int(body.v_template[:, 1].argmax())]
    face = [at["nose"], at["right_eye"], at["left_eye"], at["right_ear"], at["left_ear"]]
    feet = [
        point
        for side in ("left", "right")
        for point in (at[f"{side}_foot_index"], at[f"{side}_foot_index"], at[f"{side}_heel"])
    ]
    # Right hip, left hip, neck, top of the head; pelvis, thorax; spine, jaw, head.
    others = [joint["right_hip"], joint["left_hip"], shoulders, top, joint["pelvis"], shoulders]
    others += [joint["spine2"], (at["mouth_left"] + at["mouth_right"]) / 2, joint["head"]]
    return np.stack((*face, *feet, *tips, *others))


def _own_h36m(body: Body) -> np.ndarray:
    """Return Human3.6M's joints (17, V) on our own body, likewise."""
    extra = _own_extra(body)
    joint = {name: body.J_regressor[index] for name, index in JOINT_INDEX.items()}
    legs, arms = (
        [joint[f"{side}_{part}"] for side in ("left", "right") for part in parts]
        for parts in (("hip", "knee", "ankle"), ("shoulder", "elbow", "wrist"))
    )
    jaw, head = extra[-2], extra[-1]
    return np.stack((joint["pelvis"], *legs, joint["spine2"], joint["neck"], jaw, head, *arms))

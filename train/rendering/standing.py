"""Put captured motion on a body of another size so that its feet stand on the floor and stay there.

Motion capture moves a skeleton with legs of its own length; the same rotations on our body would
slide and hover. Root and legs are changed as little as it takes (a least-squares fit over the whole
clip): soles that stand are at the height of the floor and do not move, nothing sinks in, and what
was changed changes smoothly.

All in SMPL space: Y up, the floor at Y = 0, metres.
"""

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from core_model.body.model import Body
from core_model.body.skeleton import JOINT_COUNT, JOINT_INDEX, forward_kinematics
from core_model.geometry.rotations import Array, matrix_to_rot6d, rot6d_to_matrix

_LEGS = [
    JOINT_INDEX[f"{side}_{part}"]
    for side in ("left", "right")
    for part in ("hip", "knee", "ankle", "foot")
]
_LOW, _SLOW = 0.035, 0.4  # metres above the floor, metres per second: a sole that stands
_SHORTEST = 3  # frames of a contact
_PLANTED, _ON_FLOOR, _SUNK = 0.0003, 0.001, 0.003  # metres that these may be off
_TURNED = float(np.radians(4.0))  # of a leg's joint
_JERKED = float(np.radians(0.6))  # the same, its second difference over frames
_SHIFTED, _SHAKEN = 0.05, 0.001  # metres: of the root; the same, its second difference
_RADIUS = {"wrist": 0.03, "elbow": 0.04, "knee": 0.05, "head": 0.12, "pelvis": 0.11, "hand": 0.02}
"""How far other parts of the body reach below their joints, metres."""

_ITERATIONS = 400


@dataclass(frozen=True)
class Motion:
    """Motion of one person on no particular body.

    Parameters
    ----------
    rotations : (T, 24, 3, 3)
        Local; joint 0 turns SMPL space to a Y-up world.
    hips : (T, 3)
        The middle between the hip joints, metres; the floor is wherever the feet are.
    leg : float
        Length of thigh and shin of whoever moved, metres.
    """

    rotations: np.ndarray
    hips: np.ndarray
    leg: float


def stand_on_floor(
    motion: Motion, body: Body, betas: np.ndarray, frame_rate: float
) -> tuple[np.ndarray, np.ndarray]:
    """Fit a motion to a body.

    Parameters
    ----------
    motion : Motion
    body : Body
    betas : (10,)
    frame_rate : float
        Frames per second.

    Returns
    -------
    rotations : (T, 24, 3, 3)
    pelvis : (T, 3)
        Place of joint 0, metres.
    """
    rest = body.rest_joints(betas)
    left, knee, ankle = (JOINT_INDEX[f"left_{part}"] for part in ("hip", "knee", "ankle"))
    own_leg = np.linalg.norm(rest[knee] - rest[left]) + np.linalg.norm(rest[ankle] - rest[knee])
    joints, turned = forward_kinematics(motion.rotations, rest)
    joints = joints - joints[:, :1]
    hips = joints[:, [JOINT_INDEX["left_hip"], JOINT_INDEX["right_hip"]]].mean(axis=1)
    pelvis = motion.hips * (own_leg / motion.leg) - hips
    carriers, offsets = sole_points(body, betas)
    soles = _placed(joints, turned, carriers, offsets) + pelvis[:, None]
    pelvis[:, 1] -= np.percentile(soles[..., 1].min(axis=1), 10)
    soles = _placed(joints, turned, carriers, offsets) + pelvis[:, None]
    standing = standing_points(soles, frame_rate)
    return _fitted(motion.rotations, pelvis, rest, carriers, offsets, standing)


def sole_points(body: Body, betas: np.ndarray) -> tuple[list[int], np.ndarray]:
    """Return points under heel, ball and toes of both feet.

    Returns
    -------
    carriers : list of int
        The joint that each of the 6 points moves with.
    offsets : (6, 3)
        From that joint at rest, metres.
    """
    rest, vertices = body.rest_joints(betas), body.rest_vertices(betas)
    floor = vertices[:, 1].min()
    owner = body.weights.argmax(axis=1)
    carriers, offsets = [], []
    for side in ("left", "right"):
        ankle, ball = JOINT_INDEX[f"{side}_ankle"], JOINT_INDEX[f"{side}_foot"]
        under = vertices[np.isin(owner, (ankle, ball)) & (vertices[:, 1] < floor + 0.012)]
        heel, toe = under[under[:, 2].argmin()], under[under[:, 2].argmax()]
        for carrier, place in ((ankle, heel), (ankle, rest[ball]), (ball, toe)):
            carriers.append(carrier)
            offsets.append(np.array([place[0], floor, place[2]]) - rest[carrier])
    return carriers, np.array(offsets)


def standing_points(points: np.ndarray, frame_rate: float) -> np.ndarray:
    """Tell which points (T, N, 3) stand on the floor at Y = 0: (T, N) bool."""
    speed = np.linalg.norm(np.gradient(points, axis=0), axis=-1) * frame_rate
    standing = (points[..., 1] < _LOW) & (speed < _SLOW)
    for column in standing.T:
        for start, end in _spells(~column):
            if start > 0 and end < len(column) and end - start < _SHORTEST:
                column[start:end] = True
        for start, end in _spells(column):
            if end - start < _SHORTEST:
                column[start:end] = False
    return standing


def _spells(flags: np.ndarray) -> list[tuple[int, int]]:
    edges = np.flatnonzero(np.diff(np.concatenate(([0], flags.astype(int), [0]))))
    return [(int(start), int(end)) for start, end in edges.reshape(-1, 2)]


def _placed(joints: Array, turned: Array, carriers: list[int], offsets: Array) -> Array:
    return joints[..., carriers, :] + (turned[..., carriers, :, :] @ offsets[..., None])[..., 0]


def _fitted(
    rotations: np.ndarray,
    pelvis: np.ndarray,
    rest: np.ndarray,
    carriers: list[int],
    offsets: np.ndarray,
    standing: np.ndarray,
) -> tuple[np.ndarray, np.ndarray]:
    def tensor(array: np.ndarray) -> Tensor:
        return torch.from_numpy(np.ascontiguousarray(array, np.float64))

    frames = len(rotations)
    start, place, bones = tensor(rotations), tensor(pelvis), tensor(rest)
    start_6d, points = matrix_to_rot6d(start), tensor(offsets)
    turns = torch.zeros(frames, len(_LEGS), 6, dtype=torch.float64, requires_grad=True)
    shift = torch.zeros(frames, 3, dtype=torch.float64, requires_grad=True)
    contact = torch.from_numpy(standing)
    spells = [
        (point, slice(*spell))
        for point in range(standing.shape[1])
        for spell in _spells(standing[:, point])
    ]
    bodies = [
        (joint, radius)
        for name, joint in JOINT_INDEX.items()
        if (radius := _RADIUS.get(name.rpartition("_")[2]))
    ]
    thick = [joint for joint, _ in bodies]
    radii = tensor(np.array([radius for _, radius in bodies]))

    def pose() -> tuple[Tensor, Tensor, Tensor]:
        six = start_6d.clone()
        six[:, _LEGS] = six[:, _LEGS] + turns
        matrices = rot6d_to_matrix(six)
        joints, turned = forward_kinematics(matrices, bones)
        joints = joints - joints[:, :1] + (place + shift)[:, None]
        return matrices, joints, _placed(joints, turned, carriers, points)

    optimizer = torch.optim.LBFGS(
        [turns, shift], max_iter=_ITERATIONS, history_size=30, line_search_fn="strong_wolfe"
    )

    def loss() -> Tensor:
        optimizer.zero_grad()
        _, joints, soles = pose()
        total = (turns / _TURNED).square().sum() + (shift / _SHIFTED).square().sum()
        total = total + (torch.diff(turns, n=2, dim=0) / _JERKED).square().sum()
        total = total + (torch.diff(shift, n=2, dim=0) / _SHAKEN).square().sum()
        total = total + (soles[..., 1][contact] / _ON_FLOOR).square().sum()
        total = total + (soles[..., 1].clamp(max=0) / _SUNK).square().sum()
        low = joints[:, thick, 1] - radii
        total = total + (low.clamp(max=0) / _SUNK).square().sum()
        for point, spell in spells:
            flat = soles[spell, point][:, [0, 2]]
            total = total + (torch.diff(flat, dim=0) / _PLANTED).square().sum()
        total.backward()
        return total

    optimizer.step(loss)
    with torch.no_grad():
        matrices, joints, _ = pose()
    return matrices.numpy().reshape(frames, JOINT_COUNT, 3, 3), joints[:, 0].numpy()

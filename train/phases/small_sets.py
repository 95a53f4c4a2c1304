"""Small databases of all nine sets, made from nothing: our own body drawn before plain grounds.

Whoever has none of the real sets can run every step of training on them.
"""

from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import torch

from core_model.body.model import Body
from core_model.body.skeleton import JOINT_COUNT, SMPL_TO_CAMERA
from core_model.geometry.rotations import axis_angle_to_matrix, matrix_to_axis_angle
from train.bodies.posed_points import BodyConfig, PosedPoints, SpinJoints, open_body
from train.databases.pictures.database_file import write_table
from train.databases.pictures.formats import FORMATS, SetFormat

_SIZE = 256
"""Pixels along the sides of the pictures."""

_FOCAL = 600.0
_SWING = 0.35
"""Radians, deviation of a joint's swing."""

_BOX = 1.1
_HELD_OUT = {"3dpw": "test", "h36m": "val", "mpii3d": "test"}


@dataclass(frozen=True)
class _Motion:
    """A made-up motion: axis-angle (T, 24, 3), betas (10,), place before the camera (3,)."""

    poses: np.ndarray
    betas: np.ndarray
    place: np.ndarray


def write_small_sets(root: Path, frames: int, videos: int = 2, seed: int = 0) -> None:
    """Write `root/database/NAME_train_db.pt` of all nine sets, those to validate on, and pictures.

    Parameters
    ----------
    root : Path
        The folder `data`.
    frames : int
        Of each video; sets of images have as many pictures.
    videos : int
        Of each set of videos.
    seed : int
    """
    body, regressors = open_body(BodyConfig())
    device = torch.device("cpu")
    mesh, joints = PosedPoints(body, None, device), SpinJoints(body, regressors, device)
    for number, form in enumerate(FORMATS.values()):
        for part in ("train", _HELD_OUT.get(form.name)):
            if part is None:
                continue
            random = np.random.default_rng((seed, number, part != "train"))
            count = videos if form.videos else 1
            table = _made(form, root, part, frames, count, body, mesh, joints, random)
            write_table(root / "database" / f"{form.name}_{part}_db.pt", table)


def _made(
    form: SetFormat,
    root: Path,
    part: str,
    frames: int,
    videos: int,
    body: Body,
    mesh: PosedPoints,
    joints: SpinJoints,
    random: np.random.Generator,
) -> dict[str, np.ndarray]:
    rows: dict[str, list[np.ndarray]] = {}
    names: list[str] = []
    for video in range(videos):
        motion = _motion(frames, random, still=not form.videos)
        rotations = torch.from_numpy(axis_angle_to_matrix(motion.poses).astype(np.float32))
        betas = torch.from_numpy(np.tile(motion.betas, (frames, 1)).astype(np.float32))
        _, vertices = mesh.place(rotations, betas)
        placed = joints.place(rotations, betas).numpy()
        folder = f"{part}_{video}"
        for frame in range(frames):
            path = root / form.name / folder / f"{frame:06d}.jpg"
            path.parent.mkdir(parents=True, exist_ok=True)
            points = vertices[frame].numpy() + motion.place
            cv2.imwrite(str(path), _drawn(points, body.faces, random))
            names.append(path.relative_to(root.parent).as_posix())
        flat = _projected(placed + motion.place)
        ones = np.ones((*flat.shape[:2], 1))
        low, high = flat.min(axis=1), flat.max(axis=1)
        side = _BOX * (high - low).max(axis=-1, keepdims=True)
        new = {
            "joints2D": np.concatenate((flat, ones), -1),
            "bbox": np.concatenate(((low + high) / 2, side, side), -1),
            "vid_name": np.full(frames, f"{form.name}_{folder}"),
            "frame_id": np.arange(frames),
        }
        if form.true_3d:
            new |= {
                "joints3D": np.concatenate((placed, ones), -1),
                "pose": motion.poses.reshape(frames, 72),
                "shape": np.tile(motion.betas, (frames, 1)),
            }
        for key, values in new.items():
            rows.setdefault(key, []).append(values)
    table = {key: np.concatenate(values) for key, values in rows.items()}
    if not form.videos:
        del table["vid_name"], table["frame_id"]
    if not form.boxes:
        del table["bbox"]
    return table | {"img_name": np.array(names)}


def _motion(frames: int, random: np.random.Generator, still: bool) -> _Motion:
    """Let every joint swing; joint 0 turns SMPL space to camera space."""
    phase = random.uniform(0, 2 * np.pi, (JOINT_COUNT, 1))
    axes = _SWING * random.normal(size=(JOINT_COUNT, 3))
    if still:
        swing = random.normal(size=(frames, JOINT_COUNT, 1))
    else:
        swing = np.sin(np.arange(frames)[:, None, None] / 12 + phase)
    poses = swing * axes
    yaw = random.uniform(-1, 1) + (random.uniform(-1, 1, frames) if still else np.zeros(frames))
    turn = axis_angle_to_matrix(np.stack((0 * yaw, yaw, 0 * yaw), -1))
    poses[:, 0] = matrix_to_axis_angle(SMPL_TO_CAMERA @ turn)
    return _Motion(poses, 0.5 * random.normal(size=10), np.array([0, 0.2, 3.0]))


def _projected(points: np.ndarray) -> np.ndarray:
    """Return pixels (..., 2) of points (..., 3) in camera space, metres."""
    return _FOCAL / 2 * points[..., :2] / points[..., 2:] + _SIZE / 2


def _drawn(vertices: np.ndarray, faces: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """Draw a mesh (V, 3) with flat shading, far faces first; (256, 256, 3) uint8."""
    corners = vertices[faces]
    normals = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    normals /= np.linalg.norm(normals, axis=1, keepdims=True) + 1e-12
    order = np.argsort(-corners[..., 2].mean(axis=1))
    order = order[normals[order, 2] < 0]
    pixels = np.round(8 * _projected(corners)).astype(np.int32)
    image = np.full((_SIZE, _SIZE, 3), random.integers(30, 226, 3), np.uint8)
    light = np.array([-0.4, -0.6, -0.7])
    shade = 60 + 180 * np.clip(normals @ light, 0, 1)
    for face in order:
        grey = float(shade[face])
        cv2.fillConvexPoly(image, pixels[face], (grey, 0.9 * grey, 0.8 * grey), shift=3)
    return image

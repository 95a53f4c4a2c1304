"""Files of systems that know people in the world."""

import json
from collections import defaultdict
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from core_model.body.model import default_body
from core_model.geometry.rotations import axis_angle_to_matrix
from tests.core_model.results.joblib_writer import write_joblib
from tests.core_model.results.seen import (
    FRAMES,
    FROM_CAMERA,
    FROM_Y_UP,
    HEIGHT,
    WIDTH,
    Sample,
    bare,
    seen,
)


def gvhmr(folder: Path) -> Sample:
    torch = pytest.importorskip("torch")
    one = seen(FROM_Y_UP)
    parameters = {
        "body_pose": one.poses[:, 3:66],
        "betas": one.many(),
        "global_orient": one.poses[:, :3],
        "transl": one.transl,
    }
    tensors = {name: torch.tensor(each).float() for name, each in parameters.items()}
    content = {
        "smpl_params_global": tensors,
        "smpl_params_incam": {name: torch.zeros_like(each) for name, each in tensors.items()},
        "K_fullimg": torch.eye(3).expand(FRAMES, 3, 3),
        "net_outputs": {"static_conf_logits": torch.zeros(1, FRAMES, 6)},
    }
    torch.save(content, folder / "hmr4d_results.pt")
    return Sample(folder / "hmr4d_results.pt", [(bare(one), np.arange(FRAMES))], FROM_Y_UP)


def wham(folder: Path) -> Sample:
    content: dict[Any, dict[str, Any]] = defaultdict(dict)
    people = []
    for number, rows in ((0, np.arange(FRAMES)), (3, np.r_[5:20, 26:40])):
        one = seen(FROM_Y_UP, seed=number)[rows]
        content[np.int64(number)] = {
            "pose": one.poses,
            "trans": np.zeros((len(one), 3)),
            "pose_world": one.poses.astype(np.float32),
            "trans_world": one.pelvis,
            "betas": one.many(),
            "verts": np.zeros((len(one), 20, 3), np.float32),
            "frame_ids": rows,
        }
        people.append((one, rows))
    return Sample(write_joblib(folder / "wham_output.pkl", content), people, FROM_Y_UP)


def tram(folder: Path) -> Sample:
    """The camera turns, pitches and walks; everybody is given before it."""
    torch = pytest.importorskip("torch")
    (folder / "hps").mkdir()
    angle = np.linspace(0, 0.7, FRAMES)
    turns = axis_angle_to_matrix(np.stack((0.2 + 0 * angle, angle, 0 * angle), axis=1))
    turns = turns @ np.diag([1.0, -1.0, -1.0])
    shifts = np.stack((angle, 1.5 + 0 * angle, 5 - angle), axis=1)
    people = []
    for number, rows in ((0, np.arange(FRAMES)), (1, np.arange(12, 40))):
        world = seen(FROM_Y_UP, number, (1.5 * number, 0, 0))[rows]
        rest = default_body().rest_joints(world.betas)[0]
        inverse = np.swapaxes(turns[rows], 1, 2)
        rotations = world.matrices
        rotations[:, 0] = inverse @ rotations[:, 0]
        places = np.einsum("fab,fb->fa", inverse, world.pelvis - shifts[rows]) - rest
        track = {
            "pred_cam": torch.zeros(len(rows), 3),
            "pred_pose": torch.zeros(len(rows), 144),
            "pred_shape": torch.tensor(world.many()).float(),
            "pred_rotmat": torch.tensor(rotations).float(),
            "pred_trans": torch.tensor(places[:, None]).float(),
            "frame": torch.tensor(rows),
        }
        np.save(folder / "hps" / f"hps_track_{number}.npy", np.array(track, dtype=object))
        people.append((world, rows))
    camera = {
        "pred_cam_R": np.tile(np.eye(3), (FRAMES, 1, 1)),
        "pred_cam_T": np.zeros((FRAMES, 3)),
        "world_cam_R": turns.astype(np.float32),
        "world_cam_T": shifts.astype(np.float32),
        "img_focal": 1000.0,
        "img_center": np.array([WIDTH / 2, HEIGHT / 2]),
    }
    np.save(folder / "camera.npy", np.array(camera, dtype=object))
    np.save(folder / "boxes.npy", np.array([[1, 2], [3, 4]]))
    return Sample(folder, people, FROM_Y_UP)


def prompthmr(folder: Path) -> Sample:
    people, content = [], {}
    for number, rows in ((1, np.arange(FRAMES)), (2, np.r_[3:30, 33:41])):
        one = bare(seen(FROM_Y_UP, number, (1.2 * number, 0, 0)))[rows]
        pose = np.zeros((len(rows), 165))
        pose[:, :66] = one.poses[:, :66]
        content[number] = {
            "track_id": number,
            "frames": rows,
            "bboxes": np.zeros((len(rows), 4)),
            "smplx_cam": {"rotmat": np.zeros((len(rows), 55, 3, 3)), "pose": pose[:, :75]},
            "smplx_world": {"pose": pose, "shape": one.many(), "trans": one.transl},
        }
        people.append((one, rows))
    whole = {
        "camera": {"img_focal": np.float64(1000), "img_center": np.array([640.0, 360.0])},
        "people": content,
        "camera_world": {"Rwc": np.tile(np.eye(3), (FRAMES, 1, 1))},
        "timings": {"total": 3.5},
        "has_tracks": True,
    }
    return Sample(write_joblib(folder / "results.pkl", whole), people, FROM_Y_UP)


def slahmr(folder: Path) -> Sample:
    whole = [bare(seen(FROM_CAMERA, number, (1.1 * number, 3, 0.4))) for number in range(2)]
    masks = np.ones((2, FRAMES), int)
    masks[1, :6] = -1
    masks[1, 20:25] = 0
    arrays = {
        "root_orient": np.stack([one.poses[:, :3] for one in whole]),
        "pose_body": np.stack([one.poses[:, 3:66] for one in whole]),
        "trans": np.stack([one.transl for one in whole]),
        "betas": np.stack([np.pad(one.betas, (0, 6)) for one in whole]),
        "cam_R": np.tile(np.eye(3), (2, FRAMES, 1, 1)),
        "world_scale": np.ones((1, 1)),
    }
    for iteration in (60, 120):
        changed = arrays | ({} if iteration == 120 else {"trans": 0 * arrays["trans"]})
        np.savez(folder / f"dance_{iteration:06d}_world_results.npz", **changed)
    tracks = {
        str(number + 1): {"index": number, "vis_mask": masks[number].tolist()}
        for number in range(2)
    }
    (folder / "track_info.json").write_text(json.dumps({"tracks": tracks, "meta": {}}))
    people = [(whole[0], np.arange(FRAMES)), (whole[1][6:], np.arange(6, FRAMES))]
    return Sample(folder, people, FROM_CAMERA)

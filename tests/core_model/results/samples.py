"""One file of each system, made to its documented keys of motion whose joints are known."""

import json
import pickle
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch

from core_model.body.model import default_body
from core_model.body.skeleton import forward_kinematics
from core_model.geometry.rotations import axis_angle_to_matrix, matrix_to_axis_angle
from tests.bake.motions import walking
from tests.core_model.results.joblib_writer import write_joblib

FRAMES = 45
WIDTH, HEIGHT = 1280, 720
SAME = np.eye(3)
FROM_Y_UP = np.array([[1.0, 0, 0], [0, 0, -1], [0, 1, 0]])  # (x, -z, y)
FROM_CAMERA = np.array([[1.0, 0, 0], [0, 0, 1], [0, -1, 0]])  # (x, z, -y)


@dataclass
class Seen:
    """One person in the frame of reference of a system.

    Parameters
    ----------
    poses : (F, 72)
    transl : (F, 3)
        SMPL's translation, metres.
    betas : (10,)
    hands : (F, 90)
    """

    poses: np.ndarray
    transl: np.ndarray
    betas: np.ndarray
    hands: np.ndarray

    def __getitem__(self, rows: Any) -> "Seen":
        return Seen(self.poses[rows], self.transl[rows], self.betas, self.hands[rows])

    def __len__(self) -> int:
        return len(self.poses)

    @property
    def matrices(self) -> np.ndarray:
        return axis_angle_to_matrix(self.poses.reshape(-1, 24, 3))

    @property
    def pelvis(self) -> np.ndarray:
        return self.transl + default_body().rest_joints(self.betas)[0]

    def joints(self) -> np.ndarray:
        """Return where the joints are (F, 24, 3), in the system's frame of reference."""
        joints, _ = forward_kinematics(self.matrices, default_body().rest_joints(self.betas))
        return joints + self.transl[:, None]

    def many(self) -> np.ndarray:
        """Return betas (F, 10) that are not the same in every frame; their mean is `betas`."""
        wobble = 0.1 * np.where(np.arange(len(self)) % 2, 1.0, -1.0)
        wobble -= wobble.mean()
        return self.betas + wobble[:, None]


@dataclass
class Sample:
    """A file, and what is in it.

    Parameters
    ----------
    path : Path
        What is given to the reader: a file or a folder.
    people : list of (Seen, frames)
        With the numbers of the pictures.
    to_world : (3, 3)
        Turns the people's frame of reference to the world.
    rate : float or None
        That the file tells.
    estimated : bool
        From a video.
    grounded : bool
        Whether the reader finds the floor; else the file's heights stay.
    hands : bool
    """

    path: Path
    people: list[tuple[Seen, np.ndarray]]
    to_world: np.ndarray
    rate: float | None = None
    estimated: bool = True
    grounded: bool = True
    hands: bool = False


def seen(to_world: np.ndarray, seed: int = 0, offset: tuple[float, ...] = (0, 0, 0)) -> Seen:
    """Let somebody walk, lean and wave in a frame of reference that `to_world` turns to ours."""
    random = np.random.default_rng(seed)
    take = walking(FRAMES)
    poses = take.poses.copy()
    poses[:, 9:66] += 0.15 * np.sin(np.arange(FRAMES)[:, None] / 7 + random.uniform(0, 6, 57))
    rotations = to_world.T @ axis_angle_to_matrix(poses[:, :3])
    poses[:, :3] = matrix_to_axis_angle(rotations)
    hands = 0.3 * np.sin(np.arange(FRAMES)[:, None] / 9 + random.uniform(0, 6, 90))
    return Seen(poses, (take.trans + offset) @ to_world, random.normal(0, 0.5, 10), hands)


def gvhmr(folder: Path) -> Sample:
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
    return Sample(folder / "hmr4d_results.pt", [(_bare(one), np.arange(FRAMES))], FROM_Y_UP)


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


def vibe(folder: Path) -> Sample:
    return _cropped(folder / "vibe_output.pkl", matrices=False)


def pare(folder: Path) -> Sample:
    return _cropped(folder / "pare_output.pkl", matrices=True)


def phalp(folder: Path) -> Sample:
    rows = {1: np.arange(FRAMES), 4: np.r_[8:19, 24:40]}
    people = {
        number: (seen(FROM_CAMERA, number, (0.8 * number, 5.0, -1.2))[each], each)
        for number, each in rows.items()
    }
    factor = np.hypot(WIDTH, HEIGHT) / (5000 / 256 * WIDTH)
    content = {}
    for frame in range(FRAMES):
        there = [number for number, (_, numbers) in people.items() if frame in numbers]
        ghosts = [number for number in people if number not in there]
        picture: dict[str, Any] = {
            name: [] for name in ("tid", "tracked_time", "smpl", "camera", "size", "mask", "bbox")
        }
        for number in there + ghosts:
            one, numbers = people[number]
            row = int(np.searchsorted(numbers, frame)) if number in there else 0
            picture["tid"].append(number)
            picture["tracked_time"].append(0 if number in there else 1)
            picture["smpl"].append(
                {
                    "global_orient": one.matrices[row, :1].astype(np.float32),
                    "body_pose": one.matrices[row, 1:].astype(np.float32),
                    "betas": one.many()[row],
                }
            )
            picture["camera"].append(one.transl[row] / [1, 1, factor])
            picture["size"].append([HEIGHT, WIDTH])
            picture["mask"].append({"size": [HEIGHT, WIDTH], "counts": b"abc"})
            picture["bbox"].append(np.zeros(4))
        picture |= {"time": frame, "shot": 0, "frame_path": f"{frame + 1:06d}.jpg"}
        content[("video.mp4", f"{frame + 1:06d}.jpg") if frame % 2 else f"{frame}.jpg"] = picture
    path = write_joblib(folder / "demo_dance.pkl", content, compress=True)
    return Sample(path, list(people.values()), FROM_CAMERA)


def tram(folder: Path) -> Sample:
    """The camera turns, pitches and walks; everybody is given before it."""
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
        one = _bare(seen(FROM_Y_UP, number, (1.2 * number, 0, 0)))[rows]
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
    whole = [_bare(seen(FROM_CAMERA, number, (1.1 * number, 3, 0.4))) for number in range(2)]
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


def hybrik(folder: Path) -> Sample:
    rows = np.r_[2:30, 34:FRAMES]
    one = seen(FROM_CAMERA, 2, (0.3, 5.0, -1.3))[rows]
    side, centre = 300.0, np.array([500.0, 380.0])
    focal = np.hypot(WIDTH, HEIGHT)
    depth = one.transl[:, 2]
    offset = (centre - [WIDTH / 2, HEIGHT / 2]) * (depth / focal)[:, None]
    transl = np.column_stack((one.transl[:, :2] - offset, depth * 1000 * side / (focal * 256)))
    box = np.array([*(centre - side / 2), *(centre + side / 2)])
    content = {
        "pred_thetas": one.matrices.reshape(len(rows), 216).astype(np.float32),
        "pred_betas": one.many(),
        "pred_phi": np.zeros((len(rows), 23, 2)),
        "transl": transl,
        "transl_camsys": transl * 256 / side,
        "bbox": np.tile(box, (len(rows), 1)),
        "height": np.full(len(rows), HEIGHT),
        "width": np.full(len(rows), WIDTH),
        "img_path": np.array([f"res_images/image-{row:06d}.jpg" for row in rows]),
    }
    (folder / "res.pk").write_bytes(pickle.dumps(content))
    return Sample(folder / "res.pk", [(one, rows)], FROM_CAMERA)


def romp(folder: Path) -> Sample:
    people = [
        (seen(FROM_CAMERA, number, (number, 4, -1.0))[rows], rows)
        for number, rows in enumerate((np.arange(FRAMES), np.arange(10, 31)))
    ]
    results = {}
    for frame in range(FRAMES):
        there = [
            (number, int(np.searchsorted(rows, frame)))
            for number, (_, rows) in enumerate(people)
            if frame in rows
        ]
        there = there[::-1] if frame % 3 else there
        results[f"{frame:08d}.jpg"] = {
            "smpl_thetas": np.stack([people[n][0].poses[row] for n, row in there]),
            "smpl_betas": np.stack([people[n][0].many()[row] for n, row in there]),
            "cam_trans": np.stack([people[n][0].transl[row] for n, row in there]),
            "cam": np.zeros((len(there), 3)),
            "track_ids": np.array([number + 1 for number, _ in there]),
        }
    np.savez(folder / "video_results.npz", results=np.array(results, dtype=object))
    return Sample(folder / "video_results.npz", people, FROM_CAMERA)


def mmhuman3d(folder: Path) -> Sample:
    people = [
        (seen(FROM_CAMERA, number, (number, 4, -1.0))[rows], rows)
        for number, rows in enumerate((np.arange(FRAMES), np.r_[4:20, 25:31]))
    ]
    poses = np.concatenate([one.poses for one, _ in people])
    smpl = {
        "body_pose": poses[:, 3:].reshape(-1, 23, 3),
        "global_orient": poses[:, :3],
        "betas": np.concatenate([one.many() for one, _ in people]),
        "transl": np.concatenate([one.transl for one, _ in people]),
    }
    np.savez_compressed(
        folder / "inference_result.npz",
        smpl=np.array(smpl, dtype=object),
        meta=np.array({"gender": ["neutral"] * len(poses)}, dtype=object),
        person_id=np.repeat([0, 1], [len(one) for one, _ in people]),
        frame_id=np.concatenate([rows for _, rows in people]),
        __key_strict__=False,
        __data_len__=len(poses),
    )
    return Sample(folder / "inference_result.npz", people, FROM_CAMERA)


def smpl_codec(folder: Path) -> Sample:
    one = _bare(seen(FROM_Y_UP, 4))
    np.savez_compressed(
        folder / "walk.npz",
        codecVersion=np.int32(2),
        smplVersion=np.int32(2),
        gender=np.int32(1),
        shapeParameters=one.betas.astype(np.float32),
        frameCount=np.int32(FRAMES),
        frameRate=np.float32(24),
        bodyTranslation=one.transl.astype(np.float32),
        bodyPose=one.poses[:, :66].reshape(-1, 22, 3).astype(np.float32),
        headPose=np.zeros((FRAMES, 3, 3), np.float32),
        leftHandPose=one.hands[:, :45].reshape(-1, 15, 3).astype(np.float32),
        rightHandPose=one.hands[:, 45:].reshape(-1, 15, 3).astype(np.float32),
    )
    (folder / "walk.npz").rename(folder / "walk.smpl")
    numbers = np.arange(FRAMES)
    return Sample(
        folder / "walk.smpl", [(one, numbers)], FROM_Y_UP, 24.0, estimated=False, hands=True
    )


def motion_x(folder: Path) -> Sample:
    one = _bare(seen(FROM_Y_UP, 5))
    rows = np.zeros((FRAMES, 322), np.float32)
    rows[:, :66], rows[:, 66:156] = one.poses[:, :66], one.hands
    rows[:, 309:312], rows[:, 312:322] = one.transl, one.betas
    np.save(folder / "walk.npy", rows)
    return Sample(folder / "walk.npy", [(one, np.arange(FRAMES))], FROM_Y_UP, 30.0, hands=True)


def amass_smplh(folder: Path) -> Sample:
    one = _bare(seen(SAME, 6))
    poses = np.concatenate((one.poses[:, :66], one.hands), axis=1)
    np.savez(
        folder / "walk_poses.npz",
        poses=poses,
        trans=one.transl,
        betas=np.pad(one.betas, (0, 6)),
        dmpls=np.zeros((FRAMES, 8)),
        gender=np.array(b"male"),
        mocap_framerate=120.00004,
    )
    return _archive(folder / "walk_poses.npz", one, 120.00004)


def amass_smplx(folder: Path) -> Sample:
    one = _bare(seen(SAME, 7))
    face = np.full((FRAMES, 9), 0.1)
    poses = np.concatenate((one.poses[:, :66], face, one.hands), axis=1)
    np.savez(
        folder / "walk_stageii.npz",
        poses=poses,
        trans=one.transl,
        betas=np.pad(one.betas, (0, 6)),
        gender="female",
        mocap_frame_rate=60.0,
        markers_latent_vids=np.array({"A": 1}, dtype=object),
    )
    return _archive(folder / "walk_stageii.npz", one, 60.0)


def smplx_without_rate(folder: Path) -> Sample:
    """Ready-made, Y up, the origin of the model as high as SMPL-X has it."""
    one = _bare(seen(FROM_Y_UP, 8, (0, 0, 0.35)))
    poses = np.concatenate((one.poses[:, :66], np.zeros((FRAMES, 9)), one.hands), axis=1)
    np.savez(folder / "ready.npz", poses=poses, trans=one.transl, betas=one.betas)
    path = folder / "ready.npz"
    return Sample(path, [(one, np.arange(FRAMES))], FROM_Y_UP, estimated=False, hands=True)


def smpl_pickle(folder: Path) -> Sample:
    """Plain SMPL, as `smplx` names its parameters, in a pickle."""
    one = seen(SAME, 9)
    content = {
        "global_orient": one.poses[:, :3],
        "body_pose": one.poses[:, 3:],
        "transl": one.transl,
        "betas": one.betas[None],
        "fps": 50,
    }
    (folder / "walk.pkl").write_bytes(pickle.dumps(content, protocol=5))
    return _archive(folder / "walk.pkl", one, 50.0, hands=False)


SYSTEMS: dict[str, Callable[[Path], Sample]] = {
    each.__name__: each
    for each in (
        *(gvhmr, wham, vibe, pare, phalp, tram, prompthmr, slahmr, hybrik, romp, mmhuman3d),
        *(smpl_codec, motion_x, amass_smplh, amass_smplx, smplx_without_rate, smpl_pickle),
    )
}


def _cropped(path: Path, matrices: bool) -> Sample:
    """People as VIBE and PARE tell where they are: by a crop and how large they are in it."""
    content, people = {}, []
    for number, rows in ((1, np.arange(FRAMES)), (2, np.r_[4:18, 21:33])):
        one = seen(FROM_CAMERA, number, (0.5 * number, 4.5, -1.3))[rows]
        side = 260.0
        centre = np.array([700.0, 400.0])
        focal = np.hypot(WIDTH, HEIGHT)
        scale = 2 * focal / (1.1 * side * one.transl[:, 2])
        offset = 2 * (centre - [WIDTH / 2, HEIGHT / 2]) / (1.1 * side * scale)[:, None]
        camera = np.column_stack((scale, one.transl[:, :2] - offset))
        whole = np.column_stack((scale * side / WIDTH, scale * side / HEIGHT, camera[:, 1:]))
        content[number] = {
            "pred_cam": camera,
            "orig_cam": whole,
            "verts": np.zeros((len(rows), 30, 3), np.float32),
            "pose": one.matrices if matrices else one.poses,
            "betas": one.many(),
            "joints2d": None,
            "bboxes": np.tile([*centre, side, side], (len(rows), 1)),
            "frame_ids": rows,
        }
        people.append((one, rows))
    return Sample(write_joblib(path, content), people, FROM_CAMERA)


def _archive(path: Path, one: Seen, rate: float, hands: bool = True) -> Sample:
    return Sample(
        path,
        [(one, np.arange(FRAMES))],
        SAME,
        rate,
        estimated=False,
        grounded=False,
        hands=hands,
    )


def _bare(one: Seen) -> Seen:
    """Take the joints away that only SMPL has."""
    poses = one.poses.copy()
    poses[:, 66:] = 0
    return Seen(poses, one.transl, one.betas, one.hands)

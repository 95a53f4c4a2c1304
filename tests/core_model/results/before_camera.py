"""Files of systems that know people before the camera only."""

import pickle
from pathlib import Path
from typing import Any

import numpy as np

from tests.core_model.results.joblib_writer import write_joblib
from tests.core_model.results.seen import FRAMES, FROM_CAMERA, HEIGHT, WIDTH, Sample, seen


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

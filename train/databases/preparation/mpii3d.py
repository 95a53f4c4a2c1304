"""MPI-INF-3DHP: `S1/Seq1/annot.mat` and videos; `mpi_inf_3dhp_test_set/TS1/annot_data.mat`."""

from collections.abc import Iterator
from pathlib import Path

import av
import cv2
import numpy as np
from scipy.io import loadmat

from core_model.errors import MocapError
from train.databases.pictures.joints import Order, to_spin
from train.databases.preparation.joint_orders import MPII3D_17, MPII3D_28
from train.databases.preparation.tables import Rows, found, name_of, square_boxes

_CAMERAS = (0, 1, 2, 4, 5, 6, 7, 8)
"""Those at the height of a chest, as SPIN and those after it take them."""

_SIDE = 2048
_SMALL = {"TS5": (1920, 1080), "TS6": (1920, 1080)}
_PELVIS = 39
_SCALE = 1.1


def prepare(root: Path, out: Path) -> list[Path]:
    """Take pictures out of the videos and write the databases.

    Frames where a joint lies outside of the picture are left out, and what comes after is another
    segment. Pictures go to `OUT/mpi_inf_3dhp/S1/Seq1/Video_0/frame_000000.jpg`; the reference looks
    for them there under the name that the database has.

    Raises
    ------
    MocapError
        When a file is missing or damaged.
    """
    annotated = found(root.glob("S*/Seq*/annot.mat"), "S1/Seq1/annot.mat and the like")
    rows = Rows()
    for path in annotated:
        subject, sequence = path.parts[-3][1:], path.parts[-2][3:]
        try:
            content = loadmat(path)
            flat, deep = content["annot2"].ravel(), content["annot3"].ravel()
        except (KeyError, ValueError, TypeError, OSError, NotImplementedError) as error:
            raise MocapError(f"{path} is damaged or no annotation of MPI-INF-3DHP.") from error
        for camera in _CAMERAS:
            if camera >= len(flat):
                continue
            video = path.parent / "imageSequence" / f"video_{camera}.avi"
            base = f"mpi_inf_3dhp/S{subject}/Seq{sequence}"
            stems = [f"{frame:06d}" for frame in range(len(flat[camera]))]
            _extract(video, out / base / f"Video_{camera}", stems)
            folder = out / base / f"video_{camera}"
            _add(
                rows,
                flat[camera].reshape(-1, 28, 2),
                deep[camera].reshape(-1, 28, 3),
                MPII3D_28,
                (_SIDE, _SIDE),
                np.array([name_of(folder / f"{stem}.jpg", out) for stem in stems]),
                f"subj{subject}_seq{sequence}_vid{camera}",
            )
    written = [rows.write(out, "mpii3d", "train")]
    held_out = sorted(root.glob("mpi_inf_3dhp_test_set/TS*/annot_data.mat"))
    if held_out:
        written.append(_test_set(held_out, out))
    return written


def _test_set(paths: list[Path], out: Path) -> Path:
    import h5py

    rows = Rows()
    for path in paths:
        try:
            with h5py.File(path) as file:
                valid = np.array(file["valid_frame"]).ravel() == 1
                flat = np.array(file["annot2"]).reshape(-1, 17, 2)
                deep = np.array(file["univ_annot3"]).reshape(-1, 17, 3)
        except (KeyError, ValueError, OSError) as error:
            raise MocapError(f"{path} is damaged or no annotation of the test set.") from error
        folder = path.parent / "imageSequence"
        names = [name_of(folder / f"img_{n:06d}.jpg", out) for n in range(1, len(valid) + 1)]
        name = path.parent.name
        size = _SMALL.get(name, (_SIDE, _SIDE))
        _add(rows, flat, deep, MPII3D_17, size, np.array(names), name, valid)
    return rows.write(out, "mpii3d", "test", features=np.empty(0))


def _add(
    rows: Rows,
    flat: np.ndarray,
    deep: np.ndarray,
    order: Order,
    size: tuple[int, int],
    names: np.ndarray,
    video: str,
    valid: np.ndarray | None = None,
) -> None:
    """Add one video: pixels (T, J, 2), millimetres (T, J, 3), names (T,), whom to look at (T,)."""
    inside = ((flat >= 0) & (flat < np.array(size))).all(axis=(1, 2))
    if valid is not None:
        inside &= valid
    for number, frames in enumerate(_runs(inside)):
        ones = np.ones((len(frames), flat.shape[1], 1))
        keypoints = to_spin(np.concatenate((flat[frames], ones), -1), order)
        joints = to_spin(np.concatenate((deep[frames] / 1000, ones), -1), order)
        known = joints[..., 3:] > 0
        joints[..., :3] -= known * joints[:, _PELVIS, None, :3]
        more = {} if valid is None else {"valid_i": np.ones((len(frames), 1))}
        rows.add(
            vid_name=f"{video}_seg{number}",
            frame_id=np.array([Path(name).stem for name in names[frames]]),
            img_name=names[frames],
            joints2D=keypoints,
            joints3D=joints,
            bbox=square_boxes(keypoints[..., :2], known[..., 0], _SCALE),
            **more,
        )


def _runs(kept: np.ndarray) -> Iterator[np.ndarray]:
    """Give the frames of each run of True."""
    edges = np.flatnonzero(np.diff(np.concatenate(([False], kept, [False])).astype(int)))
    for first, end in edges.reshape(-1, 2):
        yield np.arange(first, end)


def _extract(video: Path, folder: Path, stems: list[str]) -> None:
    """Write the frames of a video as JPEG, unless they are there already."""
    wanted = [folder / f"frame_{stem}.jpg" for stem in stems]
    if all(path.exists() for path in wanted):
        return
    if not video.exists():
        raise MocapError(f"There is no video {video}, nor its pictures in {folder}.")
    folder.mkdir(parents=True, exist_ok=True)
    with av.open(str(video)) as clip:
        for path, frame in zip(wanted, clip.decode(video=0), strict=False):
            cv2.imwrite(str(path), frame.to_ndarray(format="bgr24"))

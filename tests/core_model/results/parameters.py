"""Files of the parameters of SMPL and its relatives, in their dialects."""

import pickle
from pathlib import Path

import numpy as np

from tests.core_model.results.seen import FRAMES, FROM_Y_UP, SAME, Sample, archive, bare, seen


def smpl_codec(folder: Path) -> Sample:
    one = bare(seen(FROM_Y_UP, 4))
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
    one = bare(seen(FROM_Y_UP, 5))
    rows = np.zeros((FRAMES, 322), np.float32)
    rows[:, :66], rows[:, 66:156] = one.poses[:, :66], one.hands
    rows[:, 309:312], rows[:, 312:322] = one.transl, one.betas
    np.save(folder / "walk.npy", rows)
    return Sample(folder / "walk.npy", [(one, np.arange(FRAMES))], FROM_Y_UP, 30.0, hands=True)


def amass_smplh(folder: Path) -> Sample:
    one = bare(seen(SAME, 6))
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
    return archive(folder / "walk_poses.npz", one, 120.00004)


def amass_smplx(folder: Path) -> Sample:
    one = bare(seen(SAME, 7))
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
    return archive(folder / "walk_stageii.npz", one, 60.0)


def smplx_without_rate(folder: Path) -> Sample:
    """Ready-made, Y up, the origin of the model as high as SMPL-X has it."""
    one = bare(seen(FROM_Y_UP, 8, (0, 0, 0.35)))
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
    return archive(folder / "walk.pkl", one, 50.0, hands=False)

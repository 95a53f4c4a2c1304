"""How well the network alone lifts noisy landmarks of motion-capture subjects it never saw."""

from pathlib import Path

import numpy as np
import torch

from core_model.body import default_body
from core_model.network import INTNetwork
from core_model.rotations import rot6d_to_matrix, rotation_angle
from core_model.skeleton import JOINT_COUNT, forward_kinematics
from train.config import load_config
from train.joint_sets import EVALUATION_JOINTS, HIPS
from train.metrics import centred, mpjpe, pa_mpjpe
from train.synthetic.motion_library import FRAME_RATE, load_motion_library
from train.synthetic.motion_sampler import MotionSampler
from train.synthetic.samples import BodyTensors, SampleSource

COLUMNS = ("MPJPE", "PA-MPJPE", "rotation", "root", "accel")
EVALUATION = list(EVALUATION_JOINTS)
_WINDOWS = 48


def held_out_errors(
    network: INTNetwork, config_path: str = "configs/keypoints.yaml"
) -> dict[str, list[float]]:
    """Score windows of each held-out subject, seen by random cameras through the noise model.

    Parameters
    ----------
    network : INTNetwork
        With keypoint evidence, on the CPU.
    config_path : str
        The training configuration, which names motion, subjects, cameras and noise.

    Returns
    -------
    dict of list of float
        By subject, and "mean": values of `COLUMNS` in mm, mm, degrees, degrees and m/s^2; 14
        joints, middle of the hips at zero, lengths of the limbs known.
    """
    config = load_config(config_path)
    library = load_motion_library([Path(path) for path in config.motion.sources], Path(".cache"))
    length = config.run.window_length
    device = torch.device("cpu")
    results = {}
    for subject in config.motion.held_out_subjects:
        _, motion = library.split({subject})
        if not motion.names:
            continue
        source = SampleSource(
            MotionSampler(motion, device, seed=2, augment=False),
            BodyTensors(default_body(), device),
            config.cameras,
            config.noise,
            seed=2,
        )
        truth = source.draw(_WINDOWS, length)
        with torch.no_grad():
            rotations = rot6d_to_matrix(network(truth.evidence).rot6d)
        joints, _ = forward_kinematics(rotations, truth.rest_joints[:, None])
        ours, true = (
            centred(array.numpy().reshape(-1, JOINT_COUNT, 3)[:, EVALUATION], HIPS)
            for array in (joints, truth.joints)
        )
        angles = torch.rad2deg(rotation_angle(rotations, truth.rotations)).numpy()
        error = (ours - true).reshape(_WINDOWS, length, len(EVALUATION), 3)
        results[subject] = [
            float(mpjpe(ours, true).mean()),
            float(pa_mpjpe(ours, true).mean()),
            float(angles[:, :, 1:].mean()),
            float(angles[:, :, 0].mean()),
            float(np.linalg.norm(np.diff(error, n=2, axis=1), axis=-1).mean() * FRAME_RATE**2),
        ]
    results["mean"] = np.mean(list(results.values()), axis=0).tolist()
    return results

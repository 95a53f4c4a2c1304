"""How well noisy landmarks of motion-capture subjects are lifted whom the network never saw.

Motion, cameras and noise stay as they are, whatever training uses, so that the numbers of different
weights can be compared.
"""

from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from bake.motion.smoothing import load_profile, smooth
from bake.motion.track import Track
from core_model.body.model import default_body
from core_model.body.placement import place_in_camera
from core_model.body.skeleton import JOINT_COUNT, forward_kinematics
from core_model.fit.optimise import Stretch
from core_model.fit.pieces import fit_to_landmarks
from core_model.geometry.camera import Camera
from core_model.geometry.rotations import (
    matrix_to_quaternion,
    quaternion_to_matrix,
    rot6d_to_matrix,
    rotation_angle,
    without_sign_flips,
)
from core_model.network import INTNetwork
from train.databases.motion_library import FRAME_RATE, load_motion_library
from train.evaluate.joint_sets import EVALUATION_JOINTS, HIPS
from train.evaluate.metrics import centred, mpjpe, pa_mpjpe
from train.rendering.mocap_motion import ASF_ARCHIVE
from train.synthetic.landmark_noise import BENCHMARK_NOISE
from train.synthetic.motion_sampler import MotionSampler
from train.synthetic.samples import BodyTensors, CameraConfig, Samples, SampleSource

COLUMNS = ("MPJPE", "PA-MPJPE", "rotation", "root", "accel")
SUBJECTS = ("03", "07", "17", "35", "88", "90")
NETWORK, SMOOTHED, FITTED = "network alone", "network, smoothed", "network and fit"
STAGES = (NETWORK, SMOOTHED, FITTED)

_CAMERAS = CameraConfig(pitch_low=-25.0, pitch_high=40.0, roll=12.0, near=1.3, far=8.0)
_LENGTH = 32  # frames of a window
_WINDOWS, _FITTED_WINDOWS = 48, 6
"""Of each subject: of the network alone, and of all stages, since fits take their time."""

_FOCAL, _MIDDLE = 1000.0, 1000.0  # pixels of the virtual camera
_EVALUATION = list(EVALUATION_JOINTS)
_CPU = torch.device("cpu")


def held_out_errors(
    network: INTNetwork,
    data: Path,
    cache: Path,
    subjects: tuple[str, ...] = SUBJECTS,
    straight: bool = False,
) -> dict[str, list[float]]:
    """Score the network alone on windows of each subject, seen by random cameras.

    Parameters
    ----------
    network : INTNetwork
        With keypoint evidence, on the CPU.
    data : Path
        The data folder.
    cache : Path
        Where motion is kept once it was read.
    subjects : tuple of str
    straight : bool
        Put knees, elbows and speeds of the truth right as training has them; without it they are
        as the recordings' skeletons bend them, to compare with what was measured before.

    Returns
    -------
    dict of list of float
        By subject, and "mean": values of `COLUMNS` in mm, mm, degrees, degrees and m/s^2; 14
        joints, middle of the hips at zero, lengths of the limbs known.
    """
    results = {}
    for subject, samples in _samples(data, cache, subjects, _WINDOWS, straight):
        results[subject] = _errors(_lifted(network, samples), samples)
    results["mean"] = np.mean(list(results.values()), axis=0).tolist()
    return results


def stage_errors(
    network: INTNetwork,
    data: Path,
    cache: Path,
    subjects: tuple[str, ...] = SUBJECTS,
    windows: int = _FITTED_WINDOWS,
    straight: bool = False,
) -> dict[str, list[float]]:
    """Score the network alone, smoothed, and with the fit: the means of the subjects.

    Returns
    -------
    dict of list of float
        By stage, values as of `held_out_errors`.
    """
    profile = load_profile("default")
    results: dict[str, list[list[float]]] = {stage: [] for stage in STAGES}
    for _, samples in _samples(data, cache, subjects, windows, straight):
        lifted = _lifted(network, samples)
        times = np.arange(_LENGTH) / FRAME_RATE
        smoothed, fitted = np.empty_like(lifted), np.empty_like(lifted)
        for window, rotations in enumerate(lifted):
            quaternions = without_sign_flips(matrix_to_quaternion(rotations))
            track = smooth(Track(times, quaternions, np.zeros((_LENGTH, 3))), profile)
            smoothed[window] = quaternion_to_matrix(track.quaternions)
            fitted[window] = _fitted(rotations, samples, window, times)
        for stage, rotations in zip(STAGES, (lifted, smoothed, fitted), strict=True):
            results[stage].append(_errors(rotations, samples))
    return {stage: np.mean(errors, axis=0).tolist() for stage, errors in results.items()}


def _samples(
    data: Path, cache: Path, subjects: tuple[str, ...], windows: int, straight: bool
) -> list[tuple[str, Samples]]:
    library = load_motion_library([data / ASF_ARCHIVE], cache, as_recorded=not straight)
    drawn = []
    for subject in subjects:
        _, motion = library.split({subject})
        source = SampleSource(
            MotionSampler(motion, _CPU, seed=2, augment=False),
            BodyTensors(default_body(), _CPU),
            _CAMERAS,
            BENCHMARK_NOISE,
            seed=2,
        )
        drawn.append((subject, source.draw(windows, _LENGTH)))
    return drawn


def _lifted(network: INTNetwork, samples: Samples) -> np.ndarray:
    """Return rotations (B, T, 24, 3, 3), joint 0 to the space of the turned camera."""
    network.eval()
    with torch.no_grad():
        return np.asarray(rot6d_to_matrix(network(samples.evidence).rot6d).double().numpy())


def _fitted(rotations: np.ndarray, samples: Samples, window: int, times: np.ndarray) -> np.ndarray:
    """Fit one window's rotations (T, 24, 3, 3) to its landmarks, the body being a guess."""
    body, betas = default_body(), np.zeros(10)
    size = np.array([2 * _MIDDLE, 2 * _MIDDLE])
    camera = Camera(_FOCAL, size / 2, size)
    seen = samples.landmarks[window].double().numpy()
    landmarks = np.concatenate((seen[..., :2] * _FOCAL + _MIDDLE, seen[..., 2:]), axis=-1)
    turns = samples.turns[window].double().numpy()
    start = rotations.copy()
    start[:, 0] = np.swapaxes(turns, 1, 2) @ start[:, 0]
    pelvis, _ = place_in_camera(start, betas, landmarks, camera, body)
    stretch = Stretch(start, pelvis, betas, landmarks, times)
    (fitted,) = fit_to_landmarks([stretch], camera, body, _CPU)
    result = fitted.rotations.copy()
    result[:, 0] = turns @ result[:, 0]
    return result


def _errors(rotations: np.ndarray, samples: Samples) -> list[float]:
    windows, length = rotations.shape[:2]
    rest = samples.rest_joints.double().numpy()[:, None]
    joints, _ = forward_kinematics(rotations, rest)
    ours, true = (
        centred(array.reshape(-1, JOINT_COUNT, 3)[:, _EVALUATION], HIPS)
        for array in (joints, _numpy(samples.joints))
    )
    angles = np.rad2deg(rotation_angle(rotations, _numpy(samples.rotations)))
    error = (ours - true).reshape(windows, length, len(_EVALUATION), 3)
    return [
        float(mpjpe(ours, true).mean()),
        float(pa_mpjpe(ours, true).mean()),
        float(angles[:, :, 1:].mean()),
        float(angles[:, :, 0].mean()),
        float(np.linalg.norm(np.diff(error, n=2, axis=1), axis=-1).mean() * FRAME_RATE**2),
    ]


def _numpy(tensor: Tensor) -> np.ndarray:
    return np.asarray(tensor.double().numpy())

"""From the landmarks of one track to joint rotations, through the keypoint INT.

Clips of any length and frame rate go through the network in overlapping windows at about the rate
that it was trained with; where windows overlap, their rotations are blended.
"""

from dataclasses import dataclass

import numpy as np
import torch

from core_model.body.skeleton import JOINT_COUNT
from core_model.engine.side_by_side import Share, Task
from core_model.geometry.camera import Camera
from core_model.geometry.rotations import nearest_rotation, rot6d_to_matrix
from core_model.network import INTNetwork
from core_model.network.devices import calculated
from core_model.network.evidence import normalise_landmarks

TRAINED_RATE = 30.0
_WINDOWS_OF_TASK = 8  # one after the other, whose frames are read once
_AT_ONCE_ON_CPU, _AT_ONCE_ON_CARD = 1, 8  # windows; a processor is fastest with a few MB
_Window = tuple[np.ndarray, np.ndarray]


@dataclass(frozen=True)
class Lifted:
    """What the network says about a track.

    Parameters
    ----------
    rotations : (T, 24, 3, 3)
        Local rotations; joint 0 turns SMPL space to camera space.
    betas : (10,)
        One shape for the whole track.
    translation : (T, 3) or None
        What to add to the body's own place, metres, camera space, where the network tells.
    """

    rotations: np.ndarray
    betas: np.ndarray
    translation: np.ndarray | None = None


def lift_track(
    network: INTNetwork,
    landmarks: np.ndarray,
    times: np.ndarray,
    camera: Camera,
    device: torch.device,
) -> Lifted:
    """Lift a stretch of landmarks without long gaps.

    Parameters
    ----------
    network : INTNetwork
        With keypoint evidence, on `device`.
    landmarks : (T, 33, 3)
        Pixels and visibility; frames in which the person was missed hold a guess with visibility 0.
    times : (T,)
        Seconds.
    """
    rays = torch.from_numpy(camera.rays(landmarks[..., :2])).float()
    evidence, turn = normalise_landmarks(rays, torch.from_numpy(landmarks[..., 2]).float())
    length = network.config.temporal_embedding_length or 32
    windows = _windows(times, length)
    at_once = _AT_ONCE_ON_CPU if device.type == "cpu" else _AT_ONCE_ON_CARD
    starts = range(0, len(windows), _WINDOWS_OF_TASK)
    batches = [windows[start : start + _WINDOWS_OF_TASK] for start in starts]

    def task(batch: list[_Window]) -> Task[tuple[np.ndarray, np.ndarray]]:
        def run(tell: Share) -> tuple[np.ndarray, np.ndarray]:
            places, which = np.unique([places for places, _ in batch], return_inverse=True)
            frames = _at(evidence, places).to(device).split(at_once * length)
            tokens_FRD = torch.cat([network.read_frames(part) for part in frames])
            outputs = []
            for some in torch.from_numpy(which.reshape(-1, length)).to(device).split(at_once):
                tokens_BTRD = tokens_FRD[some]
                joints_BTJD = tokens_BTRD[:, :, :JOINT_COUNT]
                if network.config.temporal_blocks:
                    joints_BTJD = network.relate_frames(joints_BTJD)
                outputs.append(network.read_out(joints_BTJD, tokens_BTRD))
            rot6d = torch.cat([each.rot6d for each in outputs])
            betas = torch.cat([each.betas for each in outputs]).mean(dim=1)
            return rot6d_to_matrix(rot6d.float()).cpu().numpy(), betas.float().cpu().numpy()

        return Task(len(batch), run)

    sums = np.zeros((len(times), JOINT_COUNT, 3, 3))
    betas = []
    found = calculated([task(batch) for batch in batches], device)
    for batch, (matrices, shapes) in zip(batches, found, strict=True):
        betas.append(shapes)
        for (_, targets), window in zip(batch, matrices, strict=True):
            # A window knows its middle best: the weights fall off towards its ends.
            weight = np.minimum(np.arange(1, length + 1), np.arange(length, 0, -1))
            wanted = targets >= 0
            np.add.at(sums, targets[wanted], (weight[:, None, None, None] * window)[wanted])
    rotations = nearest_rotation(sums)
    rotations[:, 0] = np.swapaxes(turn.double().numpy(), 1, 2) @ rotations[:, 0]
    return Lifted(rotations, np.median(np.concatenate(betas), axis=0))


def _windows(times: np.ndarray, length: int) -> list[_Window]:
    """Cut frames into overlapping windows whose rate is near the trained one.

    Returns
    -------
    list of (places, targets)
        `places` (L,) float: positions among the frames, in between where the clip is slow;
        `targets` (L,) int: the frame that a position stands for, -1 where none.
    """
    count = len(times)
    rate = 1 / np.median(np.diff(times)) if count > 1 else TRAINED_RATE
    skip = max(1, round(rate / TRAINED_RATE))
    insert = max(1, round(TRAINED_RATE / rate))
    windows = []
    for phase in range(min(skip, count)):
        fine = np.arange(phase * insert, (count - 1) * insert + 1, skip)
        starts = list(range(0, max(len(fine) - length, 0) + 1, length // 2))
        if starts[-1] + length < len(fine):
            starts.append(len(fine) - length)
        for start in starts:
            picked = fine[start : start + length]
            # A clip shorter than a window holds its last frame.
            padded = np.concatenate((picked, np.full(length - len(picked), picked[-1])))
            targets = np.where(padded % insert == 0, padded // insert, -1)
            targets[len(picked) :] = -1
            windows.append((padded / insert, targets))
    return windows


def _at(evidence: torch.Tensor, places: np.ndarray) -> torch.Tensor:
    """Read evidence (T, 33, 3) at fractional frames (...), linearly."""
    lower = np.floor(places).astype(int)
    upper = np.minimum(lower + 1, len(evidence) - 1)
    share = torch.from_numpy((places - lower).astype(np.float32))[..., None, None]
    return torch.lerp(evidence[lower], evidence[upper], share)

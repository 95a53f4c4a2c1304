"""Stretches of any length fitted in overlapping pieces of bounded memory."""

import math
from collections.abc import Sequence

import numpy as np
import torch

from core_model.body.model import Body
from core_model.body.skeleton import JOINT_COUNT
from core_model.engine.side_by_side import MOST, Share, Task, untold
from core_model.fit.optimise import Fitted, Stretch, fit_piece
from core_model.fit.weights import FitWeights
from core_model.geometry.camera import Camera
from core_model.geometry.rotations import matrix_to_rot6d, rot6d_to_matrix
from core_model.network.devices import calculated

CHUNK = 768
"""Frames of a piece at most: the longer, the less of the time is spent between operations."""

_OVERLAP = 32
_WORTH_A_THREAD = 400
"""Frames from which on pieces are fitted side by side. An operation on fewer is over before another
thread has Python's lock: two pieces of 250 frames take longer at once than one after the other, two
of 750 two thirds of it."""


def fit_to_landmarks(
    stretches: Sequence[Stretch],
    camera: Camera,
    body: Body,
    device: torch.device,
    weights: FitWeights = FitWeights(),
    progress: Share = untold,
    shaped: bool = True,
) -> list[Fitted]:
    """Fit stretches of one person or of many; return what fits each.

    Parameters
    ----------
    stretches : sequence of Stretch
    camera : Camera
    body : Body
    device : torch.device
    weights : FitWeights
    progress : callable
        Is told the share that is done, 0 to 1.
    shaped : bool
        Whether the shape is looked for, too; else it is that of each stretch.
    """
    chunks = [pieces_of(len(each.times)) if len(each.times) >= 3 else [] for each in stretches]

    def task(piece: Stretch) -> Task[Fitted]:
        return Task(
            len(piece.times),
            lambda tell: fit_piece(piece, camera, body, device, weights, shaped, tell),
        )

    tasks = [
        task(stretch.part(slice(*chunk)))
        for stretch, own in zip(stretches, chunks, strict=True)
        for chunk in own
    ]
    fitted = iter(calculated(tasks, device, progress, at_once([task.size for task in tasks])))
    return [
        blended(len(stretch.times), own, [next(fitted) for _ in own])
        if own
        else Fitted(stretch.rotations, stretch.pelvis, stretch.betas)
        for stretch, own in zip(stretches, chunks, strict=True)
    ]


def pieces_of(count: int) -> list[tuple[int, int]]:
    """Cut frames into pieces of one length, at most `CHUNK`, that overlap."""
    pieces = max(1, math.ceil((count - _OVERLAP) / (CHUNK - _OVERLAP)))
    length = math.ceil((count + (pieces - 1) * _OVERLAP) / pieces)
    starts = np.linspace(0, count - length, pieces).round().astype(int)
    return [(int(start), int(start) + length) for start in starts]


def at_once(frames: Sequence[float]) -> int:
    """Return how many pieces of so many frames each are fitted at once at most."""
    return MOST if frames and np.mean(frames) >= _WORTH_A_THREAD else 1


def blended(count: int, chunks: Sequence[tuple[int, int]], pieces: Sequence[Fitted]) -> Fitted:
    """Return a motion of `count` frames that was fitted in pieces, blended where they overlap."""
    share = np.zeros(count)
    rotations, pelvis = np.zeros((count, JOINT_COUNT, 3, 3)), np.zeros((count, 3))
    betas = np.zeros_like(pieces[0].betas)
    for (start, end), fitted in zip(chunks, pieces, strict=True):
        part, length = slice(start, end), end - start
        weight = np.minimum(np.arange(1, length + 1), np.arange(length, 0, -1)).clip(max=_OVERLAP)
        rotations[part] += weight[:, None, None, None] * fitted.rotations
        pelvis[part] += weight[:, None] * fitted.pelvis
        betas += weight.sum() * fitted.betas
        share[part] += weight
    return Fitted(
        rot6d_to_matrix(matrix_to_rot6d(rotations / share[:, None, None, None])),
        pelvis / share[:, None],
        betas / share.sum(),
    )

"""The made-up weights and inputs behind the reference vectors, remade from their recipe."""

import zlib

import numpy as np
import torch
from torch import nn


def weight(key: str, shape: tuple[int, ...]) -> np.ndarray:
    """Return the parameter that the reference network had under this name."""
    values = np.random.RandomState(zlib.crc32(key.encode())).standard_normal(shape)
    if key.endswith(".bias"):
        values = 0.05 * values
    elif key.endswith(".weight") and len(shape) > 1:
        values = values / np.sqrt(np.prod(shape[1:]))
    elif key.endswith(".weight"):
        values = 1 + 0.1 * values
    else:
        values = 0.5 * values
    return values.astype(np.float32)


def fill(network: nn.Module) -> None:
    """Give a network those parameters."""
    network.load_state_dict(
        {
            key: torch.from_numpy(weight(key, tuple(tensor.shape)))
            for key, tensor in network.state_dict().items()
        }
    )


def frames(seed: int, clips: int, count: int) -> np.ndarray:
    """Return normalised pictures (B, T, 3, 224, 224)."""
    random = np.random.RandomState(seed)
    blocks = np.kron(random.standard_normal((clips, count, 3, 14, 14)), np.ones((16, 16)))
    return (blocks + 0.25 * random.standard_normal((clips, count, 3, 224, 224))).astype(np.float32)

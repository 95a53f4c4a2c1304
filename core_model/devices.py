"""Where a network runs: the graphics card when there is one, else the processor."""

import torch

from core_model.errors import MocapError


def choose_device(name: str) -> torch.device:
    """Turn "auto", "cpu" or "cuda" into a device.

    Raises
    ------
    MocapError
        When CUDA is asked for and not to be had.
    """
    if name == "auto":
        return torch.device("cuda" if torch.cuda.is_available() else "cpu")
    if name == "cuda" and not torch.cuda.is_available():
        raise MocapError(
            "CUDA was asked for, but this PyTorch finds no NVIDIA card; use --device cpu."
        )
    if name not in ("cpu", "cuda"):
        raise MocapError(f"'{name}' is no device; use auto, cpu or cuda.")
    return torch.device(name)

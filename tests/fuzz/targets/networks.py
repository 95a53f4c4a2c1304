"""Readers of weights and checkpoints."""

import io
import tempfile
from pathlib import Path

from tests.fuzz.targets.target import Target


def _weights() -> list[bytes]:
    from core_model.network import INTConfig, INTNetwork
    from core_model.network.checkpoints import save_weights

    config = INTConfig("keypoints", 8, 1, 2, 1, 2, 4)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "small.safetensors"
        save_weights(INTNetwork(config), path, {"steps": 10})
        return [path.read_bytes()]


def _read_weights(path: Path) -> object:
    from core_model.network.checkpoints import load_weights

    return load_weights(path)


def _checkpoints() -> list[bytes]:
    import torch
    from safetensors.torch import save

    tensors = {"joint3d_tokens": torch.zeros(4, 4), "module.head.b": torch.ones(3)}
    stream, old = io.BytesIO(), io.BytesIO()
    torch.save({"state_dict": tensors, "epoch": 3}, stream)
    torch.save({"state_dict": tensors}, old, _use_new_zipfile_serialization=False)
    return [save(tensors, {"format": "pt"}), stream.getvalue(), old.getvalue()]


def _read_checkpoint(path: Path) -> object:
    from core_model.network.checkpoints import load_int_checkpoint

    return load_int_checkpoint(path)


def _check(path: Path) -> object:
    from core_model.network.file_check import check_file

    return check_file(path)


TARGETS = {
    "weights": Target(".safetensors", _weights, _read_weights),
    "checkpoints": Target(".pt", _checkpoints, _read_checkpoint),
    "any file, checked": Target(".pt", _checkpoints, _check),
}

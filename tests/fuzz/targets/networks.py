"""Readers of weights and checkpoints."""

import io
import json
import tempfile
from pathlib import Path
from typing import Any

import numpy as np

from tests.fuzz.changes import ODD_DATA
from tests.fuzz.engines.guided import Guided
from tests.fuzz.engines.structured import Structured
from tests.fuzz.packing import as_safetensors, as_torch
from tests.fuzz.target import Target


def _weights() -> list[bytes]:
    from core_model.network import INTConfig, INTNetwork
    from core_model.network.checkpoints import save_weights

    config = INTConfig("keypoints", 8, 1, 2, 1, 2, 4)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "small.safetensors"
        save_weights(INTNetwork(config), path, {"steps": 10})
        return [path.read_bytes()]


def _headers() -> list[Any]:
    """Return the header and the numbers of each file."""
    found: list[Any] = []
    for each in (*_weights(), _checkpoints()[0]):
        end = 8 + int.from_bytes(each[:8], "little")
        found.append([json.loads(each[8:end]), each[end:]])
    return found


def _read_weights(path: Path) -> object:
    from core_model.network.checkpoints import load_weights

    return load_weights(path)


def _checkpoints() -> list[bytes]:
    import torch
    from safetensors.torch import save

    tensors = {"joint3d_tokens": torch.zeros(4, 4), "module.head.b": torch.ones(3)}
    old = io.BytesIO()
    torch.save({"state_dict": tensors}, old, _use_new_zipfile_serialization=False)
    return [save(tensors, {"format": "pt"}), *map(as_torch, _dictionaries()), old.getvalue()]


def _dictionaries() -> list[Any]:
    """Return what checkpoints hold: one of our trainer, whole, and a part of one of INT."""
    from dataclasses import asdict

    from core_model.network import INTConfig
    from tests.core_model.int_files import tiny_parameters

    config = INTConfig("keypoints", 8, 1, 2, 1, 2, 4)
    parameters = {
        name: tensor.contiguous().numpy() for name, tensor in tiny_parameters(config).items()
    }
    tensors = {"joint3d_tokens": np.zeros((4, 4)), "module.head.b": np.ones(3, np.float32)}
    return [
        {"state_dict": parameters, "sizes": asdict(config)},
        {"state_dict": tensors, "epoch": 3},
    ]


def _read_checkpoint(path: Path) -> object:
    from core_model.network.checkpoints import load_int_checkpoint

    return load_int_checkpoint(path)


def _check(path: Path) -> object:
    from core_model.network.file_check import check_file

    return check_file(path)


TARGETS = {
    "weights": Target(".safetensors", _headers, _read_weights, Structured(as_safetensors)),
    "weights, bytes": Target(".safetensors", _weights, _read_weights, Guided()),
    "checkpoints": Target(".pt", _dictionaries, _read_checkpoint, Structured(as_torch, ODD_DATA)),
    "checkpoints, bytes": Target(".pt", _checkpoints, _read_checkpoint, Guided()),
    "any file, checked, bytes": Target(".pt", _checkpoints, _check, Guided()),
}

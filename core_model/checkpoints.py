"""Weights on disk: safetensors with the network's configuration in the header."""

import hashlib
import json
from pathlib import Path
from typing import Any

from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file

from core_model.errors import AssetError
from core_model.files import replaced_when_complete
from core_model.network import INTConfig, INTNetwork

DEFAULT_WEIGHTS_PATH = Path(__file__).parent / "assets" / "weights" / "keypoints.safetensors"


def save_weights(network: INTNetwork, path: str | Path, training: dict[str, Any]) -> None:
    """Write a network with its configuration and facts about its training.

    Raises
    ------
    OutputError
        When the file cannot be written.
    """
    header = {
        "format": "int-mocap-1",
        "config": json.dumps(network.config.as_dict()),
        "training": json.dumps(training),
    }
    tensors = {
        name: tensor.detach().cpu().contiguous() for name, tensor in network.state_dict().items()
    }
    with replaced_when_complete(path) as temporary:
        save_file(tensors, temporary, header)


def load_weights(path: str | Path = DEFAULT_WEIGHTS_PATH) -> INTNetwork:
    """Read a network, ready for use on the CPU.

    Raises
    ------
    AssetError
        When the file is missing, damaged or not of this project.
    """
    try:
        with safe_open(path, framework="pt") as file:
            header = file.metadata() or {}
            if header.get("format") != "int-mocap-1":
                raise AssetError(f"{path} holds no weights of INT Mocap.")
            network = INTNetwork(INTConfig(**json.loads(header["config"])))
            network.load_state_dict({name: file.get_tensor(name) for name in file.keys()})
    except FileNotFoundError as error:
        raise AssetError(f"There are no weights at {path}.") from error
    except (OSError, SafetensorError, RuntimeError, KeyError, TypeError, ValueError) as error:
        raise AssetError(f"{path} is damaged or of another version of INT Mocap.") from error
    return network.eval().requires_grad_(False)


def file_hash(path: str | Path) -> str:
    """Return the SHA-256 of a file, by which a take names the weights that made it."""
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()

"""Weights on disk: our safetensors, and checkpoints of the INT paper's model."""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor

from core_model.assets import ASSETS
from core_model.errors import AssetError
from core_model.network import INTConfig, INTNetwork
from core_model.network.torch_files import MOST_BYTES, read_torch_file
from core_model.storage.atomic import replaced_when_complete

DEFAULT_WEIGHTS_PATH = ASSETS / "weights" / "keypoints.safetensors"

_FORMAT = "int-mocap-1"
_IGNORED = ("smpl.", "mask_token")
"""The body, which is the user's own file, and a token that only training uses."""

_OTHER_MODELS = (
    ("regressor.init_pose", "an HMR checkpoint of the VIBE family"),
    ("init_pose", "an HMR or SPIN checkpoint"),
    ("decpose.weight", "an HMR or SPIN checkpoint"),
    ("blocks.11.attn.qkv.weight", "an image classifier (ViT), from which INT's training starts"),
    ("fc.weight", "an image classifier (ResNet)"),
)
"""A parameter by which another model is known, and what that is."""


def save_weights(network: INTNetwork, path: str | Path, training: dict[str, Any]) -> None:
    """Write a network with its configuration and facts about its training.

    Raises
    ------
    OutputError
        When the file cannot be written.
    """
    header = {
        "format": _FORMAT,
        "config": json.dumps(network.config.as_dict()),
        "training": json.dumps(training),
    }
    tensors = {
        name: tensor.detach().cpu().contiguous() for name, tensor in network.state_dict().items()
    }
    with replaced_when_complete(path) as temporary:
        save_file(tensors, temporary, header)


def load_weights(path: str | Path = DEFAULT_WEIGHTS_PATH) -> INTNetwork:
    """Read a network that `save_weights` wrote, ready for use on the CPU.

    Raises
    ------
    AssetError
        When the file is missing, damaged or not of this project.
    """
    try:
        with safe_open(path, framework="pt") as file:
            header = file.metadata() or {}
            if header.get("format") != _FORMAT:
                raise AssetError(f"{path} holds no weights of INT Mocap.")
            config = INTConfig(**json.loads(header["config"]))
            return _filled(config, {name: file.get_tensor(name) for name in file.keys()})
    except FileNotFoundError as error:
        raise AssetError(f"There are no weights at {path}.") from error
    except (OSError, SafetensorError, RuntimeError, KeyError, TypeError, ValueError) as error:
        raise AssetError(f"{path} is damaged or of another version of INT Mocap.") from error


def load_int_checkpoint(path: str | Path, temporal_heads: int = 12) -> INTNetwork:
    """Read a checkpoint of INT, or weights of ours, ready for use on the CPU.

    Files of the INT trainer (`.pt`, `.pth.tar`) and the same parameters as safetensors. A `module.`
    in front of the names and the body's buffers are left out, the length of the time embedding is
    that of the file, and a file of phase 1 gives a network without temporal part. Sizes are the
    paper's, unless our trainer wrote others beside the parameters.

    Parameters
    ----------
    path : str or Path
    temporal_heads : int
        Attention heads of the temporal part, which a checkpoint does not tell.

    Raises
    ------
    AssetError
        When the file is something else, incomplete or damaged; nothing in it is run.
    """
    path = Path(path)
    if is_safetensors(path):
        try:
            with safe_open(path, framework="pt") as file:
                if (file.metadata() or {}).get("format") == _FORMAT:
                    return load_weights(path)
                content: Any = {name: file.get_tensor(name) for name in file.keys()}
        except (OSError, SafetensorError) as error:
            raise AssetError(f"{path.name} is damaged or cut off.") from error
    else:
        content = read_torch_file(path)
    sizes = content.get("sizes") if isinstance(content, Mapping) else None
    return _network(_parameters(content, path), temporal_heads, sizes, path)


def is_safetensors(path: Path) -> bool:
    """Tell whether a file begins like safetensors.

    Raises
    ------
    AssetError
        When there is no file that can be read, or it holds nothing.
    """
    try:
        with open(path, "rb") as file:
            start = file.read(512)
    except FileNotFoundError as error:
        raise AssetError(f"There is no file at {path}.") from error
    except IsADirectoryError as error:
        raise AssetError(f"{path} is a folder, not a file.") from error
    except PermissionError as error:
        raise AssetError(f"{path} may not be read: permission denied.") from error
    except OSError as error:
        raise AssetError(f"{path} cannot be read: {error.strerror}.") from error
    if path.stat().st_size > MOST_BYTES:
        raise AssetError(f"{path.name} is too large: no checkpoint of INT has that size.")
    if not start.strip(b"\0"):
        emptiness = "holds nothing but zeros" if start else "is an empty file"
        raise AssetError(f"{path.name} {emptiness}; download or copy it again.")
    if start.lstrip()[:9].lower() in (b"<!doctype", b"<html>") or b"<html" in start.lower():
        raise AssetError(f"{path.name} is a web page: the download gave a page, not the file.")
    if start.startswith(b"version https://git-lfs"):
        raise AssetError(f"{path.name} only points to the file; fetch that with 'git lfs pull'.")
    return start[8:9] == b"{"


def file_hash(path: str | Path) -> str:
    """Return the SHA-256 of a file, by which a take names the weights that made it."""
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _parameters(content: Any, path: Path) -> dict[str, Tensor]:
    """Find the parameters in what a file holds, under the names of INT."""
    if not isinstance(content, Mapping):
        kind = type(content).__name__
        raise AssetError(f"{path.name} holds a {kind}, not the parameters of a network.")
    if set(content) >= {"state", "param_groups"} or (
        "optimizer" in content and not any(_tensors(part) for part in content.values())
    ):
        raise AssetError(f"{path.name} holds only an optimiser, not the network it trained.")
    given = content.get("state_dict", content)
    tensors = _tensors(given) or next(filter(None, map(_tensors, content.values())), {})
    if not tensors:
        raise AssetError(f"{path.name} holds no parameters of a network.")
    return {name: tensor for name, tensor in tensors.items() if not name.startswith(_IGNORED)}


def _tensors(part: Any) -> dict[str, Tensor]:
    if not isinstance(part, Mapping):
        return {}
    return {
        str(name).removeprefix("module."): value
        for name, value in part.items()
        if isinstance(value, Tensor)
    }


def _network(tensors: dict[str, Tensor], temporal_heads: int, sizes: Any, path: Path) -> INTNetwork:
    if "joint3d_tokens" not in tensors:
        other = next((what for key, what in _OTHER_MODELS if key in tensors), None)
        what = other or f"of another model (its first parameter is '{next(iter(tensors), '')}')"
        raise AssetError(f"{path.name} is {what}; a checkpoint of INT belongs here.")
    embedding = tensors.get("temporal_pos_embedding")
    length = None if embedding is None else max(tuple(embedding.shape)[1:2], default=0)
    try:
        config = INTConfig.image(
            temporal=any(name.startswith("temporal_transformer.") for name in tensors),
            temporal_embedding_length=length,
            temporal_heads=temporal_heads,
        )
        if isinstance(sizes, Mapping):
            config = INTConfig(**{**sizes, "temporal_embedding_length": length})
    except (ValueError, TypeError) as error:
        raise AssetError(f"{path.name} cannot be used: {error}.") from error
    with torch.device("meta"):
        expected = {name: t.shape for name, t in INTNetwork(config).state_dict().items()}
    missing = [name for name in expected if name not in tensors]
    surplus = [name for name in tensors if name not in expected]
    if missing:
        raise AssetError(
            f"{path.name} is an incomplete checkpoint of INT: {len(missing)} parameters are "
            f"missing, the first of them '{missing[0]}'."
        )
    if surplus:
        raise AssetError(
            f"{path.name} is a checkpoint of another kind of INT: it has '{surplus[0]}', which "
            "this one does not know."
        )
    for name, shape in expected.items():
        tensor = tensors[name]
        if tensor.shape != shape:
            raise AssetError(
                f"{path.name} is a checkpoint of another kind of INT: '{name}' has the shape "
                f"{tuple(tensor.shape)} where {tuple(shape)} belongs."
            )
        if tensor.layout != torch.strided or not tensor.is_floating_point():
            raise AssetError(f"{path.name} is damaged: '{name}' does not hold ordinary numbers.")
        if not tensor.isfinite().all():
            raise AssetError(f"{path.name} is damaged: '{name}' holds values that are not numbers.")
    return _filled(config, tensors)


def _filled(config: INTConfig, tensors: Mapping[str, Tensor]) -> INTNetwork:
    """Make a network of these parameters without filling it with random ones first."""
    with torch.device("meta"):
        network = INTNetwork(config)
    # Copies: the file may be changed or taken away while the network is in use.
    own = {
        name: tensor.to(torch.float32, copy=True).contiguous() for name, tensor in tensors.items()
    }
    network.load_state_dict(own, assign=True)
    return network.eval().requires_grad_(False)

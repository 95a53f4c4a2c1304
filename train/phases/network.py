"""The image network of a phase, and what it begins with."""

from functools import partial
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.utils.checkpoint import checkpoint

from core_model.errors import AssetError
from core_model.network import INTNetwork
from core_model.network.checkpoints import load_int_checkpoint
from core_model.network.image_tokens import Bottleneck
from core_model.network.torch_files import read_torch_file
from train.phases.config import NetworkConfig, PhaseRunConfig

_EMBEDDING = "temporal_pos_embedding"


def make_network(config: NetworkConfig, run: PhaseRunConfig) -> tuple[INTNetwork, list[str]]:
    """Make the network of a phase.

    Returns
    -------
    network : INTNetwork
        On the CPU, to be trained.
    report : list of str
        Sentences on what it begins with.

    Raises
    ------
    AssetError
        When a file is missing, damaged or of something else.
    """
    torch.manual_seed(run.seed)
    network = INTNetwork(config.sizes())
    if run.start:
        given = load_int_checkpoint(run.start, config.temporal_heads).state_dict()
    elif run.init:
        given = _vision_transformer(Path(run.init))
    else:
        return network, ["It begins with random weights: nothing is named as run.start, run.init."]
    return network, [f"{run.start or run.init}: {fill(network, given)}"]


def fill(network: INTNetwork, given: dict[str, Tensor]) -> str:
    """Give a network the parameters that it has in common with others; return how many that were.

    The time embedding takes the length of the given one.
    """
    if network.config.temporal_embedding_length and _EMBEDDING in given:
        resize_time_embedding(network, given[_EMBEDDING].shape[1])
    own = network.state_dict()
    fitting = {
        name: tensor
        for name, tensor in given.items()
        if name in own and own[name].shape == tensor.shape
    }
    network.load_state_dict(fitting, strict=False)
    new = sorted({name.split(".")[0] for name in own if name not in fitting})
    said = f"{len(fitting)} of {len(own)} parameters are taken from it"
    if new:
        said += f"; new are those of {', '.join(new)}"
    unused = len(given) - len(fitting)
    return said + (f"; {unused} of the file are not used." if unused else ".")


def resize_time_embedding(network: INTNetwork, length: int) -> None:
    """Give the time embedding another length, its values to be filled in."""
    embedding = network.temporal_pos_embedding
    if embedding.shape[1] != length:
        network.temporal_pos_embedding = nn.Parameter(
            embedding.new_zeros(1, length, embedding.shape[2])
        )


def checkpoint_blocks(network: INTNetwork) -> None:
    """Let blocks be calculated a second time on the way back instead of being kept in memory."""
    parts = [*network.blocks, *getattr(network, "temporal_transformer", [])]
    parts += [each for each in network.patch_embed.modules() if isinstance(each, Bottleneck)]
    for part in parts:
        part.forward = partial(checkpoint, part.forward, use_reentrant=False)


def _vision_transformer(path: Path) -> dict[str, Tensor]:
    """Read weights of the hybrid vision transformer, as timm names them."""
    content = read_torch_file(path)
    if isinstance(content, dict) and isinstance(content.get("state_dict"), dict):
        content = content["state_dict"]
    tensors = {
        str(name): value for name, value in dict(content).items() if isinstance(value, Tensor)
    }
    if "patch_embed.backbone.stem.conv.weight" not in tensors:
        raise AssetError(
            f"{path.name} is no hybrid vision transformer (R50+ViT-B/16); "
            "jx_vit_base_resnet50_224_in21k-6f7c7740.pth belongs here."
        )
    return tensors

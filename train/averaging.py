"""Average weights: `python -m train.averaging A.safetensors B.safetensors -o OUT.safetensors`.

Where one run went on from the weights of another, their mean is often better than either on what
both have in common, and between them where they differ (Wortsman et al., "Model soups", ICML 2022).
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

import torch

from core_model.engine.command_line import a_path, command
from core_model.errors import MocapError
from core_model.network import INTNetwork
from core_model.network.checkpoints import file_hash, load_weights, save_weights


def averaged(paths: Sequence[Path]) -> INTNetwork:
    """Return a network whose every parameter is the mean of those in several files.

    Raises
    ------
    AssetError
        When a file cannot be read.
    MocapError
        When their networks are built differently.
    """
    networks = [load_weights(path) for path in paths]
    mean = networks[0]
    for path, network in zip(paths, networks, strict=True):
        if network.config != mean.config:
            raise MocapError(f"{path} is built differently from {paths[0]}: no mean of them.")
    states = [network.state_dict() for network in networks]
    mean.load_state_dict(
        {name: torch.stack([state[name] for state in states]).mean(dim=0) for name in states[0]}
    )
    return mean


@command("python -m train.averaging")
def main(arguments: list[str] | None = None) -> int:
    """Write the mean of some files, and return the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m train.averaging",
        description="Average weights that went on from each other, parameter by parameter.",
    )
    parser.add_argument("weights", type=a_path, nargs="+", help="files of weights, two or more")
    parser.add_argument("-o", "--output", type=a_path, required=True, help="file for their mean")
    given = parser.parse_args(arguments)
    if len(given.weights) < 2:
        parser.error("a mean is of two files or more")
    hashes = [file_hash(path) for path in given.weights]
    save_weights(averaged(given.weights), given.output, {"mean_of_sha256": hashes})
    print(f"wrote {given.output}")
    return 0


if __name__ == "__main__":
    sys.exit(main())

import json
from dataclasses import replace

import pytest
import torch
from safetensors import safe_open

from core_model.errors import MocapError
from core_model.network import INTConfig, INTNetwork
from core_model.network.checkpoints import file_hash, load_weights, save_weights
from train.averaging import averaged, main


def a_network(path, seed, width=32):
    torch.manual_seed(seed)
    config = replace(INTConfig.keypoints(), width=width, spatial_blocks=1, temporal_blocks=1)
    network = INTNetwork(config)
    save_weights(network, path, {})
    return network


def test_every_parameter_is_the_mean_and_the_file_says_of_what(tmp_path, capsys):
    files = [tmp_path / f"{seed}.safetensors" for seed in range(3)]
    states = [a_network(path, seed).state_dict() for seed, path in enumerate(files)]
    out = tmp_path / "mean.safetensors"
    assert main([*map(str, files), "-o", str(out)]) == 0
    mean = load_weights(out).state_dict()
    for name, value in mean.items():
        torch.testing.assert_close(value, sum(state[name] for state in states) / 3)
    with safe_open(out, "np") as file:
        told = json.loads(file.metadata()["training"])
    assert told == {"mean_of_sha256": [file_hash(path) for path in files]}


def test_networks_that_are_built_differently_have_no_mean(tmp_path):
    first, second = tmp_path / "a.safetensors", tmp_path / "b.safetensors"
    a_network(first, 0)
    a_network(second, 1, width=64)
    with pytest.raises(MocapError, match="built differently"):
        averaged([first, second])

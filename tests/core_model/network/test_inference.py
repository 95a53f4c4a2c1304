"""The network made ready for reading says what the network says."""

import copy

import numpy as np
import pytest
import torch

from core_model.geometry.rotations import rot6d_to_matrix, rotation_angle
from core_model.network import INTConfig, INTNetwork, inference
from core_model.network.inference import prepare_for_inference, rearranged
from tests.core_model import parity


@pytest.fixture(scope="module")
def read(image_network):
    """Return two frames and what the network as it is says about them."""
    pictures = torch.from_numpy(parity.frames(13, 1, 2))
    return pictures, image_network(pictures)


@pytest.mark.parametrize("packed", [True, False])
def test_prepared_network_agrees_in_single_precision(image_network, read, packed, monkeypatch):
    if not packed:
        monkeypatch.setattr(inference, "_packing_works", lambda dtype: False)
    pictures, expected = read
    fast = prepare_for_inference(copy.deepcopy(image_network))
    for ours, theirs in zip(fast(pictures), expected, strict=True):
        torch.testing.assert_close(ours, theirs, atol=1e-4, rtol=0)


@pytest.mark.parametrize(
    "arrange",
    [
        lambda network: prepare_for_inference(network, half=True),
        # What a graphics card gets, calculated by the processor.
        lambda network: rearranged(network, torch.float16, torch.bfloat16, packed=False),
    ],
    ids=["processor", "graphics card"],
)
def test_half_precision_turns_joints_by_less_than_half_a_degree(image_network, read, arrange):
    pictures, expected = read
    output = arrange(copy.deepcopy(image_network))(pictures)
    assert output.rot6d.dtype == torch.float32
    angles = rotation_angle(rot6d_to_matrix(output.rot6d), rot6d_to_matrix(expected.rot6d))
    # Made-up weights sometimes give nearly parallel 6D vectors, and rounding turns those further: by
    # up to 1.0 degree without units for bfloat16, 1.12 with them.
    assert np.degrees(angles).median() < 0.5
    assert np.degrees(angles).quantile(0.95) < 1.5


def test_networks_over_keypoints_stay_as_they_are():
    network = INTNetwork(INTConfig.keypoints())
    before = {name: id(part) for name, part in network.named_modules()}
    assert prepare_for_inference(network) is network
    assert {name: id(part) for name, part in network.named_modules()} == before

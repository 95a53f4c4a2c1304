"""Reference vectors and the made-up image network, which takes seconds to fill."""

import numpy as np
import pytest
import torch

from core_model.network import INTConfig, INTNetwork
from tests.core_model import parity
from tests.core_model.int_files import as_trained


@pytest.fixture(scope="session")
def vectors(shared):
    return np.load(shared / "parity" / "int_parity.npz")


@pytest.fixture(scope="session")
def image_network():
    """Return the image network with the weights of the vectors; leave it as it is."""
    network = INTNetwork(INTConfig.image()).eval().requires_grad_(False)
    parity.fill(network)
    return network


@pytest.fixture(scope="session")
def int_checkpoint(image_network, tmp_path_factory):
    """Return the path of that network as a checkpoint of the reference's trainer."""
    path = tmp_path_factory.mktemp("checkpoint") / "model_best.pth.tar"
    torch.save(as_trained(image_network.state_dict()), path)
    return path

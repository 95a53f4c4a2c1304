"""Reference vectors and the made-up image network, which takes seconds to fill."""

import numpy as np
import pytest

from core_model.network import INTConfig, INTNetwork
from tests.core_model import parity


@pytest.fixture(scope="session")
def vectors(shared):
    return np.load(shared / "parity" / "int_parity.npz")


@pytest.fixture(scope="session")
def image_network():
    """Return the image network with the weights of the vectors; leave it as it is."""
    network = INTNetwork(INTConfig.image()).eval().requires_grad_(False)
    parity.fill(network)
    return network

"""The INT network: one class, two kinds of evidence."""

from core_model.network.config import INTConfig
from core_model.network.int_network import INTNetwork, INTOutput

__all__ = ["INTConfig", "INTNetwork", "INTOutput"]

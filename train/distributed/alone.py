"""One process: there is nobody to speak to."""

from collections.abc import Sequence
from typing import Any

from torch import Tensor

from train.distributed.processes import Processes


class OneProcess(Processes):
    """Training in one process; needs neither Horovod nor torchrun."""

    @property
    def rank(self) -> int:
        """Zero."""
        return 0

    @property
    def size(self) -> int:
        """One."""
        return 1

    @property
    def local_rank(self) -> int:
        """Zero."""
        return 0

    def broadcast(self, tensors: Sequence[Tensor]) -> None:
        """Leave tensors as they are."""

    def broadcast_value(self, value: Any) -> Any:
        """Return the value."""
        return value

    def average(self, tensors: Sequence[Tensor], half: bool = False) -> None:
        """Leave tensors as they are."""

    def gather(self, value: Any) -> list[Any]:
        """Return the value alone."""
        return [value]

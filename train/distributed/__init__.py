"""Several processes that train one network: alone, under torchrun, or under Horovod.

The rest of training knows `Processes` only; `connect` finds out who started this process.
"""

import os

from train.distributed.processes import Processes, SharedState

__all__ = ["Processes", "SharedState", "connect"]


def connect() -> Processes:
    """Return how this process speaks to the others that train with it.

    Raises
    ------
    MocapError
        When it was started by Horovod, which is not installed or was built for another PyTorch.
    """
    if "HOROVOD_RANK" in os.environ:
        from train.distributed.with_horovod import HorovodProcesses

        return HorovodProcesses()
    if "TORCHELASTIC_RUN_ID" in os.environ:
        from train.distributed.with_torch import TorchProcesses

        return TorchProcesses()
    from train.distributed.alone import OneProcess

    return OneProcess()

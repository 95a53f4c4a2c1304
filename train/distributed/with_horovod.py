"""Processes under Horovod: `horovodrun` for a fixed number, or elastic with `--min-np`.

The only module that knows Horovod. `train/distributed/build_horovod.sh` builds it for the PyTorch
that is installed.
"""

import copy
import json
import os
from collections.abc import Callable, Sequence
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from core_model.errors import MocapError
from train.distributed.processes import Processes, SharedState

_HOW = "`make horovod` builds it for this PyTorch (docs/training.md)"


class HorovodProcesses(Processes):
    """Processes that `horovodrun` started.

    Raises
    ------
    MocapError
        When Horovod is not installed, or was built for another PyTorch.
    """

    def __init__(self) -> None:
        self._hvd = _horovod()
        self._hvd.init()
        if torch.cuda.is_available():
            torch.cuda.set_device(self.local_rank)
        self._kept: Any = None

    @property
    def rank(self) -> int:
        """Number of this process, from 0."""
        return int(self._hvd.rank())

    @property
    def size(self) -> int:
        """How many processes there are now."""
        return int(self._hvd.size())

    @property
    def local_rank(self) -> int:
        """Number of this process among those of its machine."""
        return int(self._hvd.local_rank())

    def broadcast(self, tensors: Sequence[Tensor]) -> None:
        """Overwrite tensors, in place, by those of rank 0."""
        for tensor in tensors:
            self._hvd.broadcast_(tensor, root_rank=0, name="broadcast")

    def broadcast_value(self, value: Any) -> Any:
        """Return the value that rank 0 gives."""
        return self._hvd.broadcast_object(value, root_rank=0, name="value")

    def average(self, tensors: Sequence[Tensor], half: bool = False) -> None:
        """Overwrite tensors, in place, by their means over the processes."""
        sent = [tensor.half() if half else tensor for tensor in tensors]
        # Names, since after a process was lost the counters of the others need not agree.
        self._hvd.grouped_allreduce_(sent, op=self._hvd.Average, name="average")
        if half:
            for tensor, mean in zip(tensors, sent, strict=True):
                tensor.copy_(mean)

    def gather(self, value: Any) -> list[Any]:
        """Return the values of all processes in the order of their ranks."""
        found: list[Any] = self._hvd.allgather_object(value, name="gather")
        return found

    def run(self, state: SharedState, work: Callable[[], None]) -> None:
        """Give every process the state of rank 0 and do the work, again when processes change."""
        if os.environ.get("HOROVOD_ELASTIC") != "1":
            super().run(state, work)
            return
        self._kept = _kept_state(state, self._hvd.broadcast_object, self.share, lambda: self.rank)
        self._hvd.elastic.run(lambda _: work())(self._kept)

    def commit(self, state: SharedState) -> None:
        """Keep the state, to go on from when a process is lost; a place where others may join."""
        if self._kept is not None:
            self._kept.commit()

    def close(self) -> None:
        """Say goodbye to the others."""
        self._hvd.shutdown()


def _horovod() -> Any:
    """Return Horovod for PyTorch, if it is there and was built for this very version."""
    try:
        facts = distribution("horovod").locate_file("horovod/metadata.json")
        built = json.loads(Path(str(facts)).read_text(encoding="utf-8"))
    except (PackageNotFoundError, OSError) as error:
        raise MocapError(f"Horovod is not installed: {_HOW}.") from error
    if built.get("pytorch") != torch.__version__:
        # Horovod itself would only warn, and fail later or, worse, not at all.
        raise MocapError(
            f"Horovod was built for PyTorch {built.get('pytorch')}, but this is "
            f"{torch.__version__}: {_HOW}."
        )
    import horovod.torch

    return horovod.torch


def _kept_state(
    state: SharedState,
    broadcast_object: Callable[[Any], Any],
    share: Callable[[SharedState], None],
    rank: Callable[[], int],
) -> Any:
    """Return the state as Horovod's elastic mode wants it."""
    from horovod.common.elastic import State

    class KeptState(State):
        def save(self) -> None:
            self.copy = copy.deepcopy(state.capture())

        def restore(self) -> None:
            # Again a copy: what is restored goes on changing.
            state.restore(copy.deepcopy(self.copy))

        def sync(self) -> None:
            share(state)
            self.save()

    return KeptState(broadcast_object, rank)

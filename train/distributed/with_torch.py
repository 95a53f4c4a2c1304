"""Processes under `torchrun`, connected by torch.distributed: NCCL between cards, else Gloo.

A process that dies makes torchrun start all of them again (`--max-restarts`), with as many as are
left (`--nnodes=1:4`); training then goes on from what it wrote last. So `commit` writes, where
Horovod keeps the state in memory.
"""

import os
from collections.abc import Iterator, Sequence
from typing import Any

import torch
import torch.distributed
from torch import Tensor

from train.distributed.processes import Processes, SharedState

_BUCKET = 2**24
"""Numbers that go in one message: 64 MB."""


class TorchProcesses(Processes):
    """Processes that `torchrun` started; connected as it says in their environment."""

    def __init__(self) -> None:
        if torch.cuda.is_available():
            torch.cuda.set_device(self.local_rank)
            # Gloo beside NCCL, for what lies in main memory.
            torch.distributed.init_process_group("cpu:gloo,cuda:nccl")
        else:
            torch.distributed.init_process_group("gloo")

    @property
    def rank(self) -> int:
        """Number of this process, from 0."""
        return torch.distributed.get_rank()

    @property
    def size(self) -> int:
        """How many processes there are."""
        return torch.distributed.get_world_size()

    @property
    def local_rank(self) -> int:
        """Number of this process among those of its machine."""
        return int(os.environ["LOCAL_RANK"])

    def broadcast(self, tensors: Sequence[Tensor]) -> None:
        """Overwrite tensors, in place, by those of rank 0."""
        for tensor in tensors:
            torch.distributed.broadcast(tensor, src=0)

    def broadcast_value(self, value: Any) -> Any:
        """Return the value that rank 0 gives."""
        values = [value]
        torch.distributed.broadcast_object_list(values, src=0, device=torch.device("cpu"))
        return values[0]

    def average(self, tensors: Sequence[Tensor], half: bool = False) -> None:
        """Overwrite tensors, in place, by their means over the processes."""
        for bucket in _buckets(tensors):
            flat = torch.cat([tensor.flatten() for tensor in bucket]) / self.size
            sent = flat.half() if half else flat
            torch.distributed.all_reduce(sent)
            parts = sent.to(flat.dtype).split([tensor.numel() for tensor in bucket])
            for tensor, part in zip(bucket, parts, strict=True):
                tensor.copy_(part.view_as(tensor))

    def gather(self, value: Any) -> list[Any]:
        """Return the values of all processes in the order of their ranks."""
        values: list[Any] = [None] * self.size
        # Through the CPU's group: objects are no work for a card.
        torch.distributed.all_gather_object(values, value)
        return values

    def commit(self, state: SharedState) -> None:
        """Write the state, if processes may be started again."""
        if self.rank == 0 and int(os.environ.get("TORCHELASTIC_MAX_RESTARTS", "0")):
            state.save()

    def close(self) -> None:
        """Say goodbye to the others."""
        torch.distributed.destroy_process_group()


def _buckets(tensors: Sequence[Tensor]) -> Iterator[list[Tensor]]:
    bucket: list[Tensor] = []
    for tensor in tensors:
        if bucket and sum(each.numel() for each in bucket) + tensor.numel() > _BUCKET:
            yield bucket
            bucket = []
        bucket.append(tensor)
    if bucket:
        yield bucket

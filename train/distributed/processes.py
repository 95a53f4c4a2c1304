"""What training asks of the library that connects its processes."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

import torch
from torch import Tensor


class SharedState(Protocol):
    """What every process must hold alike: weights, optimiser, place in the run."""

    def capture(self) -> dict[str, Any]:
        """Return the state as tensors in dicts, lists and tuples, and plain values."""

    def restore(self, state: dict[str, Any]) -> None:
        """Go on from a state that `capture` of this or another process returned."""

    def save(self) -> None:
        """Write the state where a process that begins anew finds it; rank 0 alone does."""


class Processes(ABC):
    """The processes that train one network together, seen from one of them.

    Every method but the properties must be called by all processes, in the same order.
    """

    @property
    @abstractmethod
    def rank(self) -> int:
        """Number of this process, from 0."""

    @property
    @abstractmethod
    def size(self) -> int:
        """How many processes there are; may change between calls of the work of `run`."""

    @property
    @abstractmethod
    def local_rank(self) -> int:
        """Number of this process among those of its machine, by which it takes a graphics card."""

    @abstractmethod
    def broadcast(self, tensors: Sequence[Tensor]) -> None:
        """Overwrite tensors, in place, by those of rank 0."""

    @abstractmethod
    def broadcast_value(self, value: Any) -> Any:
        """Return the value that rank 0 gives; any Python object that can be pickled."""

    @abstractmethod
    def average(self, tensors: Sequence[Tensor], half: bool = False) -> None:
        """Overwrite tensors, in place, by their means over the processes; in few large messages.

        Parameters
        ----------
        tensors : sequence of Tensor
            Of one device and floating point.
        half : bool
            Send float16, which halves what goes over the wire and keeps three digits.
        """

    @abstractmethod
    def gather(self, value: Any) -> list[Any]:
        """Return the values of all processes in the order of their ranks."""

    def average_values(self, values: Mapping[str, float]) -> dict[str, float]:
        """Return the means of named numbers over the processes; a name need not be everywhere."""
        gathered = self.gather(dict(values))
        names = dict.fromkeys(name for each in gathered for name in each)
        found = {name: [each[name] for each in gathered if name in each] for name in names}
        return {name: sum(each) / len(each) for name, each in found.items()}

    def anyone(self, wish: bool) -> bool:
        """Tell whether any process wishes something: all then do it at the same step."""
        wishes = torch.tensor([float(wish)])
        self.average([wishes])
        return bool(wishes[0] > 0)

    def run(self, state: SharedState, work: Callable[[], None]) -> None:
        """Give every process the state of rank 0, then do the work.

        Under an elastic launcher the work is begun again, from what `commit` kept, whenever
        processes have gone or come; it must find its place in the state.
        """
        self.share(state)
        work()

    def commit(self, state: SharedState) -> None:  # noqa: B027  # few need it
        """Keep the state, to go on from when a process is lost; a place where others may join."""

    def share(self, state: SharedState) -> None:
        """Give every process the state of rank 0; tensors go one by one, so memory stays small."""
        if self.size == 1:
            return
        content: Any = state.capture() if self.rank == 0 else None
        tensors: list[Tensor] = []
        skeleton = self.broadcast_value(_taken_apart(content, tensors))
        filled = _put_together(skeleton, tensors if self.rank == 0 else None, self.broadcast)
        if self.rank:
            state.restore(filled)

    def close(self) -> None:  # noqa: B027  # one process has nobody to say it to
        """Say goodbye to the others."""


class _Hole:
    """Stands for a tensor, which is sent by itself."""

    def __init__(self, tensor: Tensor) -> None:
        self.shape, self.dtype, self.kind = tensor.shape, tensor.dtype, tensor.device.type


def _taken_apart(value: Any, tensors: list[Tensor]) -> Any:
    if isinstance(value, Tensor):
        tensors.append(value)
        return _Hole(value)
    if isinstance(value, dict):
        return {key: _taken_apart(each, tensors) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return type(value)(_taken_apart(each, tensors) for each in value)
    return value


def _put_together(
    value: Any, own: list[Tensor] | None, broadcast: Callable[[Sequence[Tensor]], None]
) -> Any:
    """Fill holes by the tensors of rank 0, which gives its `own` in the order of the holes."""
    if isinstance(value, _Hole):
        if own is not None:
            tensor = own.pop(0).detach().clone()
        else:
            device = (
                "cpu" if value.kind == "cpu" else torch.device("cuda", torch.cuda.current_device())
            )
            tensor = torch.empty(value.shape, dtype=value.dtype, device=device)
        if tensor.numel():
            broadcast([tensor])
        return tensor
    if isinstance(value, dict):
        return {key: _put_together(each, own, broadcast) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return type(value)(_put_together(each, own, broadcast) for each in value)
    return value

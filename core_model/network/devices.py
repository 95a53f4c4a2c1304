"""Where a network runs: the graphics card when there is one, else the processor."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TypeVar

import torch

from core_model.engine.side_by_side import MOST, Share, Task, side_by_side, untold
from core_model.errors import MocapError

T = TypeVar("T")


def choose_device(name: str) -> torch.device:
    """Turn "auto", "cpu" or "cuda" into a device.

    Raises
    ------
    MocapError
        When CUDA is asked for and not to be had.
    """
    if name == "auto":
        return torch.device("cuda" if torch.cuda.is_available() else "cpu")
    if name == "cuda" and not torch.cuda.is_available():
        raise MocapError(
            "CUDA was asked for, but this PyTorch finds no NVIDIA card; choose the processor (cpu)."
        )
    if name not in ("cpu", "cuda"):
        raise MocapError(f"'{name}' is no device; use auto, cpu or cuda.")
    return torch.device(name)


@contextmanager
def one_thread() -> Iterator[None]:
    """Run PyTorch's processor kernels on one thread for a while.

    Long chains of small operations gain nothing from more, and on a machine that is busy with
    other things (Blender, say) the threads wait for each other: tens of times as long was seen.
    """
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(threads)


def calculated(
    tasks: Sequence[Task[T]], device: torch.device, tell: Share = untold, most: int = MOST
) -> list[T]:
    """Do tasks that calculate with PyTorch: on a processor side by side, one thread for each.

    The numbers are the same to the bit, however many there are at once.

    Parameters
    ----------
    tasks : sequence of Task
    device : torch.device
        Where they calculate.
    tell : callable
        Is told the share that is done, 0 to 1.
    most : int
        So many at once at most on a processor.
    """

    def alone(run: Callable[[Share], T]) -> Callable[[Share], T]:
        def task(share: Share) -> T:
            with one_thread():
                return run(share)

        return task

    with one_thread():
        most = most if device.type == "cpu" else 1
        return side_by_side([Task(task.size, alone(task.run)) for task in tasks], tell, most)

"""The loop of every training: steps on batches, shared among processes, stopped and gone on with.

What a network learns from, and how it is judged, is the business of those that run the loop.
"""

import math
import signal
import threading
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

from core_model.errors import MocapError
from train.distributed import Processes


class TrainingLoop(ABC):
    """A training run, seen from one of its processes.

    Attributes
    ----------
    processes : Processes
    network : nn.Module
    optimizers : sequence of torch.optim.Optimizer
    step : int
        How many steps are done.
    longest_gradient : float or None
        Longer ones are shortened to it.
    half_messages : bool
        Send gradients as float16.
    stopped : int
        The signal, Ctrl-C's or SIGTERM, that ended it before its time, after which the same
        command goes on; 0 if none did.
    """

    processes: Processes
    network: nn.Module
    optimizers: Sequence[torch.optim.Optimizer]
    step: int = 0
    longest_gradient: float | None = None
    half_messages: bool = False
    stopped: int = 0

    @abstractmethod
    def capture(self) -> dict[str, Any]:
        """Return all that must be alike in every process, and all that a file needs to go on."""

    @abstractmethod
    def restore(self, state: dict[str, Any]) -> None:
        """Go on from what `capture` returned."""

    @abstractmethod
    def save(self) -> None:
        """Write the state into the run's folder, if this process leads."""

    @abstractmethod
    def work(self) -> None:
        """Do steps until the end, or until the processes change."""

    def train(self) -> None:
        """Train until the end; every process begins with the state of rank 0."""
        self.processes.run(self, self.work)

    @property
    def leads(self) -> bool:
        """Whether this process writes files and speaks to the user."""
        return self.processes.rank == 0

    def learn(
        self, losses: Iterable[tuple[Tensor, dict[str, float]]], count: int
    ) -> dict[str, float]:
        """Do one step.

        Parameters
        ----------
        losses : iterable of (Tensor, dict)
            Of each batch of this process: what to make small, and what to report.
        count : int
            How many batches there are.

        Returns
        -------
        dict of str to float
            The means of the reports of this process.

        Raises
        ------
        MocapError
            When a loss is no number: nothing is learnt any more.
        """
        self.network.zero_grad()
        sums: dict[str, float] = {}
        for loss, report in losses:
            if not math.isfinite(loss.item()):
                raise MocapError(
                    f"The loss is no number any more after {self.step} steps: a smaller rate, or "
                    "shorter gradients (optimiser.clip), may help. The last checkpoint is sound."
                )
            (loss / count if count > 1 else loss).backward()
            for name, value in report.items():
                sums[name] = sums.get(name, 0.0) + value / count
        self._share_gradients()
        if self.longest_gradient:
            nn.utils.clip_grad_norm_(self.network.parameters(), self.longest_gradient)
        for optimizer in self.optimizers:
            optimizer.step()
        return sums

    def stop_together(self, wish: "StopWish") -> bool:
        """Tell whether to stop after this step: all processes do if one was asked to."""
        if self.processes.size == 1:
            self.stopped = wish.signal
        elif self.processes.anyone(wish.came):
            self.stopped = max(self.processes.gather(wish.signal))
        return self.stopped != 0

    def _share_gradients(self) -> None:
        if self.processes.size == 1:
            return
        gradients = []
        # A parameter that one process had no use for may have a gradient in another.
        for parameter in self.network.parameters():
            if parameter.requires_grad:
                if parameter.grad is None:
                    parameter.grad = torch.zeros_like(parameter)
                gradients.append(parameter.grad)
        self.processes.average(gradients, half=self.half_messages)


@dataclass
class StopWish:
    """Which signal, Ctrl-C's or SIGTERM, asked to stop; 0: none."""

    signal: int = 0

    @property
    def came(self) -> bool:
        """Whether a stop is wished."""
        return self.signal != 0


@contextmanager
def stop_wished(at_once: bool) -> Iterator[StopWish]:
    """Let Ctrl-C and SIGTERM end the block without an error.

    Parameters
    ----------
    at_once : bool
        In the middle of whatever is done. If not, the block has to look at the wish: several
        processes must stop after the same step, or they would wait for each other for ever.
    """
    wish = StopWish()

    def note(number: int, *_: object) -> None:
        wish.signal = number
        if at_once:
            raise KeyboardInterrupt

    before = {}
    if threading.current_thread() is threading.main_thread():
        numbers = (signal.SIGINT, signal.SIGTERM)
        before = {number: signal.signal(number, note) for number in numbers}
    try:
        yield wish
    except KeyboardInterrupt:
        if not at_once:
            raise
        wish.signal = wish.signal or signal.SIGINT
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)

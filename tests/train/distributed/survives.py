"""A process of an elastic run that counts steps; every process writes down where it is.

`python -m tests.train.distributed.survives FOLDER STEPS` trains one number towards another. It
keeps its state every few steps, in memory or, where processes begin anew, in `FOLDER/state.pt`.
"""

import os
import sys
import time
from pathlib import Path
from typing import Any

import torch

from core_model.storage.atomic import replaced_when_complete
from train.distributed import connect

KEPT_EVERY = 5
PAUSE = 0.05


class Count:
    """The number of steps, and a weight that goes half of the way to 1 in each."""

    def __init__(self, folder: Path, steps: int) -> None:
        self.folder, self.steps = folder, steps
        self.processes = connect()
        self.step, self.weight = 0, torch.zeros(1, dtype=torch.float64)
        kept = folder / "state.pt"
        if self.processes.rank == 0 and kept.exists():
            self.restore(torch.load(kept, weights_only=True))

    def capture(self) -> dict[str, Any]:
        """Return the state."""
        return {"step": self.step, "weight": self.weight.clone()}

    def restore(self, state: dict[str, Any]) -> None:
        """Take a state."""
        self.step, self.weight = state["step"], state["weight"].clone()

    def save(self) -> None:
        """Write the state into a file."""
        with replaced_when_complete(self.folder / "state.pt") as temporary:
            torch.save(self.capture(), temporary)

    def work(self) -> None:
        """Count, together."""
        while self.step < self.steps:
            gradient = (1 - self.weight) / 2
            self.processes.average([gradient])
            self.weight += gradient
            self.step += 1
            line = f"{self.step} {self.processes.size} {float(self.weight)}\n"
            with open(self.folder / f"{os.getppid()}_{os.getpid()}.txt", "a") as file:
                file.write(line)
            time.sleep(PAUSE)
            if self.step % KEPT_EVERY == 0:
                self.processes.commit(self)


def main(folder: Path, steps: int) -> None:
    """Train, and say goodbye."""
    count = Count(folder, steps)
    count.processes.run(count, count.work)
    count.processes.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))

"""A process that does everything that `Processes` can, and writes down what it was told."""

import json
import sys
from pathlib import Path
from typing import Any

import torch

from train.distributed import connect


class State:
    """Tensors in nests, as in the state of an optimiser."""

    def __init__(self, rank: int) -> None:
        self.content: dict[str, Any] = {
            "weights": {"a": torch.full((2, 3), float(rank)), "empty": torch.empty(0)},
            "list": [torch.tensor(rank), "text", (rank, None)],
            "step": 7 + rank,
        }

    def capture(self) -> dict[str, Any]:
        """Return the content."""
        return self.content

    def restore(self, state: dict[str, Any]) -> None:
        """Take another content."""
        self.content = state

    def save(self) -> None:
        """Write nothing: nobody begins anew."""


def main(folder: Path) -> None:
    """Speak, and write `rank.json`."""
    processes = connect()
    rank = processes.rank
    first, second = torch.full((3,), float(rank)), torch.arange(4).double() + rank
    processes.broadcast([first, second])
    means = [torch.full((2, 2), float(rank)), torch.tensor(10.0 * rank), torch.tensor([1 / 3])]
    processes.average(means)
    rough = [torch.full((2,), 1 / 3 + rank)]
    processes.average(rough, half=True)
    state = State(rank)
    ran = []
    processes.run(state, lambda: ran.append(state.content["step"]))
    content = state.content
    told = {
        "kind": type(processes).__name__,
        "size": processes.size,
        "local_rank": processes.local_rank,
        "broadcast": [first.tolist(), second.tolist()],
        "value": processes.broadcast_value({"from": rank}),
        "means": [mean.tolist() for mean in means],
        "rough": [rough[0].tolist(), str(rough[0].dtype)],
        "gathered": processes.gather((rank, "x" * rank)),
        "values": processes.average_values({"loss": float(rank), f"only{rank}": 5.0}),
        "wishes": [processes.anyone(rank == 1), processes.anyone(False)],
        "state": [content["weights"]["a"].tolist(), int(content["list"][0]), content["list"][1:]],
        "ran": ran,
    }
    (folder / f"{rank}.json").write_text(json.dumps(told))
    processes.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]))

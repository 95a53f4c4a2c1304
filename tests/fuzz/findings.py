"""What became of the files of a target, kept from one sitting to the next."""

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path

from core_model.storage.atomic import replaced_when_complete

READ, REFUSED, HANGS = "read", "refused", "hangs"


@dataclass
class Findings:
    """What became of the files of a target.

    Parameters
    ----------
    read, refused : int
        Files that were read after all, and that were refused with a sentence.
    faults : dict of str to int
        What else happened, and how often.
    slowest : float
        Seconds of the slowest file.
    memory : float
        Megabytes that a process had at most.
    batches : int
        How many batches were begun; each has a seed of its own.
    """

    read: int = 0
    refused: int = 0
    faults: dict[str, int] = field(default_factory=dict)
    slowest: float = 0.0
    memory: float = 0.0
    batches: int = 0

    @property
    def tried(self) -> int:
        """How many files there were."""
        return self.read + self.refused + sum(self.faults.values())

    def note(self, outcome: str) -> None:
        """Count a file: `READ`, `REFUSED`, or the name of a fault."""
        if outcome == READ:
            self.read += 1
        elif outcome == REFUSED:
            self.refused += 1
        else:
            self.faults[outcome] = self.faults.get(outcome, 0) + 1

    def save(self, path: Path) -> None:
        """Write them to a file."""
        with replaced_when_complete(path) as temporary:
            temporary.write_text(json.dumps(asdict(self)), encoding="utf-8")


def findings_at(path: Path) -> Findings:
    """Return what `Findings.save` wrote; nothing yet where there is no such file."""
    if not path.exists():
        return Findings()
    return Findings(**json.loads(path.read_text(encoding="utf-8")))

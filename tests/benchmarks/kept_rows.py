"""Rows of a long table in a file, so that a measurement that was broken off goes on."""

import hashlib
import json
from collections.abc import Callable, Sequence
from pathlib import Path

from bake.retarget.human import HumanMotion
from core_model.storage.atomic import replaced_when_complete
from tests.places import ROOT

CODE = (
    *(f"bake/{room}" for room in ("motion", "retarget/keying", "retarget/solving")),
    "bake/retarget/sources",
    *(f"tests/bake/retarget/{file}.py" for file in ("played", "rig_variants", "rigs", "truth")),
    "tests/benchmarks/retarget.py",
)
"""Whose every change makes all rows old."""


class KeptRows:
    """Rows that were measured with one code, each once.

    Parameters
    ----------
    file : Path or None
        Of JSON, where they are kept.
    """

    def __init__(self, file: Path | None) -> None:
        self.file = file
        sources = [
            each
            for part in CODE
            for each in ([ROOT / part] if part.endswith(".py") else (ROOT / part).rglob("*.py"))
        ]
        code = hashlib.sha256(b"".join(each.read_bytes() for each in sorted(sources)))
        self.rows: dict[str, str] = {"code": code.hexdigest()}
        if file and file.exists():
            found = json.loads(file.read_text(encoding="utf-8"))
            if found["code"] != self.rows["code"]:
                raise SystemExit(f"{file} was measured with other code: remove it to begin anew.")
            self.rows = found

    def __call__(
        self, measure: Callable[..., str], *what: str, motions: Sequence[HumanMotion]
    ) -> str:
        """Return a row, measured now if it was not before."""
        frames = f"{len(motions)} motions, {sum(map(len, motions))} frames"
        key = " / ".join((measure.__name__, *what, frames))
        if key not in self.rows:
            self.rows[key] = measure(*what, motions)
            if self.file:
                with replaced_when_complete(self.file) as temporary:
                    temporary.write_text(json.dumps(self.rows, indent=1), encoding="utf-8")
        return self.rows[key]

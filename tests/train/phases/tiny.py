"""A phase on a network with a trunk of one narrow block a stage, and small sets of pictures."""

from pathlib import Path
from typing import Any

from train.settings.records import read_values

TINY = {
    "width": 48,
    "blocks": 1,
    "heads": 4,
    "temporal_blocks": 1,
    "temporal_heads": 4,
    "trunk": [[128, 1, 1], [256, 1, 2], [384, 1, 2]],
}
"""A hundredth of the work of the paper's network, and all its parts."""


def phase_values(phase: int, folder: Path, **run: Any) -> dict[str, Any]:
    """Return the shipped configuration of a phase on small sets, with our own body."""
    values = read_values(f"configs/phase{phase}.yaml")
    values["network"] |= TINY
    values["mixture"] |= {"root": str(folder / "data"), "clip_length": 2}
    for kind in ("clips_3d", "clips_2d"):
        values["mixture"][kind] = min(values["mixture"].get(kind, 0), 1)
    values["mixture"]["pictures"] = min(values["mixture"].get("pictures", 0), 2)
    values["body"] = {}
    values["validation"] = {}
    values["run"] |= {
        "folder": str(folder / f"phase{phase}"),
        "epochs": 1,
        "epoch_batches": 4,
        "workers": 0,
        "log_every": 1,
        "start": None,
        "init": None,
        **run,
    }
    return values

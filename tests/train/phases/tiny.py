"""A phase on a network with a trunk of one narrow block a stage, and small sets of pictures.

As a program, `python -m tests.train.phases.tiny CONFIG [SETTING=VALUE ...]`, it trains as
`python -m train` does, with that trunk.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest import mock

from core_model.network import INTConfig, image_tokens


@contextmanager
def tiny_network() -> Iterator[None]:
    """Make image networks small in the block: a hundredth of the work, all its parts."""
    stages = ((128, 1, 1), (256, 1, 2), (384, 1, 2))

    def config(
        temporal: bool = True, temporal_embedding_length: int | None = 16, temporal_heads: int = 12
    ) -> INTConfig:
        return INTConfig("image", 48, 1, 4, int(temporal), 4, temporal_embedding_length)

    with (
        mock.patch.object(image_tokens, "_STAGES", stages),
        mock.patch.object(INTConfig, "image", config),
    ):
        yield


def phase_values(phase: int, folder: Path, **run: Any) -> dict[str, Any]:
    """Return the shipped configuration of a phase on small sets, with our own body."""
    from train.settings.records import read_values

    values = read_values(f"configs/phase{phase}.yaml")
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


if __name__ == "__main__":
    with tiny_network():
        from train.__main__ import main

        sys.exit(main(sys.argv[1:]))

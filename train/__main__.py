"""Train weights: `python -m train configs/keypoints.yaml`."""

import argparse
import dataclasses
import sys
from typing import Any

from core_model.engine.command_line import a_number, a_path, command


@command("python -m train")
def main(arguments: list[str] | None = None) -> int:
    """Run the command line and return its exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m train",
        description="Train an INT network. A run that was stopped (Ctrl-C and SIGTERM are safe) "
        "goes on where it was; its folder holds log.csv, the state and weights.safetensors.",
    )
    parser.add_argument("config", type=a_path, help="YAML file, for example configs/keypoints.yaml")
    parser.add_argument("--minutes", type=a_number, help="train this long instead of what is set")
    parser.add_argument("--folder", type=a_path, help="keep the run in this folder")
    parser.add_argument("--fresh", action="store_true", help="start anew, do not resume")
    given = parser.parse_args(arguments)
    # The heavy libraries are loaded only once it is known that there is work to do.
    from train.config import load_config
    from train.trainer import Trainer

    config = load_config(given.config)
    changes: dict[str, Any] = {}
    if given.minutes is not None:
        changes["minutes"] = given.minutes
    if given.folder is not None:
        changes["folder"] = str(given.folder)
    config = dataclasses.replace(config, run=dataclasses.replace(config.run, **changes))
    Trainer(config, resume=not given.fresh).train()
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""Train weights: `python -m train configs/keypoints.yaml`."""

import argparse
import dataclasses
import sys

from core_model.errors import MocapError
from train.config import load_config
from train.trainer import Trainer


def main() -> int:
    """Run the command line."""
    parser = argparse.ArgumentParser(
        prog="python -m train",
        description="Train an INT network. A run that was stopped (Ctrl-C is safe) goes on where "
        "it was; its folder holds log.csv, the state and weights.safetensors.",
    )
    parser.add_argument("config", help="YAML file, for example configs/keypoints.yaml")
    parser.add_argument("--minutes", type=float, help="train this long instead of what is set")
    parser.add_argument("--folder", help="keep the run in this folder")
    parser.add_argument("--fresh", action="store_true", help="start anew, do not resume")
    arguments = parser.parse_args()
    try:
        config = load_config(arguments.config)
        changes = {
            name: value
            for name in ("minutes", "folder")
            if (value := getattr(arguments, name)) is not None
        }
        config = dataclasses.replace(config, run=dataclasses.replace(config.run, **changes))
        Trainer(config, resume=not arguments.fresh).train()
    except MocapError as error:
        print(error, file=sys.stderr)
        return error.exit_code
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""Train weights: `python -m train configs/keypoints.yaml`."""

import argparse
import json
import os
import sys

from core_model.engine.command_line import a_number, a_path, a_whole_number, command
from core_model.errors import MocapError

_PATHS = ("start", "folder")


@command("python -m train")
def main(arguments: list[str] | None = None) -> int:
    """Run the command line and return its exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m train",
        description="Train an INT network: over landmarks (keypoints.yaml) or pictures "
        "(phase1.yaml to phase3.yaml). A run that was stopped (Ctrl-C and SIGTERM are safe; "
        "the exit codes are 130 and 143) goes on where it was; its folder holds log.csv, the "
        "state and the weights.",
    )
    parser.add_argument("config", type=a_path, help="YAML file, for example configs/keypoints.yaml")
    parser.add_argument(
        "changes",
        nargs="*",
        metavar="SETTING=VALUE",
        help="settings other than the file's, for example run.folder=runs/trial",
    )
    parser.add_argument(
        "--steps", type=a_whole_number, help="train this many steps, not what is set"
    )
    parser.add_argument(
        "--minutes", type=a_number, help="stop this sitting after so long; the same command goes on"
    )
    parser.add_argument("--start", type=a_path, help="begin with these weights, not from nothing")
    parser.add_argument("--folder", type=a_path, help="keep the run in this folder")
    parser.add_argument("--fresh", action="store_true", help="start anew, do not resume")
    given = parser.parse_intermixed_args(arguments)
    # The heavy libraries are loaded only once it is known that there is work to do.
    from train.config import TrainConfig
    from train.distributed import connect
    from train.loop.training_loop import TrainingLoop
    from train.settings.records import built_config, read_values

    if given.fresh and int(os.environ.get("TORCHELASTIC_MAX_RESTARTS", "0")):
        raise MocapError(
            "--fresh would start anew at every restart that torchrun may do: leave out "
            "--max-restarts, or move the run's folder away instead."
        )
    changes = list(given.changes)
    for name in ("steps", "start", "minutes", "folder"):
        value = getattr(given, name)
        if value is not None:
            changes.append(f"run.{name}={json.dumps(str(value) if name in _PATHS else value)}")
    values = read_values(given.config, changes)
    processes = connect()
    if isinstance(values, dict) and "mixture" in values:
        from train.phase_trainer import PhaseTrainer
        from train.phases.config import PhaseConfig

        phase = built_config(PhaseConfig, values, given.config.name)
        loop: TrainingLoop = PhaseTrainer(phase, not given.fresh, processes)
    else:
        from train.trainer import Trainer

        config = built_config(TrainConfig, values, given.config.name)
        loop = Trainer(config, not given.fresh, processes)
    loop.train()
    processes.close()
    # As the shell names a program that a signal ended: what was to come after it must not begin.
    return 128 + loop.stopped if loop.stopped else 0


if __name__ == "__main__":
    sys.exit(main())

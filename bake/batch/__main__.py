"""The command line: `python -m bake.batch`."""

import os
import sys
from collections.abc import Sequence

from bake.batch.command import Surroundings, run
from bake.batch.programs import own_program
from core_model.engine.client import Engine
from core_model.engine.command_line import command


@command("python -m bake.batch", "Stopped. The same command goes on where it was.")
def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code."""
    surroundings = Surroundings(
        "python -m bake.batch", Engine(sys.executable, dict(os.environ)), tuple(own_program())
    )
    return run(sys.argv[1:] if arguments is None else arguments, surroundings)


if __name__ == "__main__":
    sys.exit(main())

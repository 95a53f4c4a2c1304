"""`python -m train.evaluate`."""

import sys

from core_model.engine.command_line import command


@command("python -m train.evaluate")
def main() -> int:
    """Run the command line and return its exit code."""
    # The heavy libraries are loaded inside, so that one that is missing is a sentence.
    from train.evaluate import cli

    return cli.main()


if __name__ == "__main__":
    sys.exit(main())

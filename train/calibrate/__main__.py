"""`python -m train.calibrate`: the coefficients of confidence."""

import sys

from core_model.engine.command_line import command


@command("python -m train.calibrate")
def main() -> int:
    """Run the command line and return its exit code."""
    # The heavy libraries are loaded inside, so that one that is missing is a sentence.
    from train.calibrate import confidence

    return confidence.main()


if __name__ == "__main__":
    sys.exit(main())

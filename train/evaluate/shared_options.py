"""Options of the command line that several evaluations have."""

import argparse

from core_model.detection.qualities import BEST, MODELS
from core_model.engine.command_line import a_path


def add_weights(parser: argparse.ArgumentParser) -> None:
    """Let other weights be asked for: `weights`, a path or None."""
    parser.add_argument("--weights", type=a_path, help="other weights than those that ship with us")


def add_quality(parser: argparse.ArgumentParser) -> None:
    """Let the landmark network be chosen: `quality`, one of `MODELS`."""
    parser.add_argument(
        "--quality",
        choices=tuple(MODELS),
        default=BEST,
        help=f"the network that finds the landmarks (default: {BEST})",
    )

"""Options of command lines that read results of other systems."""

import argparse

from core_model.engine.command_line import a_number
from core_model.take.upright import UP_AXES


def add_reading_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what files of other systems may leave open, for every command line that reads them."""
    parser.add_argument(
        "--clip-fps",
        type=a_number,
        metavar="N",
        help="frame rate of the video behind results that do not say it, such as those of GVHMR, "
        "WHAM and 4D-Humans (default: 30, with a warning)",
    )
    parser.add_argument(
        "--up",
        choices=UP_AXES,
        default="auto",
        help="the axis that is up in files of AMASS and others where either may be: z as AMASS "
        "has it, y as many programs write it (default: auto, y only where the figure cannot be "
        "lying)",
    )

"""The options of a capture, for every command line that captures, as plain values of a job."""

import argparse
from typing import Any

from core_model.engine.command_line import a_number, a_path, a_whole_number
from core_model.engine.failures import quoted

_PLAIN = (
    *("start", "end", "fps", "quality", "focal", "height"),
    *("refine", "hands", "device", "window", "half"),
)
_FILES = ("weights", "body")


def add_capture_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the clip and how it is captured."""
    parser.add_argument("video", type=a_path, help="video, animated GIF or folder of pictures")
    parser.add_argument(
        "--view",
        type=a_path,
        action="append",
        default=[],
        metavar="CLIP",
        help="another clip of the same performance, filmed from elsewhere at the same time; may be "
        "given more than once. Nothing has to be calibrated or synchronised",
    )
    parser.add_argument(
        "--offset",
        type=_or_auto,
        action="append",
        default=[],
        metavar="S",
        help="second of VIDEO at which the --view begins, once for each in their order, or auto "
        "(default: found from the sound, or from how people move)",
    )
    parser.add_argument(
        "--view-focal",
        type=_or_auto,
        action="append",
        default=[],
        metavar="PIXELS",
        help="focal length of the camera of each --view in their order, or auto (default: found "
        "with the motion; cameras stand where they stood if it is known)",
    )
    add_capture_options(parser)


def add_capture_options(parser: argparse.ArgumentParser) -> None:
    """Add how clips are captured."""
    parser.add_argument(
        "--people",
        type=_people,
        default="all",
        metavar="all|largest|N",
        help="everybody, the person seen largest and longest, or the N largest (default: all)",
    )
    parser.add_argument("--start", type=a_number, metavar="S", help="in point in seconds")
    parser.add_argument("--end", type=a_number, metavar="S", help="out point in seconds")
    parser.add_argument(
        "--fps", type=a_number, metavar="N", help="frames per second of a folder of pictures"
    )
    parser.add_argument(
        "--quality",
        choices=("best", "fast"),
        help="how exactly people are looked at: best (the default), or fast, in about half "
        "of the time, and hands half as often",
    )
    parser.add_argument(
        "--focal",
        type=a_number,
        metavar="PX",
        help="focal length of the camera in pixels (default: what straight edges or the clip "
        "itself tell, or that of an ordinary phone)",
    )
    parser.add_argument(
        "--height",
        type=a_number,
        metavar="M",
        help="how tall the first person is, in metres (default: that of an average body); places "
        "and speeds are as exact as this",
    )
    parser.add_argument(
        "--refine",
        action=argparse.BooleanOptionalAction,
        help="fit the motion to the landmarks after the network (default: yes, but not after a "
        "model that sees the pictures themselves)",
    )
    parser.add_argument(
        "--hands",
        action=argparse.BooleanOptionalAction,
        default=True,
        help="look for hands where they are large enough in the picture, for wrists and fingers "
        "(default: yes)",
    )
    parser.add_argument("--device", choices=("auto", "cpu", "cuda"), default="auto")
    parser.add_argument(
        "--weights",
        type=a_path,
        metavar="FILE",
        help="another model than the one that ships with us: a checkpoint of the image INT, or "
        "weights from training",
    )
    parser.add_argument(
        "--window",
        type=a_whole_number,
        metavar="N",
        help="frames that an image INT sees together (default: what it was made for)",
    )
    parser.add_argument(
        "--half",
        action="store_true",
        help="half precision in an image INT: faster on newer processors and on graphics cards, "
        "joints turn by 0.3 degrees on average",
    )
    parser.add_argument(
        "--body",
        type=a_path,
        metavar="FILE",
        help="your SMPL_*.pkl or .npz as the body (default: our own; SMPL is licensed for "
        "non-commercial research)",
    )


def given_options(arguments: argparse.Namespace) -> dict[str, Any]:
    """Return the options that were given, as a job holds them: plain values, paths absolute."""
    options = {name: getattr(arguments, name) for name in ("people", *_PLAIN)}
    options |= {name: str(path.absolute()) for name in _FILES if (path := getattr(arguments, name))}
    if getattr(arguments, "view", None):
        options["views"] = [str(path.absolute()) for path in arguments.view]
    if getattr(arguments, "offset", None):
        options["offsets"] = arguments.offset
    if getattr(arguments, "view_focal", None):
        options["view_focals"] = arguments.view_focal
    return {name: value for name, value in options.items() if value is not None}


def _or_auto(text: str) -> float | None:
    return None if text == "auto" else a_number(text)


def _people(text: str) -> str | int:
    """Read a number, or leave the word to whoever knows the words."""
    return int(text) if text.isdecimal() and len(text) < 10 else quoted(text)

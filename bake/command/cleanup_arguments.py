"""The arguments of command lines that bake, about what is done to a motion."""

import argparse
import math

from bake.command.retarget_arguments import ROOTS
from bake.feet.foot_lock import FOOT_MODES
from bake.motion.root_motion import ROOT_MOTIONS
from bake.motion.root_path import ROOT_BONES
from bake.motion.smoothing import PROFILE_NAMES
from bake.motion.trim import Trim
from bake.reduction.key_reduction import Tolerance
from core_model.engine.command_line import a_number

ROTATIONS = {"quaternion": "QUATERNION", "euler": "XYZ"}
"""How bones turn, as it is typed and as Blender calls it."""


def add_cleanup_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what is done to a motion, for every command line that bakes."""
    parser.add_argument(
        "--smooth", choices=PROFILE_NAMES, default="default", help="see below (default: default)"
    )
    parser.add_argument(
        "--root",
        choices=(*ROOT_MOTIONS, *(each for each in ROOTS if each not in ROOT_MOTIONS)),
        help="where the motion takes place: as captured, with the feet on the ground, or without "
        "getting anywhere (default: ground for captured takes, free with --smooth none). Or what "
        "carries it there: hips, or a root bone that follows them",
    )
    parser.add_argument(
        "--feet",
        choices=FOOT_MODES,
        help="auto keeps standing feet in one place, flat on the floor; always keeps the lower "
        "foot on the floor, so that nobody jumps; ground brings standing feet to the floor and "
        "lets them slide; never leaves the legs as captured (default: auto for captured takes, "
        "never with --smooth none)",
    )
    parser.add_argument(
        "--root-bone",
        choices=ROOT_BONES,
        help="the bone that carries the whole figure: at the world's origin, without keys; or "
        "following the hips over the ground, as engines want it (default: origin)",
    )
    parser.add_argument(
        "--in",
        dest="trim_start",
        type=a_number,
        metavar="SECONDS",
        help="bake only from this moment of the clip on, which becomes frame 1",
    )
    parser.add_argument(
        "--out",
        dest="trim_end",
        type=a_number,
        metavar="SECONDS",
        help="bake only up to this moment of the clip",
    )
    parser.add_argument(
        "--keys",
        choices=("reduced", "exact"),
        default="reduced",
        help="few Bezier keys that can be edited, or a key on every frame (default: reduced)",
    )
    parser.add_argument(
        "--angle-tolerance",
        type=_tolerance,
        default=Tolerance.degrees,
        metavar="DEGREES",
        help="how far reduced keys may miss the turn of a bone (default: %(default)s)",
    )
    parser.add_argument(
        "--distance-tolerance",
        type=_tolerance,
        default=Tolerance.millimetres,
        metavar="MM",
        help="how far they may miss the place of a joint (default: %(default)s)",
    )
    parser.add_argument(
        "--rotation",
        choices=tuple(ROTATIONS),
        default="quaternion",
        help="how bones turn: euler is XYZ, without jumps (default: quaternion)",
    )
    parser.add_argument(
        "--no-body", dest="with_body", action="store_false", help="armature and action only"
    )


def trim_of(options: argparse.Namespace) -> Trim:
    """Return the part of the clip that is wanted."""
    return Trim(
        -math.inf if options.trim_start is None else options.trim_start,
        math.inf if options.trim_end is None else options.trim_end,
    )


def tolerance_of(options: argparse.Namespace) -> Tolerance | None:
    """Return how far reduced keys may miss, None for a key on every frame."""
    if options.keys == "exact":
        return None
    return Tolerance(options.angle_tolerance, options.distance_tolerance)


def _tolerance(text: str) -> float:
    number = a_number(text)
    if not number > 0:
        raise argparse.ArgumentTypeError("it must be above 0; for none use --keys exact")
    return number

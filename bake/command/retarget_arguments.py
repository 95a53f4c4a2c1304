"""The arguments of `python -m bake` that are about somebody else's character."""

import argparse

from bake.retarget.settings import LIMBS
from core_model.engine.command_line import a_number, a_path, a_whole_number

ROOTS = {"hips": "hips", "bone": "bone", "in-place": "in_place"}
"""What carries the motion over the ground, as it is typed and as `RetargetSettings` has it."""

STARTS = {"captured": "captured", "front": "-Y", "back": "+Y"}
"""Where the motion starts, in the same way."""

PLACES = ("new", "strip")


def add_retarget_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what a retarget needs."""
    group = parser.add_argument_group("onto your own character")
    group.add_argument(
        "--retarget",
        type=a_path,
        metavar="RIG",
        help="a character (.blend, .fbx, .glb, .vrm, .bvh) that the takes are put on; then the "
        "output is that character, moving. Its bones are found by themselves",
    )
    group.add_argument(
        "--rig", default="", metavar="NAME", help="the armature in it, where it has several"
    )
    group.add_argument(
        "--map",
        dest="bone_map",
        default="",
        metavar="NAME_OR_FILE",
        help="a bone map: the name of a preset, or a file of `python -m bake map` (default: found)",
    )
    group.add_argument(
        "--source-map",
        default="",
        metavar="NAME_OR_FILE",
        help="the same of the inputs, where those are characters in motion (.fbx, .bvh, .glb)",
    )
    group.add_argument(
        "--root-motion",
        choices=tuple(ROOTS),
        help="what carries the motion over the ground: the hips, the rig's root bone, or nothing; "
        "--root hips, bone or in-place say the same (default: hips)",
    )
    group.add_argument(
        "--keep-travel",
        action="store_true",
        help="in place: an empty goes the way that the figure does not",
    )
    group.add_argument(
        "--start",
        choices=tuple(STARTS),
        default="captured",
        help="where the motion starts: as captured, or at the origin facing the front view (-Y) or "
        "away from it (+Y) (default: %(default)s)",
    )
    group.add_argument(
        "--limbs",
        choices=LIMBS,
        default=LIMBS[0],
        help="which controls of arms and legs are keyed (default: %(default)s)",
    )
    group.add_argument(
        "--pin-hands", action="store_true", help="hands that rest stay where they are"
    )
    group.add_argument(
        "--no-pin-feet",
        dest="pin_feet",
        action="store_false",
        help="feet go where the legs lead them",
    )
    group.add_argument(
        "--no-floor", dest="floor", action="store_false", help="feet may go below the floor"
    )
    group.add_argument(
        "--pose-as-rest",
        action="store_true",
        help="the pose that the character has in its file is the one of a figure at rest",
    )
    group.add_argument(
        "--scale",
        type=a_number,
        metavar="X",
        help="of the way over the ground (default: as the legs are long)",
    )
    group.add_argument(
        "--into",
        choices=PLACES,
        default=PLACES[0],
        help="an action for each take, or strips one after the other (default: %(default)s)",
    )
    group.add_argument(
        "--blend",
        type=a_whole_number,
        default=0,
        metavar="N",
        help="frames over which strips blend in and out, and fade into each other",
    )
    group.add_argument(
        "--step",
        type=a_whole_number,
        default=1,
        metavar="N",
        help="frames from key to key, with --keys exact (default: 1)",
    )

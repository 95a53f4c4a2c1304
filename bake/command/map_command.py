"""The command line `python -m bake map`: which bone of a character is which joint."""

import argparse
import sys
from collections.abc import Iterable, Sequence

from bake.headless import require_blender
from bake.retarget.human import BODY_JOINTS
from bake.retarget.joints import ARMS, LEGS, TRUNK
from bake.retarget.maps.bone_map import LIMBS, BoneMap
from core_model.body.fingers import FINGER_JOINT_NAMES, SIDES
from core_model.engine.command_line import a_path
from core_model.storage.atomic import check_writable

_DOUBTFUL = 0.65
"""Below this a joint should be looked at."""

_ORDER = (
    *TRUNK,
    *(
        joint
        for side, arm, leg in zip(SIDES, ARMS, LEGS, strict=True)
        for joint in (
            f"{side}_collar",
            *arm,
            *(finger for finger in FINGER_JOINT_NAMES if finger.startswith(side)),
            *leg,
        )
    ),
)
"""All joints of a map: the trunk, then each side from the shoulder to the toes."""

_EXAMPLES = """\
examples:
  Look at what is found:
    python -m bake map hero.fbx

  Write it, change what is not right in any editor, and use it:
    python -m bake map hero.fbx -o hero.json
    python -m bake captures/dance --retarget hero.fbx --map hero.json -o dance.blend
"""


def run(arguments: Sequence[str]) -> int:
    """Print the bone map of a character, and write it if a file is named; return 0.

    Parameters
    ----------
    arguments : sequence of str
        What stands after `map`.

    Raises
    ------
    MocapError
        When something is wrong.
    SystemExit
        When the arguments are, or only ask for help.
    """
    options = _parser().parse_args(arguments)
    if options.output:
        check_writable(options.output)
    require_blender()
    from bake.retarget.detection.detect import examine
    from bake.retarget.in_blender.rig_files import open_rig
    from bake.retarget.in_blender.rigs import read_rig
    from bake.retarget.maps.map_file import write_map

    found = examine(read_rig(open_rig(options.rig, options.name).armature))
    print(map_table(found.bone_map))
    for sentence in found.told:
        print(f"Warning: {sentence}", file=sys.stderr)
    if options.output:
        write_map(found.bone_map, options.output)
        print(f"\nWritten to {options.output}.")
    return 0


def map_table(bone_map: BoneMap) -> str:
    """Return a map as a table: joint, bones, and how sure each is.

    Parameters
    ----------
    bone_map : BoneMap
    """
    rows = [("joint", "bone", "sure")]
    for joint in _ORDER:
        if joint in bone_map.joints:
            sure = bone_map.certainty.get(joint)
            note = "" if sure is None else f"{sure:.0%}{'  look' if sure < _DOUBTFUL else ''}"
            rows.append((_spaced(joint), ", ".join(bone_map.joints[joint].bones), note))
    for limb in LIMBS:
        if limb in bone_map.limbs:
            each = bone_map.limbs[limb]
            controls = ", ".join(filter(None, (each.control, each.pole, each.toe)))
            rows.append((f"{_spaced(limb)} by IK", controls, ""))
    for what, bone in (("moves all", bone_map.mover), ("root", bone_map.root)):
        if bone:
            rows.append((what, bone, ""))
    widths = [max(len(row[column]) for row in rows) for column in range(2)]
    lines = [
        f"{joint:{widths[0]}}  {bone:{widths[1]}}  {sure}".rstrip() for joint, bone, sure in rows
    ]
    missing = [_spaced(joint) for joint in BODY_JOINTS if joint not in bone_map.joints]
    if missing:
        lines += ["", f"No bone for {_listed(missing)}."]
    return "\n".join((f"Bone map: {bone_map.name}", "", *lines))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m bake map",
        description="Find out which bone of a character is which joint of a human.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "rig", type=a_path, metavar="RIG", help="a character (.blend, .fbx, .glb, .vrm, .bvh)"
    )
    parser.add_argument(
        "-o", "--output", type=a_path, metavar="MAP.json", help="write the map to this file"
    )
    parser.add_argument(
        "--rig",
        dest="name",
        default="",
        metavar="NAME",
        help="the armature in it, where it has several",
    )
    return parser


def _spaced(name: str) -> str:
    return name.replace("_", " ")


def _listed(names: Iterable[str]) -> str:
    *before, last = names
    return f"{', '.join(before)} and {last}" if before else last

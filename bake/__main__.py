"""The command line: `python -m bake`."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from bake.command import map_command
from bake.command.cleanup_arguments import add_cleanup_arguments
from bake.command.retarget_arguments import add_retarget_arguments
from bake.export.presets import ENDINGS, PRESETS
from bake.headless import end, require_blender, silence_stdout
from bake.motion.smoothing import PROFILE_NAMES, load_profile
from core_model.engine.command_line import a_number, a_path, a_whole_number, command
from core_model.errors import OutputError
from core_model.results.arguments import add_reading_arguments
from core_model.storage.atomic import check_writable

_EXAMPLES = """\
examples:
  Bake all people of a captured clip into a new Blender file:
    python -m bake captures/dance -o dance.blend

  One person only, at film speed, smoothed strongly:
    python -m bake captures/dance/person_02.npz -o dancer.blend --fps 24 --smooth heavy

  Motion from the AMASS archive, as it is:
    python -m bake walk_poses.npz -o walk.blend --smooth none

  The result of another system, of a video of 25 frames a second:
    python -m bake hmr4d_results.pt -o walk.blend --clip-fps 25

  On your own character, for Unreal:
    python -m bake captures/dance --retarget hero.blend --root bone --preset unreal -o dance.fbx

  A motion library on it:
    python -m bake walk.bvh run.fbx --retarget hero.blend --into strip -o hero_moves.blend

  Which bone of your character is which joint, as a table and a file to change:
    python -m bake map hero.blend -o hero.json

  Look at the result without opening Blender:
    python -m bake captures/dance -o dance.blend --pictures stills --picture-times 0.5,1,2.25

smoothing:
{profiles}

The scene gets the clip's frame rate unless --fps tells another; the motion lasts as long as the
clip in any case. One armature and action is made per person, with a camera that matches the clip
and the clip as its background.

exit codes: 0 baked, 1 something is wrong (one sentence says what), 2 wrong usage, 70 an error in
  the program itself (its log is named), 130 stopped with Ctrl-C, 143 by SIGTERM, 129 by SIGHUP
"""

_MOST_PICTURES = 10_000
_LATEST = 1_000_000


@command("python -m bake")
def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code."""
    return run(arguments)


def run(arguments: Sequence[str] | None = None) -> int:
    """Do what the arguments say; return 0.

    Raises
    ------
    MocapError
        When something is wrong.
    SystemExit
        When the arguments are, or only ask for help.
    """
    given = sys.argv[1:] if arguments is None else arguments
    if given[:1] == ["map"]:
        return map_command.run(given[1:])
    options = _parser().parse_args(given)
    check_output(options.output)
    require_blender()
    from bake.command.jobs import bake_for, retarget_for

    for warning in (retarget_for if options.retarget else bake_for)(options):
        print(f"Warning: {warning}", file=sys.stderr)
    return 0


def check_output(path: Path) -> None:
    """Make sure that a file can be written.

    Raises
    ------
    OutputError
        When it cannot.
    """
    if path.suffix.lower() not in ENDINGS:
        raise OutputError(f"The output {path} must end in {', '.join(ENDINGS)}.")
    check_writable(path)


def _parser() -> argparse.ArgumentParser:
    profiles = "\n".join(f"  {name:8} {load_profile(name).description}" for name in PROFILE_NAMES)
    parser = argparse.ArgumentParser(
        prog="python -m bake",
        description="Turn captured takes into Blender animation: a .blend with a skinned, moving "
        "body for each person.",
        epilog=_EXAMPLES.format(profiles=profiles),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "inputs",
        nargs="+",
        type=a_path,
        metavar="DIR_OR_TAKE",
        help="a capture folder (person_01.npz, ...), a take, any AMASS .npz, or a result of GVHMR, "
        "WHAM, VIBE, PARE, 4D-Humans, TRAM, PromptHMR, SLAHMR, HybrIK, ROMP, mmhuman3d, Motion-X "
        "or SMPL (.pt, .pkl, .pk, .npy, .npz, .smpl)",
    )
    parser.add_argument(
        "-o",
        "--output",
        required=True,
        type=a_path,
        metavar="OUT",
        help=f"the file to write; its ending tells the format: {', '.join(ENDINGS)}",
    )
    parser.add_argument(
        "--preset",
        choices=tuple(PRESETS),
        default="blender",
        help="the program that another file than a .blend is for (default: blender)",
    )
    add_reading_arguments(parser)
    parser.add_argument(
        "--clips-from",
        action="append",
        default=[],
        metavar="COMPUTER",
        help="another computer that may be asked for the clip that a take names; one that the take "
        "itself lies on is asked in any case; may be given more than once",
    )
    parser.add_argument(
        "--fps",
        type=a_number,
        metavar="N",
        help="frame rate of the scene (default: the clip's own)",
    )
    add_cleanup_arguments(parser)
    add_retarget_arguments(parser)
    parser.add_argument(
        "--body",
        type=a_path,
        metavar="FILE",
        help="your SMPL_*.pkl or .npz as the body, with shape keys (default: our own; SMPL is "
        "licensed for non-commercial research)",
    )
    parser.add_argument(
        "--pictures", type=a_path, metavar="DIR", help="also render still pictures into this folder"
    )
    parser.add_argument(
        "--picture-times",
        type=_times,
        default=(),
        metavar="S,S,...",
        help="moments of the clip to render, in seconds",
    )
    parser.add_argument(
        "--picture-count",
        type=_picture_count,
        default=6,
        metavar="N",
        help="or so many, spread over the motion (default: 6)",
    )
    return parser


def _times(text: str) -> tuple[float, ...]:
    times = tuple(a_number(part) for part in text.split(","))
    if any(abs(time) > _LATEST for time in times):
        raise argparse.ArgumentTypeError(f"Blender has no frames after {_LATEST} seconds")
    return times


def _picture_count(text: str) -> int:
    number = a_whole_number(text)
    if not 1 <= number <= _MOST_PICTURES:
        raise argparse.ArgumentTypeError(f"1 to {_MOST_PICTURES} pictures can be made")
    return number


if __name__ == "__main__":
    silence_stdout()
    end(main())

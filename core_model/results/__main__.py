"""Results of other systems into takes: `python -m core_model.results FILE -o DIR`."""

import argparse
import sys
from collections.abc import Sequence

from core_model.engine.command_line import a_path, command
from core_model.results.arguments import add_reading_arguments

_EXAMPLES = """\
what is read, and where it is found:
  GVHMR        hmr4d_results.pt
  WHAM         wham_output.pkl (written with --save_pkl)
  VIBE, PARE   vibe_output.pkl, pare_output.pkl
  4D-Humans    results/demo_<video>.pkl
  TRAM         the folder of the video (hps/hps_track_*.npy and camera.npy)
  PromptHMR    results.pkl of a video
  SLAHMR       *_world_results.npz, or the folder motion_chunks
  HybrIK       res.pk (written with --save-pk)
  ROMP, BEV    video_results.npz
  mmhuman3d    inference_result.npz and other HumanData
  Motion-X     *.npy of 322 numbers a frame
  smplcodec    *.smpl
  SMPL, SMPL-H, SMPL-X, AMASS   *.npz, *.pkl, *.pt with poses, or global_orient and body_pose

examples:
  python -m core_model.results outputs/demo/dance/hmr4d_results.pt -o takes/dance --clip-fps 25
  python -m core_model.results results/dance -o takes/dance        a folder of TRAM's
  python -m bake takes/dance -o dance.blend

Several people become several takes. Frames in which a system saw nobody stay empty. Nothing in a
file is executed; one that asks for it is refused.

exit codes: 0 written, 1 something is wrong (one sentence says what), 2 wrong usage, 70 an error in
  the program itself (its log is named), 130 stopped with Ctrl-C, 143 by SIGTERM, 129 by SIGHUP
"""


@command("python -m core_model.results", stopped="Stopped; nothing half-written is left.")
def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code."""
    given = _parser().parse_args(arguments)
    from core_model.results.converting import convert
    from core_model.results.reading import ReadOptions

    options = ReadOptions(given.clip_fps, given.up)
    takes, warnings = convert(given.inputs, given.output, options)
    for warning in warnings:
        print(f"Warning: {warning}", file=sys.stderr)
    for take in takes:
        who = take.source.get("person") or take.source.get("file") or "a take"
        print(
            f"{take.source.get('system', 'AMASS')} {who}: {take.times[0]:.2f} s to "
            f"{take.times[-1]:.2f} s at {take.frame_rate:.6g} frames per second, seen in "
            f"{take.frame_valid.sum()} of {len(take)} frames"
        )
    print(f"saved {given.output}")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m core_model.results",
        description="Turn the results of other motion capture systems into takes: a folder with "
        "one .npz per person and a capture.json, as a capture leaves it. Cleaning up, baking and "
        "retargeting work on them as on captures.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "inputs", nargs="+", type=a_path, metavar="FILE_OR_DIR", help="results, or folders of them"
    )
    parser.add_argument(
        "-o", "--output", type=a_path, required=True, metavar="DIR", help="folder for the takes"
    )
    add_reading_arguments(parser)
    return parser


if __name__ == "__main__":
    sys.exit(main())

"""Capture from the command line: `python -m core_model VIDEO -o DIR`."""

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from tqdm import tqdm

from core_model.storage.names import print_any_name

if TYPE_CHECKING:
    from core_model.take import Take

_EXAMPLES = """examples:
  python -m core_model dance.mp4 -o takes/dance
  python -m core_model dance.mp4 -o takes/dance --people largest --start 2.5 --end 10
  python -m core_model frames/ --fps 24 -o takes/frames       a folder of pictures

is this file a model or a body that can be used?
  python -m core_model check model_best.pth.tar SMPL_NEUTRAL.pkl

then bake it:
  python -m bake takes/dance -o dance.blend

exit codes: 0 captured, 1 something is wrong (one sentence says what), 2 wrong usage,
  3 nobody was found in the clip, 130 stopped with Ctrl-C"""


def main(arguments: list[str] | None = None) -> int:
    """Run the command line and return its exit code."""
    arguments = sys.argv[1:] if arguments is None else arguments
    if arguments[:1] == ["check"]:
        from core_model.network.file_check import check_command

        return check_command(arguments[1:])
    options = _parser().parse_args(arguments)
    # The heavy libraries are loaded only once it is known that there is work to do.
    from core_model.capture import capture
    from core_model.errors import MocapError
    from core_model.options import CaptureOptions

    try:
        with _Bars() as bars:
            takes = capture(
                options.video,
                options.output,
                CaptureOptions(
                    people=int(options.people) if options.people.isdigit() else options.people,
                    start=options.start,
                    end=options.end,
                    fps=options.fps,
                    focal=options.focal,
                    height=options.height,
                    refine=options.refine,
                    hands=options.hands,
                    device=options.device,
                    window=options.window,
                    half=options.half,
                    body=options.body,
                    **({"weights": options.weights} if options.weights else {}),
                ),
                bars.show,
            )
    except MocapError as error:
        print(f"Error: {error}", file=sys.stderr)
        return error.exit_code
    except KeyboardInterrupt:
        print("Stopped; nothing was written.", file=sys.stderr)
        return 130
    _report(takes, options.output)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m core_model",
        description="Capture the motion of the people in a video: one .npz per person (readable "
        "as AMASS) and a capture.json. Works offline, on a graphics card or the processor.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("video", type=Path, help="video, animated GIF or folder of pictures")
    parser.add_argument("-o", "--output", type=Path, required=True, help="folder for the result")
    parser.add_argument(
        "--people",
        default="all",
        metavar="all|largest|N",
        help="everybody, the person seen largest and longest, or the N largest (default: all)",
    )
    parser.add_argument("--start", type=float, metavar="S", help="in point in seconds")
    parser.add_argument("--end", type=float, metavar="S", help="out point in seconds")
    parser.add_argument("--fps", type=float, help="frames per second of a folder of pictures")
    parser.add_argument(
        "--focal",
        type=float,
        metavar="PX",
        help="focal length of the camera in pixels (default: that of an ordinary phone)",
    )
    parser.add_argument(
        "--height",
        type=float,
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
        type=Path,
        metavar="FILE",
        help="another model than the one that ships with us: a checkpoint of the image INT, or "
        "weights from training",
    )
    parser.add_argument(
        "--window",
        type=int,
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
        type=Path,
        metavar="FILE",
        help="your SMPL_*.pkl or .npz as the body (default: our own; SMPL is licensed for "
        "non-commercial research)",
    )
    return parser


class _Bars:
    """One progress bar for each stage."""

    def __init__(self) -> None:
        self.bars: dict[str, tqdm] = {}

    def __enter__(self) -> "_Bars":
        return self

    def __exit__(self, *_: object) -> None:
        for bar in self.bars.values():
            bar.close()

    def show(self, stage: str, done: int, total: int | None) -> None:
        """Move the bar of a stage; a new stage starts a new bar."""
        if stage not in self.bars:
            self.__exit__()
            unit = "person" if stage == "fit" else "frame"
            self.bars[stage] = tqdm(total=total, desc=stage, unit=unit)
        bar = self.bars[stage]
        bar.update(done - bar.n)


def _report(takes: "list[Take]", folder: Path) -> None:
    from core_model.take.folder import read_summary

    summary = read_summary(folder)
    for warning in summary.warnings if summary else ():
        print(f"Warning: {warning}", file=sys.stderr)
    for number, take in enumerate(takes, start=1):
        print(
            f"{folder / f'person_{number:02d}.npz'}: {take.times[0]:.2f} s to "
            f"{take.times[-1]:.2f} s, seen in {take.frame_valid.sum()} of {len(take)} frames"
        )


if __name__ == "__main__":
    print_any_name()
    sys.exit(main())

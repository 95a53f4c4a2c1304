"""Capture from the command line: `python -m core_model VIDEO -o DIR`."""

import argparse
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from core_model.engine.capture_arguments import add_capture_arguments, given_options
from core_model.engine.command_line import a_path, command
from core_model.engine.memory import end_at_once, hold_little, loading
from core_model.progress import NOTHING

if TYPE_CHECKING:
    from tqdm import tqdm


_EXAMPLES = """examples:
  python -m core_model dance.mp4 -o takes/dance
  python -m core_model dance.mp4 -o takes/dance --people largest --start 2.5 --end 10
  python -m core_model frames/ --fps 24 -o takes/frames       a folder of pictures

is this file a model or a body that can be used?
  python -m core_model check model_best.pth.tar SMPL_NEUTRAL.pkl

does everything work here? (for reports of errors, too)
  python -m core_model doctor

mend a capture: pins, landmarks, sides and people that somebody put right
  python -m core_model solve takes/dance --corrections mine.json -o takes/mended

motion that another system captured, as takes:
  python -m core_model.results hmr4d_results.pt -o takes/dance

then bake it:
  python -m bake takes/dance -o dance.blend

exit codes: 0 captured, 1 something is wrong (one sentence says what), 2 wrong usage,
  3 nobody was found in the clip, 70 an error in the program itself (its log is named),
  130 stopped with Ctrl-C, 143 by SIGTERM, 129 by SIGHUP; nothing half-written is left"""


_SOLVE_EXAMPLE = """what a file of corrections says (in seconds, radians, metres and pixels):
  {"format": "int-mocap-corrections-1",
   "pins": [{"person": 1, "time": 1.5, "joint": "left_knee", "rotation": [0.9, 0, 0]},
            {"person": 1, "time": 1.5, "joint": "left_wrist", "place": [0.2, -0.4, 1.1],
             "soft": true}],
   "landmarks": [{"person": 1, "time": 2.0, "landmark": "left_wrist", "at": [812, 400]},
                 {"person": 1, "start": 2.1, "end": 2.6, "landmark": "left_wrist",
                  "hidden": true}],
   "sides": [{"person": 1, "start": 3.0, "end": 3.4, "limbs": "legs"}],
   "contacts": [{"person": 1, "start": 2.0, "end": 4.5, "limb": "seat", "height": 0.45}],
   "identities": [{"people": [1, 2], "from": 4.2}, {"drop": 3}]}"""


@command("python -m core_model", stopped="Stopped; nothing half-written is left.")
def main(arguments: list[str] | None = None) -> int:
    """Run the command line and return its exit code."""
    arguments = sys.argv[1:] if arguments is None else arguments
    end_at_once()
    if arguments[:1] == ["check"]:
        from core_model.network.file_check import check_command

        return check_command(arguments[1:])
    if arguments[:1] == ["doctor"]:
        from core_model.doctor import doctor_command

        return doctor_command(arguments[1:])
    if arguments[:1] == ["solve"]:
        return _solve(arguments[1:])
    given = _parser().parse_args(arguments)
    hold_little()
    # The heavy libraries are loaded only once it is known that there is work to do.
    with loading():
        from core_model.capture import capture
        from core_model.options import CaptureOptions

    with _Bars() as bars:
        options = CaptureOptions.of(given_options(given))
        capture(given.video, given.output, options, bars.show)
    _report(given.output)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m core_model",
        description="Capture the motion of the people in a video: one .npz per person (readable "
        "as AMASS) and a capture.json. Works offline, on a graphics card or the processor.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("-o", "--output", type=a_path, required=True, help="folder for the result")
    add_capture_arguments(parser)
    return parser


def _solve(arguments: list[str]) -> int:
    """Solve takes again with what was corrected, and return the exit code."""
    given = _solve_parser().parse_args(arguments)
    from core_model.options import CaptureOptions
    from core_model.solving.solve_takes import solve_takes

    with _Bars() as bars:
        options = CaptureOptions.of(
            {
                name: value
                for name in ("device", "weights", "body")
                if (value := getattr(given, name)) is not None
            }
        )
        solve_takes(given.takes, given.corrections, given.output, options, bars.show)
    _report(given.output)
    return 0


def _solve_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m core_model solve",
        description="Solve the takes of a capture again, with what somebody put right: pinned "
        "joints, landmarks moved or hidden, left and right, who is who. Only the surroundings of a "
        "correction change; the captured takes stay as they are.",
        epilog=_SOLVE_EXAMPLE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("takes", type=a_path, help="folder of a capture")
    parser.add_argument(
        "--corrections", type=a_path, required=True, metavar="FILE", help="what was put right, JSON"
    )
    parser.add_argument("-o", "--output", type=a_path, required=True, help="folder for the result")
    parser.add_argument("--device", choices=("auto", "cpu", "cuda"), default="auto")
    parser.add_argument(
        "--weights", type=a_path, metavar="FILE", help="the model that it was captured with"
    )
    parser.add_argument(
        "--body", type=a_path, metavar="FILE", help="the body that it was captured with"
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

    def show(
        self, stage: str, done: int, total: int | None, ahead: Mapping[str, int] = NOTHING
    ) -> None:
        """Move the bar of a stage; a new stage starts a new bar."""
        from tqdm import tqdm

        if done == 0:
            return
        if stage not in self.bars:
            self.__exit__()
            self.bars[stage] = tqdm(total=total, desc=stage, unit="frame")
        bar = self.bars[stage]
        bar.update(done - bar.n)


def _report(folder: Path) -> None:
    from core_model.take.folder import read_summary

    summary = read_summary(folder)
    assert summary  # `capture` leaves one
    for warning in summary.warnings:
        print(f"Warning: {warning}", file=sys.stderr)
    for note in summary.notes:
        print(note)
    for person in summary.people:
        print(
            f"{folder / person.file}: {person.start:.2f} s to {person.end:.2f} s, seen in "
            f"{person.seen} of {person.frames} frames"
        )


if __name__ == "__main__":
    sys.exit(main())

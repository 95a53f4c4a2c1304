"""Without a window: `blender --command int_mocap capture CLIP -o OUT.blend`, and `... bake`."""

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

from core_model.errors import MocapError

from .engine import find_engine
from .names import COMMAND

_HELP = f"""usage: blender --command {COMMAND} capture CLIP -o OUT.blend [options]
       blender --command {COMMAND} bake TAKES ... -o OUT.blend [options]

  capture   capture a video and bake the takes; options of `python -m core_model`, and:
              --takes DIR   keep the takes in this folder
              --smooth, --root, --feet, --no-body   as for bake
  bake      bake captures, takes or AMASS files; options of `python -m bake`

exit codes: 0 done, 1 something is wrong (one sentence says what), 2 wrong usage,
  3 nobody was found in the clip, 130 stopped with Ctrl-C"""


def run(arguments: list[str]) -> int:
    """Run the command with its arguments and return the exit code."""
    task = arguments[0] if arguments else ""
    if task == "capture":
        return _capture(arguments[1:])
    if task == "bake":
        return _bake(arguments[1:])
    wanted = task in ("-h", "--help")
    print(_HELP, file=sys.stdout if wanted else sys.stderr)
    return 0 if wanted else 2


def _capture(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(
        prog=f"blender --command {COMMAND} capture", add_help=False, allow_abbrev=False
    )
    parser.add_argument("-o", "--output", type=Path)
    parser.add_argument("--takes", type=Path)
    parser.add_argument("--smooth")
    parser.add_argument("--root")
    parser.add_argument("--feet")
    parser.add_argument("--body")
    parser.add_argument("--no-body", action="store_true")
    try:
        ours, engines = parser.parse_known_args(arguments)
    except SystemExit:
        return 2
    if "-h" in engines or "--help" in engines:
        print(_HELP)
        return 0
    if ours.output is None:
        print("Error: say where to write the Blender file: -o OUT.blend", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory(prefix="int_mocap-") as scratch:
        takes = ours.takes or Path(scratch, ours.output.stem)
        body = ["--body", ours.body] if ours.body else []
        code = _engine([*engines, *body, "-o", str(takes.absolute())])
        if code:
            return code
        bake = [str(takes), "-o", str(ours.output), *body]
        for name in ("smooth", "root", "feet"):
            if getattr(ours, name):
                bake += [f"--{name}", getattr(ours, name)]
        return _bake([*bake, *(["--no-body"] if ours.no_body else [])])


def _engine(arguments: list[str]) -> int:
    """Run `python -m core_model` in the engine; it writes for itself and tells by its code."""
    try:
        engine = find_engine()
        command = [engine.python, "-m", "core_model", *arguments]
        return subprocess.run(command, env=engine.environment).returncode
    except MocapError as error:
        print(f"Error: {error}", file=sys.stderr)
        return error.exit_code
    except OSError as error:
        print(f"Error: the engine cannot be started: {error.strerror}.", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def _bake(arguments: list[str]) -> int:
    from bake.__main__ import main

    try:
        return main(arguments)
    except SystemExit as end:
        return int(end.code or 0)

"""An engine and a bake that take no time: what a batch makes of them is what is tested.

`python quick_programs.py batch IN... -o OUTDIR` is a batch that works with these. Each bake adds a
line to `bakes.log` beside the folder of results. With QUICK_PAUSE both take so many seconds.
"""

import json
import os
import sys
import time
from pathlib import Path

import numpy as np

from core_model import __version__
from core_model.take import Take
from core_model.take.writing import save_takes, scratch_folder

HERE = Path(__file__).resolve()


def take(frames=4):
    """Return a take of somebody who stands."""
    return Take(
        poses=np.zeros((frames, 72)),
        trans=np.zeros((frames, 3)),
        betas=np.zeros(10),
        times=np.arange(frames) / 30,
    )


def save(folder, frames=4, people=1):
    """Write takes as a capture does."""
    with scratch_folder(Path(folder)) as scratch:
        save_takes(Path(folder), scratch, [take(frames)] * people, {"video": "a.mp4"}, [])


def engine_script(folder):
    """Write what stands for the engine's Python: it does its jobs with this module."""
    path = Path(folder) / "quick_engine.sh"
    path.write_text(f'#!/bin/sh\nexec "{sys.executable}" "{HERE}" engine "$3"\n')
    path.chmod(0o755)
    return str(path)


def _engine(job_file):
    job = json.loads(Path(job_file).read_text())
    print(json.dumps({"engine": __version__}), flush=True)
    if job["kind"] == "capture":
        time.sleep(float(os.environ.get("QUICK_PAUSE", "0")))
        save(job["folder"])
    print(json.dumps({"result": {}}), flush=True)


def _bake(arguments):
    output = Path(arguments[arguments.index("-o") + 1])
    time.sleep(float(os.environ.get("QUICK_PAUSE", "0")))
    output.write_text("baked")
    with open(output.parents[2] / "bakes.log", "a") as log:
        log.write(f"{output.stem}\n")


def _batch(arguments):
    from bake.batch.command import Surroundings, run
    from core_model.engine.client import Engine
    from core_model.engine.command_line import command

    folder = Path(arguments[arguments.index("-o") + 1]).parent
    engine = Engine(engine_script(folder), dict(os.environ))
    bake = (sys.executable, str(HERE), "bake")
    return command("batch")(lambda: run(arguments, Surroundings("batch", engine, bake)))()


if __name__ == "__main__":
    verb, *rest = sys.argv[1:]
    sys.exit(
        {"engine": lambda: _engine(*rest), "bake": lambda: _bake(rest)}.get(
            verb, lambda: _batch(rest)
        )()
    )

"""Starts a module of the tests in several processes that speak to each other."""

import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.places import ROOT

NO_HOROVOD = "needs Horovod, which `make horovod` builds"
LAUNCHERS = (
    "torchrun",
    pytest.param(
        "horovod",
        marks=pytest.mark.skipif(importlib.util.find_spec("horovod") is None, reason=NO_HOROVOD),
    ),
)


def command_line(launcher: str, count: int, *arguments: str) -> list[str]:
    """Return what runs `python arguments` in so many processes of this machine."""
    if launcher == "torchrun":
        started = [sys.executable, "-m", "torch.distributed.run", "--standalone"]
        return [*started, f"--nproc-per-node={count}", *arguments]
    horovodrun = shutil.which("horovodrun", path=str(Path(sys.executable).parent))
    assert horovodrun is not None
    hosts = ["-np", str(count), "-H", f"localhost:{count}"]
    return [horovodrun, "--gloo", *hosts, "--network-interface", "lo", sys.executable, *arguments]


def run_together(launcher: str, count: int, *arguments: str, timeout: float = 120) -> str:
    """Run `python arguments` in so many processes; return what they said.

    Processes that are out of step wait for ever, so there is an end to it.
    """
    environment = os.environ | {
        "PYTHONPATH": str(ROOT),
        "OMP_NUM_THREADS": "1",
        "HOROVOD_CYCLE_TIME": "1",
    }
    done = subprocess.run(
        command_line(launcher, count, *arguments),
        env=environment,
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=timeout,
    )
    assert done.returncode == 0, done.stdout[-3000:]
    return done.stdout

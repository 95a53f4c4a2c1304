"""Starts a module of the tests in several processes that speak to each other."""

import importlib.util
import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.places import ROOT

NO_HOROVOD = "needs Horovod, which `make horovod` builds"
_BUILT = importlib.util.find_spec("horovod") is not None
LAUNCHERS = (
    # Where there is Horovod the other launcher is a second example of the same.
    pytest.param("torchrun", marks=[pytest.mark.long] if _BUILT else []),
    pytest.param("horovod", marks=pytest.mark.skipif(not _BUILT, reason=NO_HOROVOD)),
)


MAY_JOIN = {"TORCH_DISABLE_SHARE_RDZV_TCP_STORE": "1"}
"""Otherwise torchrun 2.13 tells a machine that comes later never where the others meet."""

ONE_THREAD = {"OMP_NUM_THREADS": "1", "HOROVOD_CYCLE_TIME": "1"}


def elastic_command_lines(launcher: str, folder: Path, *arguments: str) -> list[list[str]]:
    """Return what runs `python arguments` on two machines, as it were, which may go and come.

    Horovod reads from the file `hosts` in the folder which there are.
    """
    if launcher == "torchrun":
        with socket.socket() as free:
            free.bind(("localhost", 0))
            port = free.getsockname()[1]
        meeting = ["--rdzv-backend=c10d", f"--rdzv-endpoint=localhost:{port}", "--rdzv-id=test"]
        started = [sys.executable, "-m", "torch.distributed.run", "--nnodes=1:2"]
        started += ["--nproc-per-node=1", "--max-restarts=3", *meeting]
        # They meet at the first, which waits some seconds for more once there are enough.
        first, second = (f"--rdzv-conf=last_call_timeout=3,is_host={host}" for host in (1, 0))
        return [[*started, first, *arguments], [*started, second, *arguments]]
    # Horovod blames a machine for a worker that fails, so that one machine needs two names.
    hosts = folder / "hosts.sh"
    hosts.write_text(f"#!/bin/sh\ncat {folder}/hosts\n")
    hosts.chmod(0o755)
    (folder / "hosts").write_text("localhost:1\n127.0.0.1:1\n")
    started = [_horovodrun(), "--gloo", "-np", "1", "--min-np", "1", "--max-np", "2"]
    started += ["--host-discovery-script", str(hosts), "--network-interface", "lo"]
    return [[*started, sys.executable, *arguments]]


def _horovodrun() -> str:
    found = shutil.which("horovodrun", path=str(Path(sys.executable).parent))
    assert found is not None
    return found


def command_line(launcher: str, count: int, *arguments: str) -> list[str]:
    """Return what runs `python arguments` in so many processes of this machine."""
    if launcher == "torchrun":
        started = [sys.executable, "-m", "torch.distributed.run", "--standalone"]
        return [*started, f"--nproc-per-node={count}", *arguments]
    hosts = ["-np", str(count), "-H", f"localhost:{count}"]
    return [
        _horovodrun(),
        "--gloo",
        *hosts,
        "--network-interface",
        "lo",
        sys.executable,
        *arguments,
    ]


def run_together(launcher: str, count: int, *arguments: str, timeout: float = 120) -> str:
    """Run `python arguments` in so many processes; return what they said.

    Processes that are out of step wait for ever, so there is an end to it.
    """
    done = subprocess.run(
        command_line(launcher, count, *arguments),
        env=os.environ | ONE_THREAD | {"PYTHONPATH": str(ROOT)},
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=timeout,
    )
    assert done.returncode == 0, done.stdout[-3000:]
    return done.stdout

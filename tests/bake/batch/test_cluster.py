"""Clips on two machines of a Ray cluster, one of which dies in the middle: `make test-cluster`."""

import json
import os
import signal
import subprocess
import sys
import time

import pytest

from tests.bake.batch.test_batch_command import command, result
from tests.places import DEMO, ROOT

pytestmark = pytest.mark.cluster

_PORT = 26379
_ENVIRONMENT = os.environ | {
    "PYTHONPATH": os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")]),
    "RAY_ENABLE_UV_RUN_RUNTIME_ENV": "0",
}


def ray(*arguments):
    return [sys.executable, "-c", "from ray.scripts.scripts import main; main()", *arguments]


@pytest.fixture
def nodes(tmp_path):
    """Start two nodes, each as large as one clip; return the second's process."""
    started = []
    for own in (
        ("--head", f"--port={_PORT}", "--include-dashboard=false"),
        (f"--address=127.0.0.1:{_PORT}",),
    ):
        started.append(
            subprocess.Popen(
                ray("start", "--block", "--num-cpus=2", "--disable-usage-stats", *own),
                env=_ENVIRONMENT,
                stdout=subprocess.DEVNULL,
                start_new_session=True,
            )
        )
        time.sleep(8)
    yield started[1]
    for each in started:
        _kill(each)


def _kill(process):
    """Take a node away as a power cut does."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def test_every_clip_ends_once_though_a_machine_dies(nodes, tmp_path):
    folder, clips = tmp_path / "results", tmp_path / "shots.json"
    clips.write_text(
        json.dumps(
            [
                {"clip": str(DEMO), "start": i / 4, "end": i / 4 + 0.3, "hands": False}
                for i in range(4)
            ]
        )
    )
    running = subprocess.Popen(
        command("--list", clips, "-o", folder, "--cluster", f"127.0.0.1:{_PORT}"),
        env=_ENVIRONMENT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    while not list(folder.glob("*.blend")) and running.poll() is None:
        time.sleep(0.1)
    _kill(nodes)
    printed, told = running.communicate()
    assert running.returncode == 0, printed + told
    clips_done = result(folder)
    assert len(clips_done) == 4 and {each["state"] for each in clips_done.values()} == {"done"}
    assert told.count(": done") == 4
    assert all((folder / f"{name}.blend").exists() for name in clips_done)
    assert max(each["attempts"] for each in clips_done.values()) <= 3

"""What tests of every room share."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.places import SHARED

NO_SHARED = (
    f"needs the data folder {SHARED}: real clips, motion capture and reference vectors that are no "
    "part of the repository (CONTRIBUTING.md)"
)


_LONGEST = ("tests/end_to_end/", "tests/bake/batch/", "tests/int_mocap_addon/test_install.py")
"""Files whose few tests take longest."""


def pytest_configure() -> None:
    """Hear Ctrl-C, as do programs that tests start: a shell's background commands ignore it.

    These hear a hang-up, too, while tests under `nohup` go on: what is ignored is inherited, a
    handler is not.
    """
    if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    hang_up = getattr(signal, "SIGHUP", None)
    if hang_up and signal.getsignal(hang_up) == signal.SIG_IGN:
        signal.signal(hang_up, lambda number, frame: None)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put first what takes longest; skip what needs the data folder where there is none.

    Processes share the files: one that began last with a long file would keep the others waiting.
    """
    items.sort(key=lambda item: not item.nodeid.startswith(_LONGEST))
    if (SHARED / "data").is_dir():
        return
    for item in items:
        if item.get_closest_marker("shared") or "shared" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.skip(reason=NO_SHARED))


@pytest.fixture(scope="session")
def shared() -> Path:
    """Return the folder of data beside the repository; mark tests that use it `shared`."""
    return SHARED


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Callable[[int], Path]]:
    """Return a function that makes a disk with so many free pages; skipped where none can be."""
    if sys.platform != "linux" or os.geteuid():
        pytest.skip("only the administrator of a Linux machine makes disks")
    path = tmp_path / "disk"
    path.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", path]).returncode:
        pytest.skip("no disk can be made here")

    def leave(pages: int) -> Path:
        about = os.statvfs(path)
        used = about.f_blocks - about.f_bfree
        size = (used + pages) * about.f_bsize
        subprocess.run(["mount", "-o", f"remount,size={size}", path], check=True)
        return path

    yield leave
    subprocess.run(["umount", "-l", path], check=True)  # an exporter may hold a file open


_status = 0


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Remember how the tests went."""
    global _status
    _status = int(exitstatus)


@pytest.hookimpl(trylast=True)
def pytest_unconfigure() -> None:
    """End at once where Blender's module was loaded.

    As the process ends it destroys a condition that a thread of its own still waits for, and glibc
    then waits for that thread for ever; seen with bpy 4.5.15 after all tests had passed.
    """
    if "bpy" in sys.modules:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(_status)

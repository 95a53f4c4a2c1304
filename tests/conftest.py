"""What tests of every room share."""

import os
import sys
from pathlib import Path

import pytest

from tests.places import SHARED

NO_SHARED = (
    f"needs the data folder {SHARED}: real clips, motion capture and reference vectors that are no "
    "part of the repository (CONTRIBUTING.md)"
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip what needs the data folder where there is none."""
    if (SHARED / "data").is_dir():
        return
    for item in items:
        if item.get_closest_marker("shared") or "shared" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.skip(reason=NO_SHARED))


@pytest.fixture(scope="session")
def shared() -> Path:
    """Return the folder of data beside the repository; mark tests that use it `shared`."""
    return SHARED


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

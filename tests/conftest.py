"""What tests of every room share."""

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

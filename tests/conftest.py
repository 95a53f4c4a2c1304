"""What tests of every room share."""

from pathlib import Path

import pytest

from tests.places import SHARED


@pytest.fixture(scope="session")
def shared() -> Path:
    """Return the folder of data beside the repository; mark tests that use it `shared`."""
    if not (SHARED / "data").is_dir():
        pytest.skip(f"there is no data folder at {SHARED}")
    return SHARED

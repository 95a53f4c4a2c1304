import pytest

from train.phases.small_sets import write_small_sets


@pytest.fixture(scope="session")
def small_sets(tmp_path_factory):
    """Return a folder with `data`: all nine sets, four pictures each."""
    folder = tmp_path_factory.mktemp("sets")
    write_small_sets(folder / "data", frames=4, videos=1)
    return folder

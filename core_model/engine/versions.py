"""Which versions of what the engine needs are installed: for logs, and for the doctor."""

from collections.abc import Iterable
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec

ENGINE_PARTS = (
    *("numpy", "scipy", "torch", "opencv-python-headless", "av", "ai-edge-litert"),
    *("safetensors", "tqdm"),
)
"""All that a capture needs, by the names of their packages."""

NOT_INSTALLED = "not installed"


def versions_of(packages: Iterable[str]) -> dict[str, str]:
    """Return the version of each package, or `NOT_INSTALLED`."""
    return {name: _version(name) for name in packages}


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        # Blender's own numpy may come without the record of its version.
        return "of Blender" if name == "numpy" and find_spec(name) else NOT_INSTALLED

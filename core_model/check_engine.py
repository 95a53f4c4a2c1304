"""Is everything there that a capture needs, and how fast is it: the add-on's Check Engine."""

import platform
import time
from importlib.metadata import version
from typing import Any

import numpy as np
import torch

from core_model import __version__
from core_model.detection.detector import Detector
from core_model.detection.landmarker import Landmarker
from core_model.detection.region import Region
from core_model.geometry.camera import Camera
from core_model.lifting.keypoint_lifting import lift_track
from core_model.network.checkpoints import load_weights
from core_model.network.devices import choose_device

_LIBRARIES = ("torch", "scipy", "opencv-python-headless", "av", "ai-edge-litert")
_FRAMES = 32


def check_engine(device_name: str = "auto") -> dict[str, Any]:
    """Run every network once on made-up input.

    Returns
    -------
    dict
        `versions` by library, `device` in words, `seconds` that the inference took.

    Raises
    ------
    MocapError
        When a file is missing or the device is not to be had.
    """
    device = choose_device(device_name)
    network = load_weights().to(device)
    picture = np.zeros((256, 256, 3), np.uint8)
    detector, landmarker = Detector(), Landmarker()
    whole = Region(np.array([128.0, 128.0]), 256.0)
    start = time.perf_counter()
    detector.detect(picture, whole, 0.5)
    landmarker.find(picture, whole)
    landmarks = np.random.default_rng(0).uniform(50, 200, (_FRAMES, 33, 3))
    landmarks[..., 2] = 1.0
    lift_track(network, landmarks, np.arange(_FRAMES) / 30, Camera.assumed(256, 256), device)
    seconds = time.perf_counter() - start
    return {
        # Blender's own numpy may come without the record that `version` reads.
        "versions": {"INT Mocap": __version__, "Python": platform.python_version()}
        | {"numpy": np.__version__}
        | {name: version(name) for name in _LIBRARIES},
        "device": _named(device),
        "seconds": round(seconds, 2),
    }


def _named(device: torch.device) -> str:
    if device.type == "cuda":
        return f"graphics card {torch.cuda.get_device_name(device)}"
    return f"processor, {torch.get_num_threads()} threads"

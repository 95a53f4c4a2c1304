"""Readers of other systems' results, and of SMPL bodies."""

import pickle
import shutil
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path

import numpy as np

from tests.fuzz.targets.motion import npz
from tests.fuzz.targets.target import Target


def _results(*systems: str) -> Callable[[], list[bytes]]:
    def samples() -> list[bytes]:
        return [_sample(system).read_bytes() for system in systems]

    return samples


def _part(system: str, name: str) -> Callable[[], list[bytes]]:
    return lambda: [(_sample(system) / name).read_bytes()]


@cache
def _sample(system: str) -> Path:
    """Return a file, or a folder, as a system writes it."""
    from tests.core_model.results.samples import SYSTEMS

    return SYSTEMS[system](Path(tempfile.mkdtemp(prefix="fuzz-sample-"))).path


def _read(path: Path) -> object:
    from core_model.results.reading import ReadOptions, read_all

    return read_all([path], ReadOptions(frame_rate=30.0))


def _read_part(system: str, name: str) -> Callable[[Path], object]:
    """Return a reader of a folder in which one file is another's."""

    def read(path: Path) -> object:
        folder = path.parent / "folder"
        shutil.copytree(_sample(system), folder)
        path.replace(folder / name)
        return _read(folder)

    return read


def _bodies() -> list[bytes]:
    count = 60
    random = np.random.default_rng(0)
    parts = {
        "v_template": random.normal(0, 0.3, (count, 3)),
        "shapedirs": random.normal(0, 0.01, (count, 3, 10)),
        "posedirs": random.normal(0, 0.01, (count, 3, 207)),
        "J_regressor": np.full((24, count), 1 / count),
        "weights": np.full((count, 24), 1 / 24),
        "f": random.integers(0, count, (100, 3)).astype(np.uint32),
        "kintree_table": np.array([[2**32 - 1, *range(23)], range(24)], np.uint32),
    }
    return [npz(**parts), pickle.dumps(parts, 2), pickle.dumps(parts, 4)]


def _read_body(path: Path) -> object:
    from core_model.body.smpl_files import read_smpl_arrays

    return read_smpl_arrays(path)


_WORLD, _CAMERA, _TRACK = (
    ("slahmr", "dance_000120_world_results.npz"),
    ("tram", "camera.npy"),
    ("tram", "hps/hps_track_0.npy"),
)
_NAMES = ("slahmr", "track_info.json")

TARGETS = {
    "results, pickles": Target(
        ".pkl", _results("wham", "vibe", "pare", "phalp", "prompthmr", "smpl_pickle"), _read
    ),
    "results, old pickles": Target(".pk", _results("hybrik"), _read),
    "results of PyTorch": Target(".pt", _results("gvhmr"), _read),
    "results, archives": Target(
        ".npz", _results("romp", "mmhuman3d", "amass_smplh", "amass_smplx"), _read
    ),
    "results, arrays": Target(".npy", _results("motion_x"), _read),
    "results, .smpl": Target(".smpl", _results("smpl_codec"), _read),
    "SLAHMR, world": Target(".npz", _part(*_WORLD), _read_part(*_WORLD)),
    "SLAHMR, tracks": Target(".json", _part(*_NAMES), _read_part(*_NAMES)),
    "TRAM, camera": Target(".npy", _part(*_CAMERA), _read_part(*_CAMERA)),
    "TRAM, person": Target(".npy", _part(*_TRACK), _read_part(*_TRACK)),
    "SMPL bodies": Target(".pkl", _bodies, _read_body),
}

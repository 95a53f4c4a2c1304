"""Readers of other systems' results, and of SMPL bodies."""

import json
import shutil
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from tests.fuzz.changes import ODD_DATA
from tests.fuzz.engines.guided import Guided
from tests.fuzz.engines.structured import Structured
from tests.fuzz.packing import (
    ODD_MEMBERS,
    as_json,
    as_npy,
    as_npz,
    as_old_pickle,
    as_pickle,
    as_torch,
)
from tests.fuzz.target import Target


def _results(*systems: str) -> Callable[[], list[bytes]]:
    def samples() -> list[bytes]:
        return [_sample(system).read_bytes() for system in systems]

    return samples


def _trees(*systems: str) -> Callable[[], list[Any]]:
    """Return a function that gives what is in the pickles of systems."""

    def samples() -> list[Any]:
        import joblib

        return [_plain(joblib.load(_sample(system))) for system in systems]

    return samples


def _tensors(system: str) -> Callable[[], list[Any]]:
    def samples() -> list[Any]:
        import torch

        return [_plain(torch.load(_sample(system), weights_only=True))]

    return samples


def _arrays(*systems: str) -> Callable[[], list[Any]]:
    return lambda: [_members(_sample(system)) for system in systems]


def _part_arrays(system: str, name: str) -> Callable[[], list[Any]]:
    return lambda: [_members(_sample(system) / name)]


def _members(path: Path) -> Any:
    found = np.load(path, allow_pickle=True)
    return dict(found) if isinstance(found, np.lib.npyio.NpzFile) else found


def _plain(tree: Any) -> Any:
    """Return tensors as arrays."""
    if isinstance(tree, dict):
        return {key: _plain(value) for key, value in tree.items()}
    if isinstance(tree, list):
        return [_plain(value) for value in tree]
    return tree.numpy() if hasattr(tree, "numpy") else tree


def _names() -> list[Any]:
    return [json.loads((_sample("slahmr") / "track_info.json").read_text())]


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


def _bodies() -> list[Any]:
    from core_model.body.skeleton import PARENTS

    count = 60
    random = np.random.default_rng(0)
    parts = {
        "v_template": random.normal(0, 0.3, (count, 3)),
        "shapedirs": random.normal(0, 0.01, (count, 3, 10)),
        "posedirs": random.normal(0, 0.01, (count, 3, 207)),
        "J_regressor": np.full((24, count), 1 / count),
        "weights": np.full((count, 24), 1 / 24),
        "f": random.integers(0, count, (100, 3)).astype(np.uint32),
        "kintree_table": np.array([[2**32 - 1, *PARENTS[1:]], range(24)], np.uint32),
    }
    return [parts]


def _body_files() -> list[bytes]:
    (parts,) = _bodies()
    return [as_npz(parts), as_old_pickle(parts), as_pickle(parts)]


def _read_body(path: Path) -> object:
    from core_model.body.smpl_files import read_smpl_arrays

    return read_smpl_arrays(path)


_PICKLES = ("wham", "vibe", "pare", "phalp", "prompthmr", "smpl_pickle")
_ARCHIVES = ("romp", "mmhuman3d", "amass_smplh", "amass_smplx", "smpl_codec")
_WORLD, _CAMERA, _TRACK, _NAMES = (
    ("slahmr", "dance_000120_world_results.npz"),
    ("tram", "camera.npy"),
    ("tram", "hps/hps_track_0.npy"),
    ("slahmr", "track_info.json"),
)
_IN_ARCHIVE = Structured(as_npz, ODD_MEMBERS)
_ARRAY = Structured(as_npy, ODD_MEMBERS)

TARGETS = {
    "results, pickles": Target(
        ".pkl", _trees(*_PICKLES, "hybrik"), _read, Structured(as_pickle, ODD_DATA)
    ),
    "results, pickles, bytes": Target(".pkl", _results(*_PICKLES), _read, Guided()),
    "results, old pickles, bytes": Target(".pk", _results("hybrik"), _read, Guided()),
    "results of PyTorch": Target(".pt", _tensors("gvhmr"), _read, Structured(as_torch, ODD_DATA)),
    "results of PyTorch, bytes": Target(".pt", _results("gvhmr"), _read, Guided()),
    "results, archives": Target(".npz", _arrays(*_ARCHIVES), _read, _IN_ARCHIVE),
    "results, archives, bytes": Target(".npz", _results(*_ARCHIVES), _read, Guided()),
    "results, arrays": Target(".npy", _arrays("motion_x"), _read, _ARRAY),
    "results, arrays, bytes": Target(".npy", _results("motion_x"), _read, Guided()),
    "results, .smpl, bytes": Target(".smpl", _results("smpl_codec"), _read, Guided()),
    "SLAHMR, world": Target(".npz", _part_arrays(*_WORLD), _read_part(*_WORLD), _IN_ARCHIVE),
    "SLAHMR, world, bytes": Target(".npz", _part(*_WORLD), _read_part(*_WORLD), Guided()),
    "SLAHMR, tracks": Target(".json", _names, _read_part(*_NAMES), Structured(as_json)),
    "TRAM, camera": Target(".npy", _part_arrays(*_CAMERA), _read_part(*_CAMERA), _ARRAY),
    "TRAM, person": Target(".npy", _part_arrays(*_TRACK), _read_part(*_TRACK), _ARRAY),
    "SMPL bodies": Target(".pkl", _bodies, _read_body, Structured(as_pickle, ODD_DATA)),
    "SMPL bodies, bytes": Target(".pkl", _body_files, _read_body, Guided()),
}

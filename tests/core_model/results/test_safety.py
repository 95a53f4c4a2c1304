"""Files from strangers: a sentence, nothing run, and no more memory than they can honestly need."""

import io
import os
import pickle
import tracemalloc
import zipfile
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from core_model.errors import TakeError
from core_model.results.converting import convert
from core_model.results.reading import read_all
from tests.core_model.results.joblib_writer import write_joblib
from tests.core_model.results.samples import SYSTEMS

MIB = 2**20


class _Hostile:
    def __init__(self, victim: Path) -> None:
        self._victim = victim

    def __reduce__(self) -> Any:
        return os.mkdir, (str(self._victim),)


def _plain(path: Path, content: Any) -> None:
    path.write_bytes(pickle.dumps(content))


def _packed(path: Path, content: Any) -> None:
    write_joblib(path, content, compress=True)


def _numpy(path: Path, content: Any) -> None:
    with open(path, "wb") as file:
        np.save(file, np.array(content, dtype=object))


def _in_npz(path: Path, content: Any) -> None:
    with open(path, "wb") as file:
        np.savez(file, results=np.array(content, dtype=object))


def _torch(path: Path, content: Any) -> None:
    torch.save(content, path)


def _nested(path: Path, content: Any) -> None:
    """Hide it where PyTorch keeps a storage inside of another pickle."""
    inner = pickle.dumps(0x1950A86A20F9469CFC6C, 2) + pickle.dumps(content, 2)
    call = b"ctorch.storage\n_load_from_bytes\n"
    path.write_bytes(b"\x80\x04}\x8c\x01a" + call + pickle.dumps(inner, 3)[2:-1] + b"\x85Rs.")


@pytest.mark.parametrize("write", [_plain, _packed, _numpy, _in_npz, _torch, _nested])
def test_nothing_is_run(tmp_path, write):
    victim = tmp_path / "made_by_a_stranger"
    write(tmp_path / "file.pkl", {"pose": _Hostile(victim)})
    with pytest.raises(TakeError) as caught:
        convert([tmp_path / "file.pkl"], tmp_path / "out")
    assert "mkdir" in str(caught.value) and "\n" not in str(caught.value)
    assert not victim.exists() and not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    "name", ["builtins.eval", "builtins.getattr", "numpy.load", "torch.load", "joblib.load"]
)
def test_only_names_of_data_exist(tmp_path, name):
    module, _, function = name.rpartition(".")
    path = tmp_path / "file.pkl"
    path.write_bytes(f"\x80\x02c{module}\n{function}\n)R.".encode("latin1"))
    with pytest.raises(TakeError, match=f"asks for {name}"):
        read_all([path])


def _limited(path: Path, most: int) -> str:
    tracemalloc.start()
    try:
        with pytest.raises(TakeError) as caught:
            read_all([path])
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < most, f"{peak / MIB:.0f} MiB"
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_bombs_do_not_go_off(tmp_path):
    bomb = zlib.compressobj(9)
    zeros = bytes(MIB)
    data = b"".join(bomb.compress(zeros) for _ in range(64)) + bomb.flush()
    (tmp_path / "demo.pkl").write_bytes(data)
    assert "far more" in _limited(tmp_path / "demo.pkl", 120 * MIB)
    with zipfile.ZipFile(tmp_path / "a.pt", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a/data.pkl", b"\x80\x02" + b"N0" * 2 * MIB + b"N.")
    assert "unpack" in _limited(tmp_path / "a.pt", 32 * MIB)


def test_shapes_that_lie_take_no_memory(tmp_path):
    one = SYSTEMS["wham"](tmp_path)
    data = one.path.read_bytes()
    size = pickle.dumps((45, 72), 4)[11:-2]
    assert size in data
    huge = data.replace(size, pickle.dumps((45, 72_000_000), 4)[11:-2])
    (tmp_path / "huge.pkl").write_bytes(huge)
    assert "damaged" in _limited(tmp_path / "huge.pkl", 32 * MIB)


@pytest.mark.parametrize(
    "tensor",
    [
        torch.zeros(1).expand(10**9, 63),
        torch.zeros(4).as_strided((2, 2), (1, 1)),
    ],
    ids=["one number a thousand million times", "beyond its storage"],
)
def test_tensors_that_look_beyond_what_there_is(tmp_path, tensor):
    parameters = {name: torch.zeros(5, 3) for name in ("global_orient", "transl")}
    content = {"smpl_params_global": parameters | {"body_pose": tensor, "betas": torch.zeros(10)}}
    torch.save(content, tmp_path / "a.pt")
    if tensor.shape == (2, 2):  # PyTorch itself writes no tensor that is damaged
        cut = io.BytesIO()
        with zipfile.ZipFile(tmp_path / "a.pt") as old, zipfile.ZipFile(cut, "w") as new:
            for name in old.namelist():
                body = old.read(name)
                new.writestr(name, body[:8] if "/data/" in name else body)
        (tmp_path / "a.pt").write_bytes(cut.getvalue())
    _limited(tmp_path / "a.pt", 32 * MIB)


@pytest.mark.parametrize("name", ["wham", "phalp", "hybrik"])
def test_the_same_list_a_million_times_is_not_counted_out(tmp_path, name):
    numbers: Any = [0.0] * 8
    for _ in range(40):
        numbers = [numbers] * 8
    content = {
        "wham": {1: {"pose_world": numbers, "trans_world": numbers}},
        "phalp": {"a": {"tid": numbers, "smpl": numbers, "camera": numbers, "time": 0}},
        "hybrik": {"pred_thetas": numbers, "transl": numbers},
    }
    (tmp_path / "a.pkl").write_bytes(pickle.dumps(content[name]))
    _limited(tmp_path / "a.pkl", 700 * MIB)


@pytest.mark.parametrize("system", SYSTEMS)
def test_a_damaged_file_is_one_sentence(tmp_path, system):
    sample = SYSTEMS[system](tmp_path)
    paths = [sample.path] if sample.path.is_file() else sorted(sample.path.rglob("*.np?"))
    random = np.random.default_rng(3)
    for path in paths:
        data = path.read_bytes()
        cuts = [data[: int(share * len(data))] for share in (0, 0.01, 0.3, 0.7, 0.99)]
        for number in range(15):
            changed = bytearray(data)
            for place in random.integers(0, min(len(data), 3000 if number % 2 else 2**40), 8):
                changed[place] = random.integers(0, 256)
            cuts.append(bytes(changed))
        for cut in cuts:
            path.write_bytes(cut)
            try:
                read_all([sample.path])
            except TakeError as error:
                assert "\n" not in str(error) and len(str(error)) < 700
        path.write_bytes(data)


def test_a_thousand_million_frames_are_refused(tmp_path):
    person = {"pose_world": np.zeros((2, 72)), "trans_world": np.zeros((2, 3))}
    person["frame_ids"] = np.array([0, 10**9])
    path = write_joblib(tmp_path / "wham_output.pkl", {0: person})
    assert "spread over" in _limited(path, 32 * MIB)

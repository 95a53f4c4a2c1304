"""Sizes are known before anything is unpacked, and what is not wanted is not looked at."""

import io
import os
import struct
import tracemalloc
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from core_model.storage.npz import NpzError, names_in_npz, read_npz

MIB = 2**20


def _write(path: Path, **members: bytes) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(f"{name}.npy", data)
    return path


def _npy(header: str, data: bytes = b"", version: bytes = b"\x01\x00") -> bytes:
    size = struct.pack("<H" if version == b"\x01\x00" else "<I", len(header))
    return b"\x93NUMPY" + version + size + header.encode() + data


def _declared(shape: str, descr: str = "'<f8'") -> str:
    return f"{{'descr': {descr}, 'fortran_order': False, 'shape': {shape}, }}\n"


def _peak(path: Path, message: str) -> float:
    """Refuse a file, and return how many MiB that took."""
    tracemalloc.start()
    with pytest.raises(NpzError, match=message):
        read_npz(path, ("poses",), 2**30)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return peak / MIB


def test_arrays_of_every_kind_come_back_as_they_were(tmp_path):
    random = np.random.default_rng(0)
    arrays: dict[str, Any] = {
        "plain": random.normal(size=(30, 7)),
        "columns": np.asfortranarray(random.normal(size=(5, 6)).astype(np.float32)),
        "swapped": random.integers(0, 99, 12).astype(">i4"),
        "truth": random.random(9) > 0.5,
        "text": np.array("größer"),
        "bytes": np.array(b"male"),
        "empty": np.zeros((0, 3)),
        "number": np.array(29.97),
    }
    for save in (np.savez, np.savez_compressed):
        save(tmp_path / "a.npz", **arrays)
        read = read_npz(tmp_path / "a.npz", tuple(arrays), 2**30)
        for name, array in arrays.items():
            np.testing.assert_array_equal(read[name], array)
            assert read[name].dtype == array.dtype
        assert names_in_npz(tmp_path / "a.npz") == set(arrays)


def test_what_is_not_wanted_is_not_read(tmp_path):
    np.savez_compressed(tmp_path / "a.npz", poses=np.ones(3), zeros=np.zeros(50 * MIB // 8))
    tracemalloc.start()
    assert list(read_npz(tmp_path / "a.npz", ("poses",), 2**30)) == ["poses"]
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < MIB


def test_python_objects_are_left_out(tmp_path):
    np.savez(tmp_path / "a.npz", poses=np.ones(3), table=np.array({"a": 1}, dtype=object))
    assert list(read_npz(tmp_path / "a.npz", ("poses", "table"), 2**30)) == ["poses"]


def test_a_bomb_is_refused_before_it_is_unpacked(tmp_path):
    path = _write(tmp_path / "a.npz", poses=_npy(_declared(f"({50 * MIB},)"), bytes(400 * MIB)))
    assert path.stat().st_size < 420_000
    assert _peak(path, "unpack to far more") < 2


@pytest.mark.parametrize(
    ("poses", "message"),
    [
        (_npy(_declared("(1000000000, 72)")), "larger than what is in it"),
        (_npy(_declared("(-1, 72)")), "negative"),
        (_npy(_declared("(1, 72)", "'<U99999999'"), b"x"), "larger than what is in it"),
        (_npy(_declared("(1, 72)"), bytes(8 * 72 + 1)), "longer than it says"),
        (_npy(_declared("(" * 400 + ")" * 400)), "unpacked|never does"),
        (_npy("-" * 900 + "1"), "unpacked|never does"),
        (_npy("x" * 60_000), "unpacked|never does"),
        (_npy(_declared("(1,)"), bytes(8), version=b"\x02\x00"), "as numpy never does"),
        (b"\x93NUMPY\x02\x00\xff\xff\xff\xff" + bytes(64 * MIB), "as numpy never does"),
        (b"", "unpacked|never does"),
    ],
)
def test_headers_that_lie_take_no_memory(tmp_path, poses, message):
    assert _peak(_write(tmp_path / "a.npz", poses=poses), message) < 2


def test_sizes_in_the_zip_are_not_believed(tmp_path):
    np.savez(tmp_path / "a.npz", poses=np.ones((10, 72)))
    whole = bytearray((tmp_path / "a.npz").read_bytes())
    entry = whole.rindex(b"PK\x01\x02")
    whole[entry + 24 : entry + 28] = struct.pack("<I", 2**31)
    where = whole.index(b"(10, 72)")
    whole[where : where + 15] = b"(3000000, 72)  "
    (tmp_path / "b.npz").write_bytes(whole)
    assert _peak(tmp_path / "b.npz", "unpack|ends") < 2


def test_other_compressions_are_refused(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.npz", "w", zipfile.ZIP_BZIP2) as archive:
        archive.writestr("poses.npy", bytes(100 * MIB))
    assert _peak(tmp_path / "a.npz", "never uses") < 2


def test_an_endless_list_of_contents_is_refused(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.npz", "w") as archive:
        for number in range(8000):
            archive.writestr(f"{number}.npy", b"")
    assert _peak(tmp_path / "a.npz", "more contents") < 2


def test_what_is_no_zip_is_said(tmp_path):
    data = io.BytesIO()
    np.save(data, np.ones((3, 72)))
    for content in (b"", b"PK\x05\x06", data.getvalue(), b"PK\x03\x04" + bytes(300)):
        (tmp_path / "a.npz").write_bytes(content)
        with pytest.raises(NpzError, match="cannot be unpacked"):
            names_in_npz(tmp_path / "a.npz")
    with pytest.raises(IsADirectoryError):
        names_in_npz(tmp_path)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no such pipes")
def test_nobody_waits_for_a_pipe(tmp_path):
    os.mkfifo(tmp_path / "a.npz")
    with pytest.raises(NpzError, match="no ordinary file"):
        names_in_npz(tmp_path / "a.npz")

"""Writes files as joblib does, to the documented form, without joblib."""

import pickle
import sys
import types
import zlib
from pathlib import Path
from typing import Any

import numpy as np

_ALIGNMENT = 16


class _Wrapper:
    """What joblib writes before the bytes of an array."""

    def __init__(self, array: np.ndarray) -> None:
        self.subclass = np.ndarray
        self.shape = array.shape
        self.order = "F" if array.flags.f_contiguous and not array.flags.c_contiguous else "C"
        self.dtype = array.dtype
        self.allow_mmap = not array.dtype.hasobject
        self.numpy_array_alignment_bytes = _ALIGNMENT


_Wrapper.__module__ = "joblib.numpy_pickle"
_Wrapper.__name__ = _Wrapper.__qualname__ = "NumpyArrayWrapper"


_ROOT: Any = pickle._Pickler  # the one in Python, whose frames can be ended


class _Pickler(_ROOT):
    def __init__(self, file: Any) -> None:
        super().__init__(file, protocol=4)
        self.raw = file

    def save(self, thing: Any, *more: Any, **named: Any) -> None:
        if type(thing) is not np.ndarray:
            super().save(thing, *more, **named)
            return
        wrapper = _Wrapper(thing)
        super().save(wrapper)
        self.framer.commit_frame(force=True)
        if thing.dtype.hasobject:
            pickle.dump(thing, self.raw, protocol=2)
            return
        padding = _ALIGNMENT - (self.raw.tell() + 1) % _ALIGNMENT
        self.raw.write(bytes([padding]) + b"\xff" * padding)
        self.raw.write(thing.tobytes("F" if wrapper.order == "F" else "C"))


def write_joblib(path: Path, content: Any, compress: bool = False) -> Path:
    """Write a file as `joblib.dump` does."""
    package, module = types.ModuleType("joblib"), types.ModuleType("joblib.numpy_pickle")
    module.NumpyArrayWrapper = _Wrapper  # type: ignore[attr-defined]
    before = {name: sys.modules.get(name) for name in ("joblib", "joblib.numpy_pickle")}
    sys.modules |= {"joblib": package, "joblib.numpy_pickle": module}
    try:
        with open(path, "wb") as file:
            _Pickler(file).dump(content)
    finally:
        for name, there in before.items():
            if there is None:
                del sys.modules[name]
            else:
                sys.modules[name] = there
    if compress:
        path.write_bytes(zlib.compress(path.read_bytes(), 3))
    return path

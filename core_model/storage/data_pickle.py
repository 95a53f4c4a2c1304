"""Pickles of data: tables of numpy arrays as Python, joblib and PyTorch write them, nothing run.

joblib writes the bytes of an array into the middle of a pickle, behind a record that says what they
are. PyTorch writes tensors as a way to look at a storage, which lies elsewhere in the file. Here an
array is a view of the bytes that the file holds, so that a large one that nobody asks for takes no
memory; and a shape that promises more than there is, is damage.
"""

import math
import mmap
import pickle
import re
from collections.abc import Callable
from typing import Any, ClassVar

import numpy as np

from core_model.storage.torch_storage import Storage, StorageKind, storage_kind, tensor_of
from core_model.storage.unpickling import (
    CHECKED,
    LOADERS,
    NUMPY_PARTS,
    InertUnpickler,
    NumberType,
    PickledArray,
    RefusedPickleError,
)

_DEEPEST = 4  # pickles inside of pickles
_TEXT_CODE = re.compile("[<>|=]?[SU]([0-9]{1,6})")
_LONGEST_TEXT = 10_000  # letters of each text in an array
_PLACEHOLDERS = {"dict", "list", "tuple", "set", "int", "float", "bool", "str"}
_JOBLIB = ("joblib.numpy_pickle", "sklearn.externals.joblib.numpy_pickle")
_OLD_MAGIC = 0x1950A86A20F9469CFC6C
_OLD_VERSION = 1001
_OLD_PICKLES = 5  # magic number, version, machine, content, names of the storages
_OLD_COUNT = 8  # bytes that say how many numbers follow


class DataArray(PickledArray):
    """Stands for `numpy.ndarray`, also of texts and of Python objects.

    Attributes
    ----------
    array : numpy.ndarray or None
        Numbers, truth values or texts.
    objects : list or None
        What an array of Python objects holds, in the order of its elements.
    shape : tuple of int
    """

    objects: list[Any] | None = None
    shape: tuple[int, ...] = ()

    def __setstate__(self, state: tuple[Any, ...]) -> None:
        _, shape, kind, by_column, data = state
        self.shape = shape
        if isinstance(data, list):
            if len(data) != math.prod(shape):
                raise ValueError("an array of objects that has others than it says")
            self.objects = data
        elif isinstance(kind, NumberType):
            self.array = _flat(kind, data).reshape(shape, order="F" if by_column else "C")


class JoblibArray:
    """Stands for joblib's record of an array, whose bytes follow."""

    def __init__(self) -> None:
        self.state: dict[Any, Any] = {}

    def __setstate__(self, state: Any) -> None:
        if not isinstance(state, dict):
            raise RefusedPickleError("an array of joblib without a description")
        self.state = state


class DataUnpickler(InertUnpickler):
    """Reads a pickle of tables, lists, texts, numbers, arrays and tensors.

    Parameters
    ----------
    data : bytes or mmap
        The whole file; arrays are views of it.
    start : int
        Where in it the pickle begins.
    storages : callable, optional
        Returns the bytes of a storage of PyTorch by its name; for files of `torch.save`.
    depth : int
        How many pickles this one lies in.
    """

    most_steps = 30_000_000  # hours of video with several people
    with_contents = (*InertUnpickler.with_contents, DataArray, JoblibArray)

    def __init__(
        self, data: bytes | mmap.mmap, start: int = 0, storages: Any = None, depth: int = 0
    ) -> None:
        super().__init__(data, (), start)
        self._data = data
        self._storages = storages
        self._depth = depth
        if depth > _DEEPEST:
            raise RefusedPickleError("pickles inside of pickles without an end")

    def find_class(self, module: str, name: str) -> Any:
        """Return what stands for a name.

        Raises
        ------
        RefusedPickleError
            For every name that data has no need of.
        """
        if (module, name) in (("numpy", "ndarray"), ("numpy", "memmap")):
            return DataArray
        if module in NUMPY_PARTS and name == "_frombuffer":
            return _array_from_buffer
        if module in _JOBLIB and name == "NumpyArrayWrapper":
            return JoblibArray
        if (module, name) == ("collections", "defaultdict"):
            return _table
        if module in ("builtins", "__builtin__") and name in _PLACEHOLDERS - {"set"}:
            return _nothing
        if (module, name) in (("builtins", "bytes"), ("__builtin__", "bytes")):
            return _no_bytes
        if module == "torch._utils" and name in ("_rebuild_tensor_v2", "_rebuild_tensor"):
            return tensor_of
        if module == "torch._utils" and name == "_rebuild_parameter":
            return _first
        if (module, name) == ("torch", "Size"):
            return _first
        if (module, name) == ("torch.storage", "_load_from_bytes"):
            return self._old_storage
        if module in ("torch", "torch.storage") and name.endswith("Storage"):
            return storage_kind(name)
        return super().find_class(module, name)

    def persistent_load(self, pid: Any) -> Storage:
        """Return a storage of PyTorch that lies elsewhere in the file.

        Raises
        ------
        RefusedPickleError
            When it is something else.
        """
        if (
            self._storages is None
            or not isinstance(pid, tuple)
            or len(pid) < 5
            or pid[0] != "storage"
            or not isinstance(pid[1], StorageKind)
            or not isinstance(pid[2], str)
            or not isinstance(pid[4], int)
        ):
            raise RefusedPickleError("something that lies outside of it")
        key, count = pid[2], pid[4]
        return Storage(pid[1], count, lambda: self._storages(key))

    def follow(self, opcode: int) -> None:
        """Follow one instruction; behind joblib's record of an array come its bytes."""
        super().follow(opcode)
        if opcode == pickle.BUILD[0] and isinstance(self.stack[-1], JoblibArray):
            self.stack[-1] = self._array(self.stack[-1].state)

    # Where thousands of pictures are listed, checking what needs none would take most of the time.
    dispatch: ClassVar[dict[int, Callable[..., None]]] = {
        opcode: InertUnpickler.dispatch[opcode] if opcode in CHECKED else load
        for opcode, load in LOADERS.items()
    }

    def _array(self, state: dict[Any, Any]) -> DataArray:
        kind, shape = state.get("dtype"), state.get("shape")
        if not isinstance(kind, NumberType) or not isinstance(shape, tuple):
            raise RefusedPickleError("an array of joblib without a type and a shape")
        if _is_object(kind):
            nested = self._nested(self._data, self.file.tell())
            found = nested.load()
            self.file.seek(nested.file.tell())
            self.steps_left = nested.steps_left
            if not isinstance(found, DataArray):
                raise RefusedPickleError("something else in the place of an array")
            return found
        if state.get("numpy_array_alignment_bytes") is not None:
            (padding,) = self.file.read(1)
            self.file.seek(padding, 1)
        flat = _flat(kind, self._data, math.prod(shape), self.file.tell())
        self.file.seek(flat.nbytes, 1)
        array = DataArray()
        array.shape = shape
        array.array = flat.reshape(shape, order="F" if state.get("order") == "F" else "C")
        return array

    def _nested(
        self, data: bytes | mmap.mmap, start: int = 0, storages: Any = None
    ) -> "DataUnpickler":
        nested = type(self)(data, start, storages, self._depth + 1)
        nested.steps_left = self.steps_left
        return nested

    def _old_storage(self, data: Any) -> Storage:
        """Read a storage as older versions of PyTorch save one, inside of other pickles."""
        if not isinstance(data, bytes):
            raise RefusedPickleError("a storage that is no bytes")
        raw: dict[str, bytes] = {}
        parts: list[Any] = []
        position = 0
        for _ in range(_OLD_PICKLES):
            reader = self._nested(data, position, raw.__getitem__)
            parts.append(reader.load())
            position, self.steps_left = reader.file.tell(), reader.steps_left
        magic, version, _, storage, names = parts
        if magic != _OLD_MAGIC or version != _OLD_VERSION or not isinstance(storage, Storage):
            raise RefusedPickleError("a storage of a kind that PyTorch never wrote")
        if not isinstance(names, list) or len(names) != 1 or not isinstance(names[0], str):
            raise RefusedPickleError("a storage in several pieces")
        raw[names[0]] = data[position + _OLD_COUNT :]
        return storage


def _is_object(kind: NumberType) -> bool:
    return kind.code.lstrip("<>|=")[:1] == "O"


def _flat(kind: NumberType, data: Any, count: int = -1, start: int = 0) -> np.ndarray:
    """Return a view (N,) of bytes as numbers or texts; a `ValueError` if there are too few."""
    if not isinstance(data, (bytes, str, mmap.mmap)):
        raise RefusedPickleError("arrays without contents")
    raw = data.encode("latin1") if isinstance(data, str) else data
    text = _TEXT_CODE.fullmatch(kind.code)
    if text and 0 < int(text[1]) <= _LONGEST_TEXT:
        dtype = np.dtype(kind.code)
    else:
        dtype = kind.as_dtype()
    if count == 0:
        return np.empty(0, dtype)
    return np.frombuffer(raw, dtype, count, start)


def _array_from_buffer(data: Any, kind: Any, shape: Any, order: Any) -> DataArray:
    array = DataArray()
    array.__setstate__((1, shape, kind, order == "F", data))
    return array


def _table(*_: Any) -> dict[Any, Any]:
    """Stand for `collections.defaultdict`, which is filled afterwards."""
    return {}


def _no_bytes(*_: Any) -> bytes:
    """Stand for `bytes`, by which older protocols write empty ones."""
    return b""


def _nothing(*_: Any) -> None:
    """Stand for a type that is named and has no need to be called."""


def _first(value: Any = (), *_: Any) -> Any:
    """Stand for what wraps its first argument."""
    return value

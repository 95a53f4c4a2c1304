"""Tensors of PyTorch without PyTorch: a storage of numbers, and a way to look at it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from core_model.storage.unpickling import RefusedPickleError

MOST_REPEATED = 2**23
"""A tensor may show one number many times; so many in all, at most."""

_MOST_AXES = 32
_DTYPES = {
    "DoubleStorage": "<f8",
    "FloatStorage": "<f4",
    "HalfStorage": "<f2",
    "BFloat16Storage": "<u2",
    "LongStorage": "<i8",
    "IntStorage": "<i4",
    "ShortStorage": "<i2",
    "CharStorage": "<i1",
    "ByteStorage": "<u1",
    "BoolStorage": "?",
}


@dataclass(frozen=True)
class StorageKind:
    """A type of numbers, named as PyTorch names its storages."""

    name: str

    @property
    def dtype(self) -> np.dtype[Any]:
        """The dtype of the bytes; of BFloat16 the upper halves of float32."""
        return np.dtype(_DTYPES[self.name])


@dataclass(frozen=True)
class Storage:
    """Numbers that a file holds somewhere.

    Parameters
    ----------
    kind : StorageKind
    count : int
        How many there are, as the file says.
    raw : callable
        Returns the bytes.
    """

    kind: StorageKind
    count: int
    raw: Callable[[], bytes]

    def numbers(self) -> np.ndarray:
        """Return all numbers (N,); a `ValueError` if the file holds fewer than it says."""
        flat = np.frombuffer(self.raw(), self.kind.dtype, self.count)
        if self.kind.name == "BFloat16Storage":
            return (flat.astype(np.uint32) << 16).view(np.float32)
        return flat


@dataclass(frozen=True)
class Tensor:
    """A tensor that is read once somebody asks for it.

    Parameters
    ----------
    storage : Storage
    offset : int
        Of its first number in the storage.
    shape, strides : tuple of int
        Strides in numbers.
    """

    storage: Storage
    offset: int
    shape: tuple[int, ...]
    strides: tuple[int, ...]

    def array(self) -> np.ndarray:
        """Return a view of the numbers.

        Raises
        ------
        ValueError
            When it looks beyond its storage, or at far more numbers than there are.
        """
        numbers = self.storage.numbers()
        if 0 in self.shape:
            return np.empty(self.shape, numbers.dtype)
        steps = zip(self.shape, self.strides, strict=True)
        last = self.offset + sum((side - 1) * stride for side, stride in steps)
        total = 1
        for side in self.shape:
            total *= side
        if self.offset < 0 or last >= len(numbers) or total > max(MOST_REPEATED, len(numbers)):
            raise ValueError("a tensor that looks beyond its storage")
        size = numbers.itemsize
        return np.lib.stride_tricks.as_strided(
            numbers[self.offset :],
            self.shape,
            tuple(stride * size for stride in self.strides),
            writeable=False,
        )


def storage_kind(name: str) -> StorageKind:
    """Return what stands for a class of storages.

    Raises
    ------
    RefusedPickleError
        When its numbers are of no kind that is read here.
    """
    if name not in _DTYPES:
        raise RefusedPickleError(f"tensors of the kind {name[:100]}")
    return StorageKind(name)


def tensor_of(storage: Any, offset: Any, shape: Any, strides: Any, *_: Any) -> Tensor:
    """Stand for `torch._utils._rebuild_tensor_v2`.

    Raises
    ------
    RefusedPickleError
        When its arguments describe no tensor.
    """
    if not isinstance(storage, Storage) or type(offset) is not int:
        raise RefusedPickleError("a tensor without a storage")
    for sides in (shape, strides):
        if (
            not isinstance(sides, tuple)
            or len(sides) > _MOST_AXES
            or any(type(side) is not int or not 0 <= side < 2**48 for side in sides)
        ):
            raise RefusedPickleError("a tensor of an impossible shape")
    if len(shape) != len(strides):
        raise RefusedPickleError("a tensor of an impossible shape")
    return Tensor(storage, offset, shape, strides)

"""TensorFlow's records of examples, read without TensorFlow.

A record is its length (8 bytes), a check of that (4), the bytes, and a check of those (4). An
example is a protocol buffer: a map from names to lists of bytes, floats or whole numbers.
"""

import struct
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from core_model.errors import MocapError

_VARINT, _LONG, _BYTES, _SHORT = 0, 1, 2, 5  # wire types of protocol buffers
_BYTES_LIST, _FLOAT_LIST, _INT_LIST = 1, 2, 3

Feature = list[bytes] | np.ndarray


def read_examples(path: Path) -> Iterator[dict[str, Feature]]:
    """Give the examples of a file, each a dict of lists of bytes, float32 or int64 arrays.

    Raises
    ------
    MocapError
        When the file is damaged or something else.
    """
    try:
        with open(path, "rb") as file:
            while head := file.read(12):
                (length,) = struct.unpack("<Q", head[:8])
                data = file.read(length)
                if len(data) != length or len(file.read(4)) != 4:
                    raise ValueError("cut off")
                yield _example(memoryview(data))
    except (ValueError, IndexError, struct.error, OverflowError, MemoryError) as error:
        raise MocapError(f"{path} is damaged, cut off or no file of TensorFlow records.") from error


def _example(data: memoryview) -> dict[str, Feature]:
    found: dict[str, Feature] = {}
    for number, features in _fields(data):
        if number == 1:
            for _, entry in _fields(features):
                parts = dict(_fields(entry))
                if 1 in parts and 2 in parts:
                    found[bytes(parts[1]).decode("utf-8")] = _feature(parts[2])
    return found


def _feature(data: memoryview) -> Feature:
    for kind, content in _fields(data):
        if kind == _BYTES_LIST:
            return [bytes(value) for _, value in _fields(content)]
        packed = b"".join(bytes(value) for _, value in _fields(content, keep_scalars=True))
        if kind == _FLOAT_LIST:
            return np.frombuffer(packed, "<f4")
        if kind == _INT_LIST:
            return np.array(list(_varints(memoryview(packed))), np.uint64).astype(np.int64)
    return []


def _fields(data: memoryview, keep_scalars: bool = False) -> Iterator[tuple[int, memoryview]]:
    """Give number and bytes of each field; of scalars too, which lists may have one by one."""
    place = 0
    while place < len(data):
        key, place = _varint(data, place)
        start = place
        wire = key & 7
        if wire == _BYTES:
            length, start = _varint(data, place)
            place = start + length
        elif wire == _VARINT:
            _, place = _varint(data, place)
        elif wire in (_LONG, _SHORT):
            place += 8 if wire == _LONG else 4
        else:
            raise ValueError(f"wire type {wire}")
        if place > len(data):
            raise ValueError("cut off")
        if wire == _BYTES or keep_scalars:
            yield key >> 3, data[start:place]


def _varints(data: memoryview) -> Iterator[int]:
    place = 0
    while place < len(data):
        value, place = _varint(data, place)
        yield value


def _varint(data: memoryview, place: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = data[place]
        place += 1
        value |= (byte & 127) << shift
        if byte < 128:
            return value, place
        shift += 7
        if shift > 63:
            raise ValueError("a number without end")

"""C3D: places of joints as the points of a motion capture file.

The file format is that of the C3D user guide (www.c3d.org): blocks of 512 bytes, a header, a
section of parameters in groups, then the points, here as little-endian numbers of 32 bits.
"""

import struct
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from bake.export.joint_table import JointTable

_BLOCK = 512
_LITTLE_ENDIAN = 84  # "Intel" in the file's words
_MOST_FRAMES = 0xFFFF  # that the header and POINT:FRAMES can tell; TRIAL tells more
_MOST_LABELS = 255
_MILLIMETRES = 1000.0


def write_c3d(path: Path, table: JointTable) -> None:
    """Write joints as points in millimetres, Z up."""
    count = len(table.frames)
    points = np.zeros((count, len(table.names), 4), "<f4")
    points[..., :3] = _MILLIMETRES * table.places
    size = len(_parameters(table, 0))
    start = 2 + size // _BLOCK  # of the points, in blocks from 1: header, parameters, points
    with path.open("wb") as file:
        file.write(_header(table, start))
        file.write(_parameters(table, start))
        file.write(points.tobytes())
        file.write(bytes(-points.nbytes % _BLOCK))


def _header(table: JointTable, start: int) -> bytes:
    last = min(len(table.frames), _MOST_FRAMES)
    words = struct.pack(
        "<BBHHHHHfHHf", 2, 80, len(table.names), 0, 1, last, 0, -1.0, start, 0, table.fps
    )
    return words + bytes(_BLOCK - len(words))


def _parameters(table: JointTable, start: int) -> bytes:
    """Return the section of parameters, in whole blocks."""
    count = len(table.frames)
    parts = [
        _group(1, "POINT", "Points of the joints"),
        _integers(1, "USED", [len(table.names)]),
        _floats(1, "SCALE", [-1.0]),
        _floats(1, "RATE", [table.fps]),
        _integers(1, "DATA_START", [start]),
        _integers(1, "FRAMES", [min(count, _MOST_FRAMES)]),
        _texts(1, "UNITS", ["mm"]),
        _texts(1, "X_SCREEN", ["+X"]),
        _texts(1, "Y_SCREEN", ["+Z"]),
    ]
    for number in range(0, len(table.names), _MOST_LABELS):
        names = table.names[number : number + _MOST_LABELS]
        more = "" if number == 0 else str(number // _MOST_LABELS + 1)
        parts.append(_texts(1, f"LABELS{more}", names))
        parts.append(_texts(1, f"DESCRIPTIONS{more}", names))
    parts += [
        _group(2, "ANALOG", "None"),
        _integers(2, "USED", [0]),
        _group(3, "TRIAL", "Numbers of the frames"),
        _integers(3, "ACTUAL_START_FIELD", [1, 0]),
        _integers(3, "ACTUAL_END_FIELD", [count & 0xFFFF, count >> 16]),
    ]
    body = _chained(parts)
    blocks = -(-(len(body) + 4) // _BLOCK)
    section = struct.pack("<BBBB", 1, 80, blocks, _LITTLE_ENDIAN) + body
    return section + bytes(blocks * _BLOCK - len(section))


def _chained(parts: Sequence[tuple[bytes, bytes]]) -> bytes:
    """Join records, each with how far it is to the next, 0 in the last."""
    records = []
    for number, (start, rest) in enumerate(parts, start=1):
        step = 0 if number == len(parts) else 2 + len(rest)
        records.append(start + struct.pack("<H", step) + rest)
    return b"".join(records)


def _group(number: int, name: str, description: str) -> tuple[bytes, bytes]:
    """Return a record before and after the step to the next one."""
    start = struct.pack("<bb", len(name), -number) + name.encode("ascii")
    return start, bytes([len(description)]) + description.encode("ascii")


def _parameter(
    group: int, name: str, kind: int, sizes: Sequence[int], data: bytes
) -> tuple[bytes, bytes]:
    start = struct.pack("<bb", len(name), group) + name.encode("ascii")
    return start, struct.pack("<bB", kind, len(sizes)) + bytes(sizes) + data + b"\0"


def _integers(group: int, name: str, numbers: Sequence[int]) -> tuple[bytes, bytes]:
    sizes = [] if len(numbers) == 1 else [len(numbers)]
    return _parameter(group, name, 2, sizes, struct.pack(f"<{len(numbers)}H", *numbers))


def _floats(group: int, name: str, numbers: Sequence[float]) -> tuple[bytes, bytes]:
    sizes = [] if len(numbers) == 1 else [len(numbers)]
    return _parameter(group, name, 4, sizes, struct.pack(f"<{len(numbers)}f", *numbers))


def _texts(group: int, name: str, texts: Sequence[str]) -> tuple[bytes, bytes]:
    coded = [text.encode()[:_MOST_LABELS] for text in texts]
    width = max(len(text) for text in coded)
    data = b"".join(text.ljust(width) for text in coded)
    return _parameter(group, name, -1, [width, len(texts)], data)

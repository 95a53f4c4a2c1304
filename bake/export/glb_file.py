"""A binary glTF: JSON, and the numbers that it speaks of. The container is that of glTF 2.0."""

import json
import struct
from pathlib import Path
from typing import Any

import numpy as np

_MAGIC, _VERSION = b"glTF", 2
_JSON, _BINARY = b"JSON", b"BIN\0"
_FLOAT = 5126
_KINDS = {1: "SCALAR", 3: "VEC3", 4: "VEC4"}


class GlbFile:
    """What is written, bit by bit.

    Parameters
    ----------
    generator : str
        The program that writes it.
    """

    def __init__(self, generator: str) -> None:
        self.content: dict[str, Any] = {
            "asset": {"version": "2.0", "generator": generator},
            "accessors": [],
            "bufferViews": [],
        }
        self._binary = bytearray()

    def add_numbers(self, numbers: np.ndarray) -> int:
        """Add an array of one number, or three or four, at each time; return its accessor.

        Parameters
        ----------
        numbers : (K,) or (K, 3) or (K, 4)
        """
        rows = np.ascontiguousarray(numbers.reshape(len(numbers), -1), "<f4")
        views, accessors = self.content["bufferViews"], self.content["accessors"]
        views.append({"buffer": 0, "byteOffset": len(self._binary), "byteLength": rows.nbytes})
        self._binary += rows.tobytes()
        accessors.append(
            {
                "bufferView": len(views) - 1,
                "componentType": _FLOAT,
                "count": len(rows),
                "type": _KINDS[rows.shape[1]],
                "min": rows.min(axis=0).tolist(),
                "max": rows.max(axis=0).tolist(),
            }
        )
        return len(accessors) - 1

    def write(self, path: Path) -> None:
        """Write it."""
        self.content["buffers"] = [{"byteLength": len(self._binary)}]
        text = json.dumps(self.content, ensure_ascii=False, separators=(",", ":")).encode()
        chunks = _chunk(_JSON, text, b" ") + _chunk(_BINARY, bytes(self._binary), b"\0")
        path.write_bytes(_MAGIC + struct.pack("<II", _VERSION, 12 + len(chunks)) + chunks)


def _chunk(kind: bytes, data: bytes, padding: bytes) -> bytes:
    data += padding * (-len(data) % 4)
    return struct.pack("<I", len(data)) + kind + data

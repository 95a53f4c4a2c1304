"""A glTF's nodes in motion, worked out from the file itself: no importer in between."""

import json
import struct
from pathlib import Path
from typing import Any

import numpy as np

_SIZES = {"SCALAR": 1, "VEC3": 3, "VEC4": 4, "MAT4": 16}


class GltfMotion:
    """A binary glTF whose animation is played.

    Parameters
    ----------
    path : Path
    """

    def __init__(self, path: Path) -> None:
        data = path.read_bytes()
        magic, version, total = struct.unpack("<4sII", data[:12])
        assert (magic, version, total) == (b"glTF", 2, len(data))
        length, kind = struct.unpack("<I4s", data[12:20])
        assert kind == b"JSON" and length % 4 == 0
        self.content: dict[str, Any] = json.loads(data[20 : 20 + length])
        size, kind = struct.unpack("<I4s", data[20 + length : 28 + length])
        assert kind == b"BIN\0" and len(data) == 28 + length + size
        self._binary = data[28 + length :]

    def numbers(self, accessor: int) -> np.ndarray:
        """Return the numbers (K, N) of an accessor of 32-bit floats."""
        entry = self.content["accessors"][accessor]
        view = self.content["bufferViews"][entry["bufferView"]]
        size = _SIZES[entry["type"]]
        found = np.frombuffer(
            self._binary, "<f4", entry["count"] * size, view.get("byteOffset", 0)
        ).reshape(-1, size)
        if "min" in entry:
            assert np.allclose(found.min(axis=0), entry["min"])
            assert np.allclose(found.max(axis=0), entry["max"])
        return found.astype(float)

    def times(self) -> np.ndarray:
        """Return the seconds of the first animation's keys."""
        return self.numbers(self.content["animations"][0]["samplers"][0]["input"])[:, 0]

    def matrices(self, animated: bool = True) -> np.ndarray:
        """Return where all nodes are in the world, (K, N, 4, 4); at rest K is 1."""
        nodes = self.content["nodes"]
        count = len(self.times()) if animated else 1
        parts: list[dict[str, np.ndarray]] = [
            {
                "translation": np.tile(node.get("translation", [0, 0, 0]), (count, 1)),
                "rotation": np.tile(node.get("rotation", [0, 0, 0, 1]), (count, 1)),
                "scale": np.tile(node.get("scale", [1, 1, 1]), (count, 1)),
            }
            for node in nodes
        ]
        for animation in self.content["animations"][:1] if animated else ():
            for channel in animation["channels"]:
                sampler = animation["samplers"][channel["sampler"]]
                target = channel["target"]
                parts[target["node"]][target["path"]] = self.numbers(sampler["output"])
        local = [_matrices(part) for part in parts]
        above = {
            child: number for number, node in enumerate(nodes) for child in node.get("children", ())
        }
        placed: dict[int, np.ndarray] = {}

        def place(number: int) -> np.ndarray:
            if number not in placed:
                own = local[number]
                placed[number] = place(above[number]) @ own if number in above else own
            return placed[number]

        return np.stack([place(number) for number in range(len(nodes))], axis=1)


def in_blender(points: np.ndarray) -> np.ndarray:
    """Return points (..., 3) of a glTF in Blender's world."""
    return np.stack((points[..., 0], -points[..., 2], points[..., 1]), axis=-1)


def _matrices(part: dict[str, np.ndarray]) -> np.ndarray:
    x, y, z, w = part["rotation"].T
    assert np.allclose(x * x + y * y + z * z + w * w, 1, atol=1e-5)
    found = np.tile(np.eye(4), (len(x), 1, 1))
    found[:, :3, :3] = np.stack(
        (
            np.stack((1 - 2 * (y * y + z * z), 2 * (x * y - z * w), 2 * (x * z + y * w)), -1),
            np.stack((2 * (x * y + z * w), 1 - 2 * (x * x + z * z), 2 * (y * z - x * w)), -1),
            np.stack((2 * (x * z - y * w), 2 * (y * z + x * w), 1 - 2 * (x * x + y * y)), -1),
        ),
        axis=-2,
    )
    found[:, :3, :3] *= part["scale"][:, None, :]
    found[:, :3, 3] = part["translation"]
    return found

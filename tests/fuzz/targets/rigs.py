"""Readers of what belongs to rigs: bone maps, catalogues of a library."""

import json
import struct
from pathlib import Path
from typing import Any

from tests.fuzz.engines.guided import Guided
from tests.fuzz.engines.structured import Structured
from tests.fuzz.packing import as_json
from tests.fuzz.target import Target


def _maps() -> list[Any]:
    from tests.places import ROOT

    presets = sorted((ROOT / "bake" / "retarget" / "presets").glob("*.json"))
    return [json.loads(path.read_text(encoding="utf-8")) for path in presets]


def _read_map(path: Path) -> object:
    from bake.retarget.maps.map_file import map_from_text, map_text, read_map

    found = read_map(path)
    # What was read can be written, and is the same when it is read again.
    again = map_from_text(map_text(found), path)
    assert again.joints == found.joints
    return found


def _catalogues() -> list[bytes]:
    return [
        b"# Blender Asset Catalog Definition File.\nVERSION 1\n\n"
        b"313405db-1b2b-4d1c-8a5e-6d3b1c4f0a11:Motion Capture/Walks:Motion Capture-Walks\n"
    ]


def _read_catalogues(path: Path) -> object:
    from bake.assets.catalogues import FILE_NAME, put_catalogue

    path.rename(path.with_name(FILE_NAME))
    return put_catalogue(path.parent, "Motion Capture/Runs")


def _avatars() -> list[Any]:
    nodes = [{"name": name} for name in ("Hips", "Spine", "Head")]
    new = {"hips": {"node": 0}, "spine": {"node": 1}, "head": {"node": 2}}
    old = [{"bone": "hips", "node": 0}, {"bone": "spine", "node": 1}]
    return [
        {"nodes": nodes, "extensions": {"VRMC_vrm": {"humanoid": {"humanBones": new}}}},
        {"nodes": nodes, "extensions": {"VRM": {"humanoid": {"humanBones": old}}}},
    ]


def _binary_avatars() -> list[bytes]:
    texts = list(map(as_json, _avatars()))
    head = struct.Struct("<4sIII4s")
    return [head.pack(b"glTF", 2, 20 + len(each), len(each), b"JSON") + each for each in texts]


def _read_avatar(path: Path) -> object:
    from bake.retarget.maps.vrm_file import joints_in_file

    return joints_in_file(path)


TARGETS = {
    "bone maps": Target(".json", _maps, _read_map, Structured(as_json)),
    "avatars": Target(".gltf", _avatars, _read_avatar, Structured(as_json)),
    "avatars, bytes": Target(".vrm", _binary_avatars, _read_avatar, Guided()),
    "catalogues, bytes": Target(".txt", _catalogues, _read_catalogues, Guided()),
}

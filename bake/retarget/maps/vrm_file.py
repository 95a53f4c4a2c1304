"""Which node of a VRM or glTF file is which bone of a human, as the file itself says.

`VRMC_vrm` is the extension of VRM 1.0, `VRM` that of 0.x.
"""

import json
import struct
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bake.retarget.maps.vrm_names import VRM0_NAMES, VRM1_NAMES

_MAGIC, _JSON = b"glTF", b"JSON"
_LONGEST = 200_000_000  # bytes of JSON; the numbers lie elsewhere


def joints_in_file(path: Path) -> dict[str, str]:
    """Return the names of a file's nodes by our joints, empty where it says nothing of a human.

    What is no glTF, or damaged, says nothing either: reading it is the importer's part.

    Parameters
    ----------
    path : Path
    """
    try:
        content = json.loads(_text_of(path))
    except (OSError, ValueError, RecursionError, struct.error):
        return {}
    if not isinstance(content, dict):
        return {}
    nodes = content.get("nodes")
    named = nodes if isinstance(nodes, list) else []
    names = {
        number: node["name"]
        for number, node in enumerate(named)
        if isinstance(node, dict) and isinstance(node.get("name"), str)
    }
    # Of nodes that share a name nobody knows which is meant.
    used = Counter(names.values())
    names = {number: name for number, name in names.items() if used[name] == 1}
    extensions = content.get("extensions")
    return joints_in(extensions, names) if isinstance(extensions, dict) else {}


def joints_in(extensions: Mapping[str, Any], names: Mapping[int, str]) -> dict[str, str]:
    """Return the names of nodes by our joints.

    Parameters
    ----------
    extensions : mapping
        Of a glTF, as it has them.
    names : mapping of int to str
        Of its nodes, by their numbers.
    """
    found: dict[str, Any] = {}
    if isinstance(bones := _bones(extensions.get("VRMC_vrm")), dict):
        known = {name: joint for joint, name in VRM1_NAMES.items()}
        found = {bone: each for bone, each in bones.items() if isinstance(each, dict)}
    elif isinstance(bones := _bones(extensions.get("VRM")), list):
        known = {name: joint for joint, name in VRM0_NAMES.items()}
        found = {str(each.get("bone")): each for each in bones if isinstance(each, dict)}
    else:
        return {}
    nodes = {known[bone]: each.get("node") for bone, each in found.items() if bone in known}
    return {
        joint: names[node]
        for joint, node in nodes.items()
        if isinstance(node, int) and node in names
    }


def _bones(extension: Any) -> Any:
    humanoid = extension.get("humanoid") if isinstance(extension, dict) else None
    return humanoid.get("humanBones") if isinstance(humanoid, dict) else None


def _text_of(path: Path) -> bytes:
    """Return the JSON of a glTF, text or binary."""
    with path.open("rb") as file:
        start = file.read(20)
        if start[:4] != _MAGIC:
            return start + file.read(_LONGEST)
        (length,) = struct.unpack("<I", start[12:16])
        return file.read(min(length, _LONGEST)) if start[16:20] == _JSON else b""

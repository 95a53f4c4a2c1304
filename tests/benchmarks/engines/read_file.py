"""What ufbx, the reader that Godot and others have, or Pixar's USD reads in a file, as JSON.

Run by itself, in an environment that has them: `python read_file.py FILE`.
"""

import importlib
import json
import os
import sys
from typing import Any


def fbx(path: str) -> dict[str, Any]:
    """Read an FBX by ufbx."""
    scene = importlib.import_module("ufbx").load_file(path)
    settings = scene.settings
    # Of 0.0.5: names of nodes, and giving the scene back, break down.
    found = {"unit": settings.unit_meters, "fps": settings.frames_per_second, "clips": {}}
    for each in scene.anim_stacks:
        found["clips"][each.name] = [each.time_begin, each.time_end]
    print(json.dumps(found), flush=True)
    os._exit(0)


def usd(path: str) -> dict[str, Any]:
    """Read a USD by Pixar's library."""
    core, geometry = (importlib.import_module(f"pxr.{name}") for name in ("Usd", "UsdGeom"))
    stage = core.Stage.Open(path)
    kinds = [prim.GetTypeName() for prim in stage.Traverse()]
    return {
        "unit": geometry.GetStageMetersPerUnit(stage),
        "up": geometry.GetStageUpAxis(stage),
        "fps": stage.GetTimeCodesPerSecond(),
        "frames": [stage.GetStartTimeCode(), stage.GetEndTimeCode()],
        "kinds": {kind: kinds.count(kind) for kind in ("Skeleton", "SkelAnimation", "Mesh")},
    }


if __name__ == "__main__":
    given = sys.argv[1]
    print(json.dumps(usd(given) if given.endswith(".usdc") else fbx(given)))

"""Blender in this process, with settings of nobody, and takes made up for the purpose."""

import os
import sys
import tempfile
from pathlib import Path
from typing import Any

os.environ["BLENDER_USER_RESOURCES"] = tempfile.mkdtemp(prefix="blender-settings-")

import bpy  # noqa: E402
import pytest  # noqa: E402

HERE = Path(__file__).parent


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what speaks with no Blender as `once`: another version of it says nothing new."""
    reaches: dict[Any, bool] = {}
    for item in items:
        if HERE not in item.path.parents:
            continue
        module = getattr(item, "module", None)
        if module not in reaches:
            reaches[module] = _reaches_blender(module)
        if not reaches[module] and "empty_scene" not in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.once)


def _reaches_blender(module: Any) -> bool:
    """Return whether a module of tests has Blender at hand, or anything of a module that has."""
    owners = (str(getattr(value, "__module__", "")) for value in vars(module).values())
    near = [module, *(sys.modules[owner] for owner in owners if owner in sys.modules)]
    return any(value is bpy for each in near for value in vars(each).values())


@pytest.fixture
def empty_scene() -> bpy.types.Scene:
    bpy.ops.wm.read_factory_settings(use_empty=True)
    return bpy.data.scenes[0]


def curves_of(animated: Any) -> Any:
    """What holds the `fcurves` and `groups` that move an object, in this version of Blender."""
    data = animated.animation_data
    if bpy.app.version < (4, 4, 0):
        return data.action
    return data.action.layers[0].strips[0].channelbag(data.action_slot)

"""Blender in this process, with settings of nobody, and takes made up for the purpose."""

import os
import tempfile
from typing import Any

os.environ["BLENDER_USER_RESOURCES"] = tempfile.mkdtemp(prefix="blender-settings-")

import bpy  # noqa: E402
import pytest  # noqa: E402


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

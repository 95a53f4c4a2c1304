"""The add-on enabled from the source tree, in a Blender with settings of nobody."""

import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

os.environ.setdefault("BLENDER_USER_RESOURCES", tempfile.mkdtemp(prefix="blender-settings-"))

import bpy  # noqa: E402
import pytest  # noqa: E402

from tests.bake.motions import filmed_from_the_front, walking  # noqa: E402
from tests.places import DEMO

MODULE = "int_mocap_addon"


@pytest.fixture
def addon(tmp_path: Path) -> Iterator[Any]:
    """Enable the add-on with the development environment as its engine."""
    bpy.ops.wm.read_homefile(use_factory_startup=True, use_empty=True)
    bpy.ops.preferences.addon_enable(module=MODULE)
    preferences: Any = bpy.context.preferences.addons[MODULE].preferences
    preferences.engine_python = sys.executable
    preferences.takes_folder = str(tmp_path / "captures")
    yield SimpleNamespace(preferences=preferences, captures=tmp_path / "captures")
    bpy.ops.preferences.addon_disable(module=MODULE)


@pytest.fixture
def mocap(addon: Any) -> Any:
    """Return what the panels show of the current scene, set to capture a second of the demo."""
    settings = bpy.context.scene.int_mocap
    settings.capture.clip = str(DEMO)
    settings.capture.use_range = True
    settings.capture.start, settings.capture.end = 1.0, 1.5
    settings.capture.refine = False
    return settings


@pytest.fixture
def walk(mocap: Any, tmp_path: Path) -> Any:
    """Return the listed take of somebody who walks for two seconds, not baked yet."""
    path = tmp_path / "walk.npz"
    take = walking(camera=filmed_from_the_front())
    take.confidence[20:30, 7:10] = 0.2
    take.frame_valid[40:45] = False
    take.save(path)
    assert bpy.ops.int_mocap.load_takes(filepath=str(path)) == {"FINISHED"}
    return bpy.context.scene.int_mocap.takes[0]


@pytest.fixture
def drive(addon: Any) -> Callable[..., Any]:
    """Return a function that follows the task under way, as the timer of a window does."""
    from int_mocap_addon import tasks

    def follow(until: Callable[[Any], bool] = lambda task: False, timeout: float = 60) -> Any:
        task = tasks.current()
        end = time.monotonic() + timeout
        while not task.poll() and not until(task):
            assert time.monotonic() < end, f"still at: {task.progress}"
            time.sleep(0.01)
        return task

    return follow


def contents() -> dict[str, list[str]]:
    """Return the names of all that a file holds, and where the user stands in it."""
    scene: Any = bpy.context.scene
    kinds = ("objects", "actions", "armatures", "meshes", "cameras", "collections", "movieclips")
    found = {kind: sorted(block.name for block in getattr(bpy.data, kind)) for kind in kinds}
    return found | {
        "takes": [take.name for take in scene.int_mocap.takes],
        "range": [scene.frame_start, scene.frame_end, scene.frame_current, scene.render.fps],
        "user": [
            bpy.context.mode,
            bpy.context.view_layer.objects.active and bpy.context.view_layer.objects.active.name,
            sorted(each.name for each in bpy.context.selected_objects),
            tuple(scene.cursor.location),
        ],
    }

"""The add-on from two repositories: one copy works, the other waits until that is switched off."""

import shutil
import sys
from pathlib import Path
from typing import Any

import bpy
import pytest

from tests.bake.motions import walking
from tests.int_mocap_addon.conftest import MODULE
from tests.int_mocap_addon.test_register import _registered
from tests.places import ROOT

COPY = "int_mocap_copy"


@pytest.fixture
def copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Return the name of a second copy of the add-on, that Python finds."""
    shutil.copytree(ROOT / MODULE, tmp_path / COPY)
    monkeypatch.syspath_prepend(str(tmp_path))
    yield COPY
    for name in [name for name in sys.modules if name.partition(".")[0] == COPY]:
        del sys.modules[name]


def _works(path: Path) -> bool:
    bpy.ops.wm.read_homefile(use_factory_startup=True, use_empty=True)
    walking().save(path)
    bpy.ops.int_mocap.load_takes(filepath=str(path))
    return bpy.ops.int_mocap.bake() == {"FINISHED"}


@pytest.mark.parametrize("switched_off_first", [0, 1])
def test_switching_one_off_leaves_the_other_working(copy, tmp_path, switched_off_first):
    before = _registered()
    modules = [MODULE, copy]
    for module in modules:
        assert bpy.ops.preferences.addon_enable(module=module) == {"FINISHED"}
    assert _works(tmp_path / "walk.npz")
    assert sys.modules[MODULE].preferences.works()
    assert not sys.modules[copy].preferences.works()
    bpy.ops.preferences.addon_disable(module=modules.pop(switched_off_first))
    assert _works(tmp_path / "walk.npz")
    bpy.ops.preferences.addon_disable(module=modules.pop())
    assert _registered() == before

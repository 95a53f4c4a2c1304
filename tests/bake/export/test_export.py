"""What leaves Blender comes back the same: places of joints, names, frames, frame rate."""

from pathlib import Path
from typing import Any

import bpy
import numpy as np
import pytest

from bake.bake_file import BakeJob, bake_file
from bake.export.export import export
from bake.export.presets import PRESETS
from core_model.body.skeleton import JOINT_NAMES
from tests.bake.export.reading_back import MILLIMETRE, first_frame, heads, read_back
from tests.bake.motions import walking
from tests.bake.scene.test_export import fbx_animations, glb_animations

FRAMES = 41
NAMES = list(JOINT_NAMES)


def bake(folder: Path, root: str) -> Any:
    """Return the armature of somebody who walks, in a new scene."""
    walking(frames=FRAMES).save(folder / "anna.npz")
    bake_file(BakeJob([folder / "anna.npz"], folder / "anna.blend", root_bone=root), lambda _: None)
    bpy.ops.wm.open_mainfile(filepath=str(folder / "anna.blend"))
    return bpy.data.objects["anna"]


@pytest.mark.parametrize("suffix", [".fbx", ".glb"])
@pytest.mark.parametrize("preset", PRESETS)
def test_joints_come_back_where_they_were(tmp_path, suffix, preset):
    armature = bake(tmp_path, "hips")
    expected = {frame: heads(armature, NAMES, frame) for frame in range(1, FRAMES + 1, 10)}
    path = tmp_path / f"out{suffix}"
    assert export(path, [armature], preset) == []
    (found,) = read_back(path)
    shift = first_frame(found) - 1
    for frame, places in expected.items():
        assert np.abs(heads(found, NAMES, frame + shift) - places).max() < MILLIMETRE
    length = found.animation_data.action.frame_range
    assert length[1] - length[0] == FRAMES - 1
    assert [bone.name for bone in found.data.bones if bone.parent is None] == ["root"]
    names = fbx_animations(path) if suffix == ".fbx" else list(glb_animations(path))
    assert names == ["anna"]

"""Each finishing tool makes a take that can be baked, and leaves the old one as it is."""

from pathlib import Path
from typing import Any

import bpy
import numpy as np
import pytest

from core_model.take import Take
from tests.core_model.solving.clips import true_take
from tests.int_mocap_addon.corrections.conftest import capture_of


@pytest.fixture
def two(mocap: Any, tmp_path: Path) -> Any:
    """Return the list with takes of two clips; the first is active."""
    for name in ("limp_pillar_01", "signals_01"):
        folder = capture_of(tmp_path / name, [true_take(name, 60)])
        bpy.ops.int_mocap.load_takes(filepath=str(folder / "person_01.npz"))
    mocap.active_take = 0
    return mocap


def made(mocap: Any, number: int = -1) -> Take:
    return Take.load(Path(bpy.path.abspath(mocap.takes[number].path)))


def test_every_button_makes_a_take_beside_the_old_one(two):
    scene: Any = bpy.context.scene
    ops: Any = bpy.ops.int_mocap
    before = Path(two.takes[0].path).read_bytes()
    scene.use_preview_range = True
    scene.frame_preview_start, scene.frame_preview_end = 11, 31
    scene.frame_set(21)
    other = two.takes[1].uid
    lengths = []
    for button, options in (
        (ops.trim_take, {}),
        (ops.split_take, {}),
        (ops.mirror_take, {}),
        (ops.retime_take, {"speed": 0.5}),
        (ops.join_takes, {"other": other, "blend": 0.4}),
        (ops.place_take, {"heading": 0.5, "floor": 0.1}),
        (ops.exaggerate_limb, {"limb": "Right Arm", "amount": 0.5}),
        (ops.copy_limb, {"other": other, "limb": "Left Arm"}),
    ):
        two.active_take = 0
        assert button(**options) == {"FINISHED"}, button
        lengths.append(len(made(two)))
    assert lengths == [21, 40, 60, 119, 108, 60, 60, 60]
    assert Path(two.takes[0].path).read_bytes() == before
    names = [take.name for take in two.takes]
    assert len(set(names)) == len(names) and names[2].endswith("_trimmed")
    assert bpy.ops.int_mocap.bake() == {"FINISHED"}, "what was made is baked as any take"
    assert two.takes[-1].armature is not None


def test_a_placed_take_goes_along_with_its_camera(two):
    bpy.ops.int_mocap.place_take(heading=0.0, x=1.0, y=2.0)
    take = made(two)
    ankles = take.joints()[0, [7, 8]].mean(axis=0)
    assert np.allclose(ankles[:2], [1.0, 2.0], atol=1e-4) and take.camera is not None


def test_what_cannot_be_is_a_sentence(two):
    scene: Any = bpy.context.scene
    assert not bpy.ops.int_mocap.trim_take.poll()
    scene.frame_set(1)
    with pytest.raises(RuntimeError, match="Nothing of the take would be left"):
        bpy.ops.int_mocap.split_take()
    assert len(two.takes) == 2

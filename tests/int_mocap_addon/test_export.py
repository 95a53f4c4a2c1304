"""With the add-on, an export of one person has that person's motion only."""

from pathlib import Path
from typing import Any

import bpy
import pytest

from tests.bake.motions import walking
from tests.bake.scene.test_export import glb_animations


@pytest.fixture
def two(mocap: Any, tmp_path: Path) -> list[Any]:
    """Return the takes of two people who walk."""
    for name in ("anna", "bert"):
        walking(frames=20).save(tmp_path / f"{name}.npz")
        bpy.ops.int_mocap.load_takes(filepath=str(tmp_path / f"{name}.npz"))
    bpy.ops.int_mocap.bake(all_takes=True)
    return list(mocap.takes)


def _export(path: Path, take: Any) -> list[str]:
    for thing in bpy.data.objects:
        thing.select_set(thing in (take.armature, take.body))
    bpy.ops.export_scene.gltf(filepath=str(path), use_selection=True)
    return sorted(glb_animations(path))


@pytest.mark.parametrize("number", [0, 1])
def test_a_glb_of_one_person_has_one_animation(two, tmp_path, number):
    assert _export(tmp_path / "one.glb", two[number]) == [two[number].name]


def test_other_actions_of_the_users_are_exported_as_ever(two, tmp_path):
    armature = two[0].armature
    kept, armature.animation_data.action = armature.animation_data.action, None
    armature.pose.bones["head"].keyframe_insert("rotation_quaternion", frame=1)
    armature.pose.bones["head"].keyframe_insert("rotation_quaternion", frame=9)
    mine = armature.animation_data.action
    mine.name, mine.use_fake_user = "nod", True
    armature.animation_data.action = kept
    assert _export(tmp_path / "one.glb", two[0]) == ["anna", "nod"]

"""A take and all that it became have one name, wherever the user changes it."""

from pathlib import Path
from typing import Any

import bpy
import pytest

from int_mocap_addon.rig.names import follow_names
from tests.bake.motions import walking


def _names(take: Any) -> dict[str, str]:
    animation = take.armature.animation_data
    found = {
        "take": take.name,
        "armature": take.armature.name,
        "bones": take.armature.data.name,
        "action": animation.action.name,
        "body": take.body.name.removesuffix("_body"),
        "mesh": take.body.data.name.removesuffix("_body"),
        "material": take.body.data.materials[0].name.removesuffix("_body"),
    }
    if bpy.app.version >= (4, 4, 0):
        found["slot"] = animation.action_slot.name_display
    return found


@pytest.fixture
def baked(walk: Any) -> Any:
    bpy.ops.int_mocap.bake()
    assert set(_names(walk).values()) == {"walk"}
    return walk


def test_all_are_named_when_the_take_is(baked):
    baked.name = "Anna"
    assert set(_names(baked).values()) == {"Anna"}


def test_all_are_named_when_the_armature_is(baked):
    baked.armature.name = "Anna"
    follow_names()
    assert set(_names(baked).values()) == {"Anna"}


def test_the_take_follows_a_name_that_was_taken(baked, mocap):
    bpy.data.objects.new("Anna", None)
    baked.name = "Anna"
    assert set(_names(baked).values()) == {"Anna.001"}


def test_a_second_take_of_the_same_name_gets_its_own(baked, mocap, tmp_path):
    path: Path = tmp_path / "other.npz"
    walking().save(path)
    bpy.ops.int_mocap.load_takes(filepath=str(path))
    other = mocap.takes[1]
    other.name = "walk"
    bpy.ops.int_mocap.bake()
    other, baked = mocap.takes[1], mocap.takes[0]
    assert set(_names(other).values()) == {"walk.001"} and set(_names(baked).values()) == {"walk"}


def test_names_of_the_users_stay(baked):
    animation = baked.armature.animation_data
    animation.action.name = "take 7, good"
    baked.armature.data.name = "bones of Anna"
    baked.body.data.materials[0].name = "skin"
    baked.name = "Anna"
    named = _names(baked)
    assert named["action"] == "take 7, good" and named["bones"] == "bones of Anna"
    assert named["material"] == "skin" and named["mesh"] == "Anna"


def test_a_name_that_was_changed_in_a_script_is_the_takes_when_it_is_baked(baked):
    baked.armature.name = "Anna"
    bpy.ops.int_mocap.bake()
    assert set(_names(baked).values()) == {"Anna"} and len(bpy.data.actions) == 1


def test_names_are_one_again_after_undo_and_redo(baked):
    bpy.ops.ed.undo_push(message="before")
    baked.armature.name = "Anna"
    bpy.ops.ed.undo_push(message="Rename")
    follow_names()  # as the message bus does, after the step was kept
    bpy.ops.ed.undo()
    (take,) = bpy.context.scene.int_mocap.takes
    assert set(_names(take).values()) == {"walk"}
    bpy.ops.ed.redo()
    (take,) = bpy.context.scene.int_mocap.takes
    assert set(_names(take).values()) == {"Anna"}


def test_names_are_one_again_when_a_file_is_opened(baked, tmp_path):
    baked.armature.name = "Anna"
    bpy.ops.wm.save_as_mainfile(filepath=str(tmp_path / "scene.blend"))
    bpy.ops.wm.open_mainfile(filepath=str(tmp_path / "scene.blend"))
    (take,) = bpy.context.scene.int_mocap.takes
    assert set(_names(take).values()) == {"Anna"}


def test_nothing_is_renamed_when_nobody_renamed(baked):
    names = {
        kind: [each.name for each in getattr(bpy.data, kind)] for kind in ("objects", "actions")
    }
    follow_names()
    assert names == {kind: [each.name for each in getattr(bpy.data, kind)] for kind in names}

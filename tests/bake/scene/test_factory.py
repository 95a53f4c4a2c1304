"""A scene as Blender starts with it counts as empty; one that somebody worked in does not."""

from collections.abc import Callable
from typing import Any

import bpy
import pytest

from bake.scene.factory import clear_default, is_unused


@pytest.fixture
def factory() -> bpy.types.Scene:
    bpy.ops.wm.read_factory_settings()
    return bpy.data.scenes[0]


def _move_cube(scene: Any) -> None:
    scene.objects["Cube"].location.x = 1


def _rename_cube(scene: Any) -> None:
    scene.objects["Cube"].name = "Block-out"


def _edit_cube(scene: Any) -> None:
    scene.objects["Cube"].data.vertices[0].co.z = 2


def _modify_cube(scene: Any) -> None:
    scene.objects["Cube"].modifiers.new("Round", "BEVEL")


def _paint_cube(scene: Any) -> None:
    scene.objects["Cube"].data.materials[0] = bpy.data.materials.new("Paint")


def _animate_lamp(scene: Any) -> None:
    scene.objects["Light"].keyframe_insert("location", frame=1)


def _dim_lamp(scene: Any) -> None:
    scene.objects["Light"].data.energy = 300


def _zoom_camera(scene: Any) -> None:
    scene.objects["Camera"].data.lens = 85


def _add_prop(scene: Any) -> None:
    scene.collection.objects.link(bpy.data.objects.new("prop", None))


def test_the_scene_that_blender_starts_with_is_unused(factory):
    assert is_unused(factory)
    assert sorted(clear_default(factory)) == ["Camera", "Cube"]
    assert [each.name for each in factory.objects] == ["Light"] and factory.camera is None
    assert not bpy.data.meshes and not bpy.data.cameras and is_unused(factory)


@pytest.mark.parametrize(
    "work",
    [
        _move_cube,
        _rename_cube,
        _edit_cube,
        _modify_cube,
        _paint_cube,
        _animate_lamp,
        _dim_lamp,
        _zoom_camera,
        _add_prop,
    ],
)
def test_what_somebody_worked_on_is_theirs(factory, work: Callable[[Any], None]):
    work(factory)
    assert not is_unused(factory)


def test_what_was_made_here_is_no_work(empty_scene):
    ours = bpy.data.objects.new("figure", None)
    empty_scene.collection.objects.link(ours)
    assert is_unused(empty_scene, [ours]) and not is_unused(empty_scene)

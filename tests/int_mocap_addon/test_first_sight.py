"""What the user sees after a bake: the new figure, in a scene that is ready for it or is theirs."""

from typing import Any

import bpy
import numpy as np
import pytest

from core_model.geometry.camera import Camera
from tests.bake.motions import filmed_from_the_front, walking
from tests.int_mocap_addon.conftest import contents


@pytest.fixture
def factory(mocap: Any, tmp_path: Any) -> Any:
    """Return the listed take of a portrait clip, in the scene that Blender starts with."""
    bpy.ops.wm.read_homefile(use_factory_startup=True)
    bpy.ops.preferences.addon_enable(module="int_mocap_addon")
    return load(tmp_path, "walk", (1080, 1920))


def load(folder: Any, name: str, size: tuple[int, int]) -> Any:
    """Return the listed take of somebody who walks before a camera of such a picture."""
    camera = filmed_from_the_front()
    sides = np.array(size)
    filmed = Camera(0.9 * size[0], sides / 2, sides, camera.to_world)
    walking(camera=filmed).save(folder / f"{name}.npz")
    bpy.ops.int_mocap.load_takes(filepath=str(folder / f"{name}.npz"))
    return bpy.context.scene.int_mocap.takes[-1]


def spaces() -> list[Any]:
    """Return the 3D Views on the screen."""
    return [
        area.spaces.active
        for window in bpy.context.window_manager.windows
        for area in window.screen.areas
        if area.type == "VIEW_3D"
    ]


def work() -> bpy.types.Object:
    """Put an object of the user's and a camera into the scene."""
    scene: Any = bpy.context.scene
    scene.collection.objects.link(bpy.data.objects.new("prop", None))
    camera = bpy.data.objects.new("shot 12", bpy.data.cameras.new("shot 12"))
    scene.collection.objects.link(camera)
    scene.camera = camera
    scene.render.resolution_x, scene.render.resolution_y = 2048, 858
    return camera


def test_in_the_scene_that_blender_starts_with_the_clip_takes_over(factory):
    from int_mocap_addon import tasks

    assert bpy.ops.int_mocap.bake() == {"FINISHED"}
    scene: Any = bpy.context.scene
    assert contents()["objects"] == ["Light", "walk", "walk_body", "walk_camera"]
    assert scene.camera == factory.camera
    assert (scene.render.resolution_x, scene.render.resolution_y) == (1080, 1920)
    assert scene.render.fps == 30
    assert bpy.context.view_layer.objects.active == factory.armature
    assert bpy.context.selected_objects == [factory.armature]
    assert all(each.region_3d.view_perspective == "CAMERA" for each in spaces())
    assert not any(each.use_local_camera for each in spaces())
    outcome = tasks.last_outcome()
    assert outcome and "Blender's default camera and cube made room." in outcome.sentences


def test_the_default_scene_may_stay(factory):
    scene: Any = bpy.context.scene
    scene.int_mocap.scene.clear_default = False
    bpy.ops.int_mocap.bake()
    assert {"Cube", "Camera", "Light"} <= set(contents()["objects"])
    assert scene.camera == factory.camera and scene.render.resolution_y == 1920


def test_it_comes_back_with_one_undo(factory):
    bpy.ops.ed.undo_push(message="start")
    before = contents()
    assert bpy.ops.int_mocap.bake("EXEC_DEFAULT", True) == {"FINISHED"}
    bpy.ops.ed.undo()
    after = contents()
    assert after == before and "Cube" in after["objects"]


def test_a_scene_of_the_users_keeps_camera_size_and_rate(factory):
    scene: Any = bpy.context.scene
    camera = work()
    camera.keyframe_insert("location", frame=1)
    camera.location.x = 1
    camera.keyframe_insert("location", frame=50)
    scene.render.fps = 24
    looked = [each.region_3d.view_perspective for each in spaces()]
    bpy.ops.int_mocap.bake()
    assert {"Cube", "Camera", "Light"} <= set(contents()["objects"])
    assert scene.camera == camera and scene.render.fps == 24
    assert (scene.render.resolution_x, scene.render.resolution_y) == (2048, 858)
    assert [each.region_3d.view_perspective for each in spaces()] == looked
    assert bpy.context.view_layer.objects.active == factory.armature


def test_baking_again_moves_neither_selection_nor_views(factory):
    bpy.ops.int_mocap.bake()
    for each in spaces():
        each.region_3d.view_perspective = "PERSP"
    factory.armature.select_set(False)
    before = contents()
    bpy.ops.int_mocap.bake()
    assert contents() == before
    assert all(each.region_3d.view_perspective == "PERSP" for each in spaces())


def test_look_through_camera_is_the_takes_own_always(factory, tmp_path):
    scene: Any = bpy.context.scene
    bpy.ops.int_mocap.bake()
    other = load(tmp_path, "other", (640, 480))
    bpy.ops.int_mocap.bake()
    assert scene.camera == other.camera, "what came last is seen"
    assert (scene.render.resolution_x, scene.render.resolution_y) == (640, 480)
    for each in spaces():
        each.lock_camera = True
        each.region_3d.view_perspective = "PERSP"
    scene.int_mocap.active_take = 0
    first = scene.int_mocap.takes[0]
    place = first.camera.matrix_world.copy()
    assert bpy.ops.int_mocap.look_through_camera() == {"FINISHED"}
    assert scene.camera == first.camera and first.camera.matrix_world == place
    assert (scene.render.resolution_x, scene.render.resolution_y) == (1080, 1920)
    assert all(each.region_3d.view_perspective == "CAMERA" for each in spaces())


def test_look_through_camera_leaves_the_users_camera_to_the_scene(factory):
    scene: Any = bpy.context.scene
    camera = work()
    bpy.ops.int_mocap.bake()
    assert bpy.ops.int_mocap.look_through_camera() == {"FINISHED"}
    assert scene.camera == camera and scene.render.resolution_x == 2048
    assert all(each.use_local_camera and each.camera == factory.camera for each in spaces())


def test_a_cube_that_is_being_edited_stays(factory):
    bpy.ops.object.mode_set(mode="EDIT")
    assert bpy.ops.int_mocap.bake() == {"FINISHED"}
    assert "Cube" in contents()["objects"] and bpy.context.mode == "EDIT_MESH"


def test_a_size_that_the_user_chose_stays(factory):
    scene: Any = bpy.context.scene
    bpy.ops.int_mocap.bake()
    scene.render.resolution_x, scene.render.resolution_y = 540, 960
    bpy.ops.int_mocap.look_through_camera()
    assert (scene.render.resolution_x, scene.render.resolution_y) == (540, 960)


def test_a_figure_is_framed_with_the_view_left_as_it_was_turned(factory):
    bpy.ops.int_mocap.bake()
    turned = []
    for each in spaces():
        each.region_3d.view_perspective = "PERSP"
        each.region_3d.view_location = (50, 50, 0)
        turned.append(each.region_3d.view_rotation.copy())
    bpy.ops.object.select_all(action="DESELECT")
    assert bpy.ops.int_mocap.frame_take() == {"FINISHED"}
    for each, rotation in zip(spaces(), turned, strict=True):
        away = each.region_3d.view_location - factory.armature.pose.bones["pelvis"].head
        assert away.length < 2 and each.region_3d.view_rotation == rotation
    assert bpy.context.selected_objects == [factory.armature]


def test_buttons_without_a_figure_tell_so(mocap, walk):
    assert not bpy.ops.int_mocap.look_through_camera.poll()
    assert not bpy.ops.int_mocap.frame_take.poll()


def test_review_switches_act_at_once_and_on_what_comes_later(mocap, walk, tmp_path):
    settings = mocap.scene
    bpy.ops.int_mocap.bake()
    data = walk.armature.data
    assert walk.body.hide_select, "clicks go to the bones"
    looked = data.display_type
    material = walk.body.data.materials[0]
    settings.show_sticks = settings.see_through = True
    settings.lock_body = settings.show_background = False
    load(tmp_path, "other", (640, 480))
    bpy.ops.int_mocap.bake()
    for take in mocap.takes:
        material = take.body.data.materials[0]
        alpha = material.node_tree.nodes["Principled BSDF"].inputs["Alpha"].default_value
        assert take.armature.data.display_type == "STICK" and take.armature.show_in_front
        assert material.diffuse_color[3] == alpha == take.body.color[3] < 0.5
        assert not take.body.hide_select
        assert not take.camera.data.show_background_images
    settings.show_sticks = settings.see_through = False
    settings.show_background = True
    assert data.display_type == looked and walk.body.data.materials[0].diffuse_color[3] == 1
    assert all(take.camera.data.show_background_images for take in mocap.takes)

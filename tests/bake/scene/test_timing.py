"""A scene in which nothing moves gets the motion's rate and range; in any other the range grows."""

import bpy
import numpy as np
import pytest

from bake.motion.resample import FrameRate, Keys, Timeline
from bake.scene.marks import BODY
from bake.scene.timing import fit_timing, forget_room, is_animated


def _keys(first: int, last: int) -> Keys:
    frames = np.arange(first, last + 1)
    count = len(frames)
    return Keys(frames, np.zeros((count, 24, 4)), np.zeros((count, 3)), frames == last)


def _cube(scene: bpy.types.Scene, *frames: int) -> bpy.types.Object:
    """Put a cube into a scene, with keys on these frames."""
    cube = bpy.data.objects.new("cube", bpy.data.meshes.new("cube"))
    scene.collection.objects.link(cube)
    for frame in frames:
        cube.keyframe_insert("location", frame=frame)
    return cube


def test_an_empty_scene_gets_rate_and_range(empty_scene):
    fit_timing(empty_scene, Timeline(FrameRate(30, 1.001)), [_keys(5, 240), _keys(9, 100)])
    assert empty_scene.render.fps / empty_scene.render.fps_base == pytest.approx(29.97003)
    assert (empty_scene.frame_start, empty_scene.frame_end) == (1, 240)
    assert empty_scene.frame_current == 1


@pytest.mark.parametrize(
    ("motion", "expected"),
    [((1, 60), (1, 1100)), ((1010, 1050), (1001, 1100)), ((1050, 1200), (1001, 1200))],
)
def test_the_range_of_a_scene_that_moves_grows_to_both_sides(empty_scene, motion, expected):
    _cube(empty_scene, 1001, 1100)
    empty_scene.frame_start, empty_scene.frame_end = 1001, 1100
    empty_scene.frame_set(1042)
    fit_timing(empty_scene, Timeline(FrameRate(30, 1.0), 0.0, motion[0]), [_keys(*motion)])
    assert (empty_scene.frame_start, empty_scene.frame_end) == expected
    assert empty_scene.frame_current == 1042


def _figure(scene: bpy.types.Scene, *frames: int) -> bpy.types.Object:
    """Put an armature into a scene as the writer would, with keys on these frames."""
    armature = bpy.data.objects.new("figure", bpy.data.armatures.new("figure"))
    armature[BODY] = ""
    scene.collection.objects.link(armature)
    scene.view_layers[0].update()  # Blender crashes on keys of an armature without a pose
    _key(armature, *frames)
    return armature


def _key(thing: bpy.types.Object, *frames: int) -> None:
    thing.animation_data_clear()
    for frame in frames:
        thing.keyframe_insert("location", frame=frame)


@pytest.mark.parametrize("own", [None, (1001, 1100)])
def test_the_range_shrinks_back_with_the_motion(empty_scene, own):
    if own:
        _cube(empty_scene, *own)
        empty_scene.frame_start, empty_scene.frame_end = own
    timeline = Timeline(FrameRate(30, 1.0), 0.0, 1001)
    fit_timing(empty_scene, timeline, [_keys(1001, 1400)])
    figure = _figure(empty_scene, 1001, 1400)
    assert (empty_scene.frame_start, empty_scene.frame_end) == (1001, 1400)
    other = _figure(empty_scene, 1001, 1200)
    fit_timing(empty_scene, timeline, [_keys(1001, 1050)], [figure])
    _key(figure, 1001, 1050)
    assert (empty_scene.frame_start, empty_scene.frame_end) == (1001, 1200)
    bpy.data.objects.remove(other)
    forget_room(empty_scene)
    assert (empty_scene.frame_start, empty_scene.frame_end) == (own or (1001, 1050))


def test_a_range_that_the_user_set_does_not_shrink(empty_scene):
    timeline = Timeline(FrameRate(30, 1.0))
    fit_timing(empty_scene, timeline, [_keys(1, 400)])
    figure = _figure(empty_scene, 1, 400)
    empty_scene.frame_end = 300
    fit_timing(empty_scene, timeline, [_keys(1, 50)], [figure])
    _key(figure, 1, 50)
    forget_room(empty_scene)
    assert (empty_scene.frame_start, empty_scene.frame_end) == (1, 300)


def test_what_does_not_move_in_the_scene_is_no_animation(empty_scene):
    bpy.data.actions.new("Pose").use_fake_user = True
    _cube(bpy.data.scenes.new("other"), 1, 50)
    _cube(empty_scene, 7)
    assert not is_animated(empty_scene)


def test_strips_count_as_animation(empty_scene):
    cube = _cube(empty_scene, 1, 20)
    data = cube.animation_data
    assert data and data.action
    data.nla_tracks.new().strips.new("moves", 1, data.action)
    data.action = None
    assert is_animated(empty_scene)


def test_an_edit_counts_as_animation(empty_scene):
    editor = empty_scene.sequence_editor_create()
    strips = editor.strips if hasattr(editor, "strips") else editor.sequences
    assert not is_animated(empty_scene)
    strips.new_effect("title", "TEXT", channel=1, frame_start=1, **_length(24))
    assert is_animated(empty_scene)


def test_a_material_that_changes_counts_as_animation(empty_scene):
    material = bpy.data.materials.new("paint")
    mesh = _cube(empty_scene).data
    assert isinstance(mesh, bpy.types.Mesh)
    mesh.materials.append(material)
    assert not is_animated(empty_scene)
    for frame, value in ((1, 0.0), (9, 1.0)):
        material.metallic = value
        material.keyframe_insert("metallic", frame=frame)
    assert is_animated(empty_scene)


def _length(frames: int) -> dict[str, int]:
    return {"length": frames} if bpy.app.version >= (5, 0, 0) else {"frame_end": frames}

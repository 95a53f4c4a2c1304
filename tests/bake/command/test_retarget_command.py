"""`python -m bake ... --retarget` as a user and a script meet it."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import bpy
import numpy as np
import pytest

from core_model.errors import RigError
from tests.bake.conftest import curves_of
from tests.bake.motions import walking
from tests.bake.retarget.rigs import load_rig


def _bake(*arguments: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "bake", *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=300,
    )


def _run(*arguments: object) -> None:
    """Run the command in this process, which has Blender already."""
    from bake.__main__ import run

    assert run([str(each) for each in arguments]) == 0


@pytest.fixture
def hero(empty_scene, tmp_path) -> Path:
    """A character in a .blend, with another armature beside it that moves nothing."""
    armature = load_rig("game_engine")
    skin = bpy.data.meshes.new("skin")
    skin.from_pydata([(0, 0, 0.9), (0.1, 0, 0.9), (0, 0, 1)], [], [(0, 1, 2)])
    mesh: Any = bpy.data.objects.new("skin", skin)
    mesh.vertex_groups.new(name="pelvis").add([0, 1, 2], 1.0, "REPLACE")
    empty_scene.collection.objects.link(mesh)
    mesh.modifiers.new("Armature", "ARMATURE").object = armature
    spare = armature.copy()
    spare.name, spare.data = "spare", armature.data.copy()
    empty_scene.collection.objects.link(spare)
    path = tmp_path / "hero.blend"
    bpy.ops.wm.save_as_mainfile(filepath=str(path))
    return path


@pytest.fixture
def walk(tmp_path) -> Path:
    walking().save(tmp_path / "walk.npz")
    return tmp_path / "walk.npz"


def test_a_take_moves_a_character_in_a_file(hero, walk, tmp_path):
    output = tmp_path / "out" / "moving.blend"
    result = _bake(walk, "--retarget", hero, "-o", output, "--root", "hips", "--keys", "exact")
    assert result.returncode == 0 and result.stderr == "", result
    assert "walk: 60 frames at 30 per second" in result.stdout
    bpy.ops.wm.open_mainfile(filepath=str(output))
    scene = bpy.data.scenes[0]
    armature: Any = scene.objects["game_engine"]
    assert (scene.frame_start, scene.frame_end, scene.render.fps) == (1, 60, 30)
    assert armature.animation_data.action.name == "walk"
    assert scene.objects["spare"].animation_data is None
    assert any('"thigh_l"' in curve.data_path for curve in curves_of(armature).fcurves)
    with pytest.raises(RigError, match="nobody"):
        _run(walk, "--retarget", hero, "-o", output, "--rig", "nobody")
    _run(walk, "--retarget", hero, "-o", output, "--rig", "spare")
    bpy.ops.wm.open_mainfile(filepath=str(output))
    spare: Any = bpy.data.objects["spare"]
    assert spare.animation_data.action.name == "walk"


def test_what_a_bvh_does_moves_a_character(empty_scene, hero, tmp_path):
    from tests.bake.written import written

    person = written(walking(), empty_scene, with_body=False)
    empty_scene.view_layers[0].objects.active = person.armature
    source, output = tmp_path / "library.bvh", tmp_path / "moving.blend"
    empty_scene.render.fps = 30
    bpy.ops.export_anim.bvh(filepath=str(source), frame_start=1, frame_end=60)
    knee = [_way(empty_scene, person.armature, "left_knee", frame) for frame in (10, 40)]
    _run(source, "--retarget", hero, "-o", output, "--map", "unreal", "--keys", "exact")
    bpy.ops.wm.open_mainfile(filepath=str(output))
    scene = bpy.data.scenes[0]
    armature = scene.objects["game_engine"]
    assert scene.render.fps == 30 and scene.frame_end == 60
    for frame, way in zip((10, 40), knee, strict=True):
        found = _way(scene, armature, "calf_l", frame)
        assert np.degrees(np.arccos(min(found @ way, 1.0))) < 1.5


def _way(scene: bpy.types.Scene, armature: Any, bone: str, frame: int) -> np.ndarray:
    scene.frame_set(frame)
    posed = armature.pose.bones[bone]
    world = armature.matrix_world.to_3x3() @ (posed.tail - posed.head)
    return np.array(world.normalized())


def test_a_character_leaves_as_another_format(hero, walk, tmp_path):
    output = tmp_path / "moving.glb"
    _run(walk, "--retarget", hero, "-o", output, "--preset", "godot", "--root", "in-place")
    bpy.ops.wm.read_factory_settings(use_empty=True)
    bpy.ops.import_scene.gltf(filepath=str(output))
    (armature,) = bpy.data.armatures
    (action,) = bpy.data.actions
    assert "thigh_l" in armature.bones and action.name.startswith("walk")


@pytest.mark.parametrize("where", ["in no scene", "in another scene"])
def test_a_character_is_found_wherever_it_is_in_a_file(empty_scene, walk, tmp_path, where, capsys):
    armature, rig, output = load_rig("game_engine"), tmp_path / "rig.blend", tmp_path / "out.blend"
    if where == "in no scene":
        bpy.data.libraries.write(str(rig), {armature})
    else:
        bpy.data.scenes.new("characters").collection.objects.link(armature)
        empty_scene.collection.objects.unlink(armature)
        bpy.ops.wm.save_as_mainfile(filepath=str(rig))
    _run(walk, "--retarget", rig, "-o", output, "--pictures", tmp_path, "--picture-count", 1)
    assert "game_engine moves no mesh" in capsys.readouterr().err
    bpy.ops.wm.open_mainfile(filepath=str(output))
    moved: Any = bpy.data.objects["game_engine"]
    assert moved.animation_data.action.name == "walk"


def test_our_own_figure_leaves_as_another_format_too(walk, tmp_path):
    output = tmp_path / "figure.glb"
    _run(walk, "-o", output, "--root", "bone")
    bpy.ops.wm.read_factory_settings(use_empty=True)
    bpy.ops.import_scene.gltf(filepath=str(output))
    (armature,) = bpy.data.armatures
    assert {"root", "left_knee"} <= set(armature.bones.keys())


@pytest.mark.parametrize(
    ("rig", "sentence"),
    [
        ("none.blend", "There is no file"),
        ("cube.blend", "no armature"),
        ("hero.txt", "no character"),
    ],
)
def test_what_is_no_character_is_said(tmp_path, empty_scene, walk, rig, sentence):
    mesh = bpy.data.objects.new("cube", bpy.data.meshes.new("cube"))
    empty_scene.collection.objects.link(mesh)
    bpy.ops.wm.save_as_mainfile(filepath=str(tmp_path / "cube.blend"))
    (tmp_path / "hero.txt").write_text("")
    output = tmp_path / "out.blend"
    with pytest.raises(RigError, match=sentence):
        _run(walk, "--retarget", tmp_path / rig, "-o", output)
    assert not output.exists()


def test_two_characters_and_a_map_for_another_rig_are_said(empty_scene, walk, tmp_path):
    for name in ("game_engine", "mixamo"):
        load_rig(name)
    both, one = tmp_path / "both.blend", tmp_path / "one.blend"
    bpy.ops.wm.save_as_mainfile(filepath=str(both))
    with pytest.raises(RigError, match="2 armatures: game_engine and mixamo"):
        _run(walk, "--retarget", both, "-o", tmp_path / "out.blend")
    bpy.data.objects.remove(bpy.data.objects["game_engine"])
    bpy.ops.wm.save_as_mainfile(filepath=str(one))
    with pytest.raises(RigError, match="another rig"):
        _run(walk, "--retarget", one, "--map", "rigify", "-o", tmp_path / "out.blend")


def test_a_file_that_cannot_be_read_is_said(empty_scene, walk, tmp_path):
    for name in ("broken.blend", "broken.fbx", "broken.glb", "broken.bvh"):
        (tmp_path / name).write_bytes(b"nothing of the kind")
        with pytest.raises(RigError, match=name):
            _run(walk, "--retarget", tmp_path / name, "-o", tmp_path / "out.blend")

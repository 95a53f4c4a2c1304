"""What leaves Blender comes back the same: places of joints, names, frames, frame rate."""

import functools
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import bpy
import numpy as np
import pytest

from bake.bake_file import bake_file
from bake.bake_job import BakeJob
from bake.export.export import export
from bake.export.options import ExportOptions
from bake.export.presets import PRESETS
from bake.scene.by_hand.layers import working_layer
from core_model.body.skeleton import JOINT_NAMES
from core_model.errors import OutputError
from tests.bake.export.reading_back import (
    MILLIMETRE,
    first_frame,
    gltf_content,
    heads,
    read_back,
    skin,
)
from tests.bake.motions import walking
from tests.bake.scene.test_export import fbx_animations, glb_animations

FRAMES = 41
EVERY_TENTH = range(1, FRAMES + 1, 10)
NAMES = list(JOINT_NAMES)
BONES = ExportOptions(with_meshes=False)


@pytest.fixture(scope="module")
def bake(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., list[Any]]:
    """Return a function that opens a scene of people who walk side by side."""

    @functools.cache
    def baked(root: str, people: tuple[str, ...], rate: float) -> Path:
        folder = tmp_path_factory.mktemp("baked")
        takes = []
        for number, name in enumerate(people):
            take = walking(frames=FRAMES, rate=rate)
            take.trans[:, 0] += 1.5 * number
            take.save(folder / f"{name}.npz")
            takes.append(folder / f"{name}.npz")
        bake_file(BakeJob(takes, folder / "scene.blend", root_bone=root), lambda _: None)
        return folder / "scene.blend"

    def opened(
        root: str = "hips", people: tuple[str, ...] = ("anna",), rate: float = 30.0
    ) -> list[Any]:
        bpy.ops.wm.open_mainfile(filepath=str(baked(root, people, rate)))
        return [bpy.data.objects[name] for name in people]

    return opened


def poses(armature: Any) -> dict[int, np.ndarray]:
    return {frame: heads(armature, NAMES, frame) for frame in EVERY_TENTH}


def compare(armature: Any, expected: dict[int, np.ndarray], stretch: float = 1.0) -> None:
    """Check places and the range of a figure that was read back.

    Blender's FBX importer puts a key of 23.976 frames a second where 24 would have it: `stretch`.
    """
    start = first_frame(armature)
    for frame, places in expected.items():
        error = np.abs(heads(armature, NAMES, start + stretch * (frame - 1)) - places).max()
        assert error < MILLIMETRE, (frame, error)
    first, last = armature.animation_data.action.frame_range
    assert last - first == pytest.approx(stretch * (FRAMES - 1))


@pytest.mark.parametrize("root", ["none", "hips"])
@pytest.mark.parametrize(
    ("suffix", "preset"),
    [(".fbx", "unreal"), (".fbx", "maya"), (".glb", "godot"), (".bvh", "blender")]
    + [(".usdc", "blender")],
)
def test_joints_come_back_where_they_were(bake, tmp_path, suffix, preset, root):
    (armature,) = bake(root)
    expected = poses(armature)
    body = skin(bpy.data.objects["anna_body"], 21)
    path = tmp_path / f"out{suffix}"
    export(path, [armature], preset)
    (found,) = read_back(path)
    compare(found, expected)
    tops = [bone.name for bone in found.data.bones if bone.parent is None]
    assert tops == ["pelvis" if root == "none" and not PRESETS[preset].root else "root"]
    if suffix != ".bvh":
        again = skin(bpy.data.objects["anna_body"], 20 + first_frame(found))
        assert np.abs(again - body).max() < MILLIMETRE


@pytest.mark.parametrize("preset", PRESETS)
def test_clips_and_nodes_are_what_engines_want(bake, tmp_path, preset):
    (armature,) = bake("none")
    export(tmp_path / "out.fbx", [armature], preset, BONES)
    export(tmp_path / "out.glb", [armature], preset, BONES)
    assert fbx_animations(tmp_path / "out.fbx") == ["anna"]
    assert list(glb_animations(tmp_path / "out.glb")) == ["anna"]
    content = gltf_content(tmp_path / "out.glb")
    starts = [content["accessors"][each["input"]]["min"][0] for each in _samplers(content)]
    assert starts == pytest.approx([0.0 if PRESETS[preset].clips else 1 / 30] * len(starts))
    nodes = {node["name"]: node for node in content["nodes"]}
    plain = {"translation", "rotation", "scale"}
    assert not plain & nodes["anna"].keys()
    if PRESETS[preset].root:
        assert not {"rotation", "scale"} & nodes["root"].keys()
    (found,) = read_back(tmp_path / "out.fbx")
    assert found.name == (PRESETS[preset].object_name or "anna")
    # What Blender itself puts on the object when it reads centimetres, and Y up: no other turn.
    turned = np.pi / 2 if PRESETS[preset].fbx_up == "Y" else 0.0
    assert np.allclose(tuple(found.rotation_euler), (turned, 0, 0), atol=1e-5)
    assert np.allclose(tuple(found.scale), 0.01)


def _samplers(content: dict[str, Any]) -> list[Any]:
    return [sampler for each in content["animations"] for sampler in each["samplers"]]


def test_a_root_bone_travels_level_on_the_floor(bake, tmp_path):
    (armature,) = bake()
    export(tmp_path / "out.fbx", [armature], "unreal", BONES)
    (found,) = read_back(tmp_path / "out.fbx")
    bone = found.pose.bones["root"]
    rest = found.matrix_world @ bone.bone.matrix_local
    for frame in EVERY_TENTH:
        bpy.data.scenes[0].frame_set(frame)
        turn = (found.matrix_world @ bone.matrix).to_quaternion() @ rest.to_quaternion().inverted()
        assert abs(turn.x) < 1e-4 and abs(turn.y) < 1e-4
        assert abs((found.matrix_world @ bone.matrix).translation.z) < MILLIMETRE
    assert (found.matrix_world @ bone.matrix).translation.y < -0.5  # it went forward


@pytest.mark.parametrize("suffix", [".glb", ".usdc"])
def test_two_people_share_a_file_with_an_animation_each(bake, tmp_path, suffix):
    people = bake(people=("anna", "bert"))
    expected = {each.name: poses(each) for each in people}
    path = tmp_path / f"out{suffix}"
    assert export(path, people, "blender", BONES) == []
    if suffix == ".glb":
        assert sorted(glb_animations(path)) == ["anna", "bert"]
    found = read_back(path)
    assert sorted(each.name for each in found) == ["anna", "bert"]
    for each in found:
        compare(each, expected[each.name])


@pytest.mark.parametrize("suffix", [".fbx", ".bvh", ".npz", ".csv", ".c3d"])
def test_formats_for_one_person_become_one_file_each(bake, tmp_path, suffix):
    people = bake(people=("anna", "bert"))
    told = export(tmp_path / f"out{suffix}", people, "unity", BONES)
    names = [f"out_anna{suffix}", f"out_bert{suffix}"]
    assert sorted(path.name for path in tmp_path.glob(f"out*{suffix}")) == names
    assert any(f"bert is in {names[1]}" in sentence for sentence in told)


def test_only_the_figures_that_are_meant_are_in_a_file(bake, tmp_path):
    people = bake(people=("anna", "bert"))
    export(tmp_path / "out.glb", people[1:], "unity", BONES)
    assert list(glb_animations(tmp_path / "out.glb")) == ["bert"]
    assert [each.name for each in read_back(tmp_path / "out.glb")] == ["bert"]


@pytest.mark.parametrize("suffix", [".fbx", ".glb"])
def test_layers_leave_as_one_animation_named_like_the_bake(bake, tmp_path, suffix):
    (armature,) = bake()
    working_layer(armature, "anna")
    bone = armature.pose.bones["left_elbow"]
    for frame, angle in ((1, 0.0), (20, 0.8), (FRAMES, 0.0)):
        bone.rotation_quaternion = (np.cos(angle / 2), 0, 0, np.sin(angle / 2))
        bone.keyframe_insert("rotation_quaternion", frame=frame)
    expected = poses(armature)
    tracks = [track.name for track in armature.animation_data.nla_tracks]
    path = tmp_path / f"out{suffix}"
    export(path, [armature], "unity", BONES)
    assert [track.name for track in armature.animation_data.nla_tracks] == tracks
    names = fbx_animations(path) if suffix == ".fbx" else list(glb_animations(path))
    assert names == ["anna"]
    (found,) = read_back(path)
    compare(found, expected)


@pytest.mark.parametrize("suffix", [".fbx", ".glb", ".bvh", ".usdc"])
def test_another_frame_rate_keeps_its_frames(bake, tmp_path, suffix):
    (armature,) = bake(rate=24000 / 1001)
    render: Any = bpy.data.scenes[0].render
    fps, base = render.fps, render.fps_base
    assert fps / base == pytest.approx(24000 / 1001)
    expected = poses(armature)
    export(tmp_path / f"out{suffix}", [armature], options=BONES)
    (found,) = read_back(tmp_path / f"out{suffix}", fps, base)
    compare(found, expected, base if suffix == ".fbx" else 1.0)
    if suffix in (".fbx", ".usdc"):  # the importers that set the rate of the scene
        render = bpy.data.scenes[0].render
        assert render.fps / render.fps_base == pytest.approx(fps / base, rel=1e-3)


def test_part_of_a_motion_and_none_of_it(bake, tmp_path):
    (armature,) = bake()
    export(tmp_path / "part.glb", [armature], options=replace(BONES, frames=(11, 21)))
    assert glb_animations(tmp_path / "part.glb")["anna"][1] == pytest.approx(10 / 30)
    export(tmp_path / "rest.glb", [armature], options=ExportOptions(animated=False))
    assert glb_animations(tmp_path / "rest.glb") == {}
    export(tmp_path / "bones.glb", [armature], options=BONES)
    assert "meshes" not in gltf_content(tmp_path / "bones.glb")


def test_what_cannot_be_is_said_in_a_sentence(bake, tmp_path):
    (armature,) = bake()
    with pytest.raises(OutputError, match="must end in"):
        export(tmp_path / "out.max", [armature])
    with pytest.raises(OutputError, match="no figure"):
        export(tmp_path / "out.fbx", [])
    with pytest.raises(OutputError, match="no mesh"):
        export(tmp_path / "out.abc", [armature], options=BONES)
    (tmp_path / "file").touch()
    with pytest.raises(OutputError, match="Cannot write"):
        export(tmp_path / "file" / "out.fbx", [armature])

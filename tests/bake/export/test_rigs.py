"""Rigs of other makers leave as they are seen, control rigs by their deform bones alone."""

from typing import Any

import bpy
import numpy as np
import pytest
from mathutils import Quaternion

from bake.export.export import export
from bake.export.meshes import meshes_of
from bake.export.options import ExportOptions
from bake.export.reading import Reading, read_figures
from tests.bake.export.reading_back import MILLIMETRE, first_frame, heads, read_back, skin
from tests.bake.retarget.rigs import load_rig

FRAMES = (1, 11, 21)
FORMATS = ((".fbx", "unreal"), (".glb", "godot"), (".usdc", "blender"), (".bvh", "blender"))
CONTROLLED = ("rigify", "m2m_control")


def rig_that_turns(name: str) -> Any:
    """Return a rig whose bones, or controls, turn every way."""
    armature = load_rig(name)
    if armature.animation_data:
        armature.animation_data.action = None
    random = np.random.default_rng(0)
    for bone in armature.pose.bones:
        if name in CONTROLLED and (bone.custom_shape is None or bone.name == "root"):
            continue
        axis = random.normal(size=3)
        for frame in FRAMES:
            turn = Quaternion(axis.tolist(), 0.5 * np.sin(frame / 6 + len(bone.name)))
            if bone.rotation_mode == "QUATERNION":
                bone.rotation_quaternion = turn
                bone.keyframe_insert("rotation_quaternion", frame=frame)
            else:
                bone.rotation_euler = turn.to_euler(bone.rotation_mode)
                bone.keyframe_insert("rotation_euler", frame=frame)
    armature.animation_data.action.name = "wave"
    return armature


def _layer() -> Any:
    return bpy.context.view_layer


def read(armature: Any, root: bool = True) -> Reading:
    scene: Any = bpy.context.scene
    return read_figures(scene, [armature], ExportOptions(), root, lambda share: None)[0]


def bones_of(reading: Reading) -> list[str]:
    return [bone.name for bone in reading.skeleton.bones if bone.source >= 0]


def check_comes_back(
    tmp_path: Any,
    armature: Any,
    names: list[str],
    with_skin: bool,
    formats: Any = FORMATS,
) -> None:
    expected = {frame: heads(armature, names, frame) for frame in FRAMES}
    skins = (
        [skin(mesh, 11) for mesh in meshes_of(bpy.data.scenes[0], armature)] if with_skin else []
    )
    for suffix, preset in formats:
        export(tmp_path / f"{preset}{suffix}", [armature], preset)
    for suffix, preset in formats:
        (found,) = read_back(tmp_path / f"{preset}{suffix}")
        assert len([bone for bone in found.data.bones if not bone.parent]) == 1
        own = [_plain(name) if suffix == ".usdc" else name for name in names]
        start = first_frame(found)
        for frame, places in expected.items():
            there = heads(found, own, start + frame - 1)
            assert np.abs(there - places).max() < MILLIMETRE, (suffix, frame)
        if suffix in (".fbx", ".usdc"):  # a GLB doubles vertices at seams, a BVH has none
            meshes = [thing for thing in bpy.data.objects if thing.find_armature()]
            assert len(meshes) == len(skins)
            for mesh, points in zip(meshes, skins, strict=True):
                assert np.abs(skin(mesh, start + 10) - points).max() < MILLIMETRE, suffix


def _plain(name: str) -> str:
    """Return what USD makes of a name."""
    return "".join(each if each.isalnum() else "_" for each in name)


@pytest.fixture(autouse=True)
def _nothing_open(empty_scene: bpy.types.Scene) -> None:
    empty_scene.render.fps = 30


NEWER_FILE = pytest.mark.skipif(
    bpy.app.version < (4, 5, 0), reason="the file is from a Blender that 4.2 cannot read"
)


@pytest.mark.shared
@pytest.mark.parametrize(
    "name", ["kenney", "m2m_sample", pytest.param("m2m_control", marks=NEWER_FILE)]
)
def test_rigs_with_their_meshes_come_back(tmp_path, name):
    armature = rig_that_turns(name)
    check_comes_back(tmp_path, armature, bones_of(read(armature)), with_skin=True)


@pytest.mark.parametrize("name", ["cmu_mb", "game_engine"])
def test_rigs_without_meshes_come_back(tmp_path, name):
    armature = rig_that_turns(name)
    check_comes_back(tmp_path, armature, bones_of(read(armature)), with_skin=False)


def test_a_generated_rigify_rig_leaves_by_its_deform_bones(tmp_path):
    armature = rig_that_turns("rigify")
    reading = read(armature)
    names = bones_of(reading)
    deform = {bone.name for bone in armature.data.bones if bone.use_deform}
    assert set(names) == {"root", *deform}
    parents = {
        bone.name: reading.skeleton.names[bone.parent]
        for bone in reading.skeleton.bones
        if bone.parent >= 0
    }
    hierarchy = {
        "DEF-spine": "root",
        "DEF-spine.001": "DEF-spine",
        "DEF-thigh.L": "DEF-spine",
        "DEF-shin.L": "DEF-thigh.L.001",
        "DEF-foot.L": "DEF-shin.L.001",
        "DEF-toe.L": "DEF-foot.L",
        "DEF-shoulder.R": "DEF-spine.003",
        "DEF-upper_arm.R": "DEF-shoulder.R",
        "DEF-forearm.R": "DEF-upper_arm.R.001",
        "DEF-hand.R": "DEF-forearm.R.001",
        "DEF-palm.01.R": "DEF-hand.R",
        "DEF-f_index.01.R": "DEF-palm.01.R",
        "DEF-ear.L": "DEF-spine.006",
    }
    assert {name: parents[name] for name in hierarchy} == hierarchy
    check_comes_back(tmp_path, armature, names, with_skin=False, formats=FORMATS[:2])


@pytest.mark.shared
@NEWER_FILE
def test_controls_stay_behind_with_a_control_rig():
    armature = rig_that_turns("m2m_control")
    reading = read(armature)
    assert len(reading.skeleton.bones) == 66 and len(armature.data.bones) == 141
    assert reading.skeleton.names[reading.skeleton.root] == "root"
    assert {"pelvis", "hand_l", "ball_r"} <= set(reading.skeleton.names)


@pytest.mark.parametrize("scale", [0.01, 100.0])
def test_scale_tilt_and_place_of_an_object_become_motion_of_bones(tmp_path, scale):
    armature = rig_that_turns("cmu_mb")
    names = bones_of(read(armature))
    armature.scale = (scale,) * 3
    armature.rotation_euler = (np.pi / 2, 0, 0.7)
    armature.location = (3, -2, 0.5)
    armature.keyframe_insert("location", frame=1)
    armature.location = (5, -2, 0.5)
    armature.keyframe_insert("location", frame=21)
    expected = {frame: heads(armature, names, frame) for frame in FRAMES}
    size = float(np.ptp(expected[1], axis=0).max())
    export(tmp_path / "out.fbx", [armature], "unreal")
    (found,) = read_back(tmp_path / "out.fbx")
    for frame, places in expected.items():
        assert np.abs(heads(found, names, frame) - places).max() < MILLIMETRE * max(size, 1)
    # The root bone that was added carries place and heading, and is level.
    root = found.pose.bones["root"]
    bpy.data.scenes[0].frame_set(11)
    assert np.allclose((found.matrix_world @ root.matrix).translation[:2], (4, -2), atol=0.01)
    assert root.matrix.to_euler().z == pytest.approx(0.7, abs=1e-4)


@pytest.mark.parametrize("suffix", [".fbx", ".glb", ".bvh", ".usdc"])
def test_bones_without_length_or_size_make_no_nonsense(tmp_path, suffix):
    armature = rig_that_turns("cmu_mb")
    _layer().objects.active = armature
    bpy.ops.object.mode_set(mode="EDIT")
    bones = armature.data.edit_bones
    for number, parent in enumerate(("Head", "LeftHand", "Hips")):
        tiny = bones.new(f"tiny{number}")
        tiny.head = bones[parent].tail
        tiny.tail = tiny.head
        tiny.tail.z += 2e-6
        tiny.parent = bones[parent]
    bpy.ops.object.mode_set(mode="OBJECT")
    assert "tiny2" in armature.data.bones
    armature.pose.bones["tiny0"].scale = (0, 0, 0)
    armature.pose.bones["LeftHand"].scale = (0, 0, 0)
    names = [bone.name for bone in armature.data.bones]
    expected = {frame: heads(armature, names, frame) for frame in FRAMES}
    export(tmp_path / f"out{suffix}", [armature], "blender")
    (found,) = read_back(tmp_path / f"out{suffix}")
    for frame, places in expected.items():
        there = heads(found, names, first_frame(found) + frame - 1)
        assert np.isfinite(there).all()
        assert np.abs(there - places).max() < MILLIMETRE


def test_things_that_hang_on_a_bone_move_with_it(tmp_path):
    armature = rig_that_turns("cmu_mb")
    mesh = bpy.data.meshes.new("hat")
    mesh.from_pydata([(0, 0, 0), (0.1, 0, 0), (0, 0.1, 0)], [], [(0, 1, 2)])
    hat: Any = bpy.data.objects.new("hat", mesh)
    bpy.data.scenes[0].collection.objects.link(hat)
    hat.parent, hat.parent_type, hat.parent_bone = armature, "BONE", "Head"
    hat.location, hat.rotation_euler = (0.02, 0.05, 0), (0.3, 0, 0)
    _layer().update()
    expected = {frame: skin(hat, frame) for frame in FRAMES}
    for suffix, preset in FORMATS[:3]:
        export(tmp_path / f"out{suffix}", [armature], preset)
    for suffix, _ in FORMATS[:3]:
        (found,) = read_back(tmp_path / f"out{suffix}")
        start = first_frame(found)
        for frame, points in expected.items():
            there = skin(bpy.data.objects["hat"], start + frame - 1)
            assert np.abs(there - points).max() < MILLIMETRE, (suffix, frame)


def test_shape_keys_that_move_go_with_the_figure(tmp_path):
    armature = rig_that_turns("cmu_mb")
    mesh = bpy.data.meshes.new("face")
    mesh.from_pydata([(0, 0, 1.6), (0.1, 0, 1.6), (0, 0, 1.7)], [], [(0, 1, 2)])
    face: Any = bpy.data.objects.new("face", mesh)
    bpy.data.scenes[0].collection.objects.link(face)
    face.vertex_groups.new(name="Head").add([0, 1, 2], 1.0, "REPLACE")
    face.modifiers.new("Armature", "ARMATURE").object = armature
    face.shape_key_add(name="Basis")
    smile = face.shape_key_add(name="smile")
    smile.data[2].co.z += 0.1
    for frame, value in ((1, 0.0), (21, 1.0)):
        smile.value = value
        smile.keyframe_insert("value", frame=frame)
    expected = {frame: skin(face, frame) for frame in FRAMES}
    export(tmp_path / "out.fbx", [armature], "unreal")
    export(tmp_path / "out.usdc", [armature])
    for suffix in (".fbx", ".usdc"):
        (found,) = read_back(tmp_path / f"out{suffix}")
        for frame, points in expected.items():
            there = skin(bpy.data.objects["face"], first_frame(found) + frame - 1)
            assert np.abs(there - points).max() < MILLIMETRE, (suffix, frame)

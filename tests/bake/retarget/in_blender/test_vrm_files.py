"""A VRM says which of its bones is which: that counts before any name."""

import json
import struct
from pathlib import Path
from typing import Any

import bpy
import pytest

from bake.retarget.detection.detect import detect, examine
from bake.retarget.in_blender.rig_files import open_rig
from bake.retarget.in_blender.rigs import read_rig
from bake.retarget.in_blender.told_bones import remember_bones
from bake.retarget.maps.vrm_file import joints_in_file
from bake.retarget.maps.vrm_names import VRM0_NAMES, VRM1_NAMES
from tests.bake.retarget.rigs import load_rig

NAMES = {"1.0": VRM1_NAMES, "0.0": VRM0_NAMES}


def nonsense(armature: Any) -> dict[str, str]:
    """Rename all bones so that names tell nothing; return the joints that they are."""
    joints = {joint: each.bones[0] for joint, each in detect(read_rig(armature)).joints.items()}
    new = {bone.name: f"b{number}" for number, bone in enumerate(armature.data.bones)}
    for bone in armature.data.bones:
        bone.name = new[bone.name]
    return {joint: new[bone] for joint, bone in joints.items()}


def extension(version: str, nodes: dict[str, int]) -> dict[str, Any]:
    """Return what a VRM of a version says of nodes by our joints."""
    names = NAMES[version]
    if version == "0.0":
        bones = [{"bone": names[joint], "node": node} for joint, node in nodes.items()]
        return {"VRM": {"humanoid": {"humanBones": bones}}}
    table = {names[joint]: {"node": node} for joint, node in nodes.items()}
    return {"VRMC_vrm": {"specVersion": "1.0", "humanoid": {"humanBones": table}}}


def avatar(path: Path, version: str) -> dict[str, str]:
    """Write a VRM whose names tell nothing; return its joints."""
    armature = load_rig("game_engine")
    joints = nonsense(armature)
    mesh = bpy.data.meshes.new("skin")
    mesh.from_pydata([(0, 0, 1), (0, 0, 1.3), (0.1, 0, 0)], [], [(0, 1, 2)])
    body: Any = bpy.data.objects.new("skin", mesh)
    bpy.data.scenes[0].collection.objects.link(body)
    body.parent = armature
    body.vertex_groups.new(name=joints["pelvis"]).add([0, 1, 2], 1.0, "REPLACE")
    body.modifiers.new("Armature", "ARMATURE").object = armature
    bpy.ops.export_scene.gltf(filepath=str(path.with_suffix(".glb")), export_animations=False)
    data = path.with_suffix(".glb").read_bytes()
    (length,) = struct.unpack("<I", data[12:16])
    content = json.loads(data[20 : 20 + length])
    nodes = {node.get("name"): number for number, node in enumerate(content["nodes"])}
    content["extensions"] = extension(
        version, {joint: nodes[bone] for joint, bone in joints.items()}
    )
    content["extensionsUsed"] = [*content.get("extensionsUsed", ()), *content["extensions"]]
    text = json.dumps(content).encode()
    text += b" " * (-len(text) % 4)
    rest = data[20 + length :]
    total = 20 + len(text) + len(rest)
    path.write_bytes(struct.pack("<4sIII4s", b"glTF", 2, total, len(text), b"JSON") + text + rest)
    return joints


@pytest.mark.parametrize("version", NAMES)
def test_the_table_of_a_file_is_its_map(empty_scene, tmp_path, version):
    joints = avatar(tmp_path / "avatar.vrm", version)
    assert joints_in_file(tmp_path / "avatar.vrm") == joints
    detection = examine(read_rig(open_rig(tmp_path / "avatar.vrm").armature))
    found = detection.bone_map
    assert {joint: found.joints[joint].bones[0] for joint in joints} == joints
    assert all(found.certainty[joint] == 1.0 for joint in joints)
    assert detection.told == ()


def test_what_is_no_vrm_says_nothing(tmp_path):
    damaged = {
        "empty": b"",
        "short": b"glTF\2\0",
        "list": b"[1, 2]",
        "cut": struct.pack("<4sIII4s", b"glTF", 2, 99, 5000, b"JSON") + b'{"nodes": [',
        "kinds": b'{"nodes": {}, "extensions": {"VRMC_vrm": {"humanoid": {"humanBones": 3}}}}',
        "nodes": b'{"nodes": [4], "extensions": {"VRM": {"humanoid": {"humanBones": [{}, 7]}}}}',
        "plain": b'{"nodes": [{"name": "hips"}]}',
    }
    for name, data in damaged.items():
        (tmp_path / name).write_bytes(data)
        assert joints_in_file(tmp_path / name) == {}, name
    assert joints_in_file(tmp_path / "missing") == {}


def test_a_name_of_two_nodes_is_left_out(tmp_path):
    content = {
        "nodes": [{"name": "a"}, {"name": "b"}, {"name": "b"}],
        "extensions": extension("1.0", {"pelvis": 0, "head": 1}),
    }
    (tmp_path / "two.gltf").write_text(json.dumps(content))
    assert joints_in_file(tmp_path / "two.gltf") == {"pelvis": "a"}


def test_half_a_table_and_bones_that_are_gone_do_not_mislead(empty_scene):
    armature = load_rig("game_engine")
    expected = detect(read_rig(armature))
    remember_bones(armature, {"pelvis": "head", "head": "pelvis", "left_hip": "gone"})
    assert detect(read_rig(armature)) == expected


def group(name: str, **properties: Any) -> Any:
    cls = type(name, (bpy.types.PropertyGroup,), {"__annotations__": properties})
    bpy.utils.register_class(cls)
    return cls


@pytest.fixture
def add_on() -> Any:
    """Give armatures what the VRM add-on keeps with them, by the names in its source."""
    text, pointer = bpy.props.StringProperty, bpy.props.PointerProperty
    node = group("Node", bone_name=text())
    bone = group("Bone1", node=pointer(type=node))
    fields = {
        "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name): pointer(
            type=bone
        )
        for name in VRM1_NAMES.values()
    }
    bones1 = group("Bones1", **fields)
    humanoid1 = group("Humanoid1", human_bones=pointer(type=bones1))
    vrm1 = group("Vrm1", humanoid=pointer(type=humanoid1))
    bone0 = group("Bone0", bone=text(), node=pointer(type=node))
    humanoid0 = group("Humanoid0", human_bones=bpy.props.CollectionProperty(type=bone0))
    vrm0 = group("Vrm0", humanoid=pointer(type=humanoid0))
    extension = group(
        "Extension", spec_version=text(), vrm1=pointer(type=vrm1), vrm0=pointer(type=vrm0)
    )
    bpy.types.Armature.vrm_addon_extension = pointer(type=extension)  # type: ignore[attr-defined]
    yield
    del bpy.types.Armature.vrm_addon_extension  # type: ignore[attr-defined]
    for cls in (extension, vrm0, humanoid0, bone0, vrm1, humanoid1, bones1, bone, node):
        bpy.utils.unregister_class(cls)


@pytest.mark.parametrize("version", NAMES)
def test_what_the_vrm_add_on_knows_counts(empty_scene, add_on, version):
    armature = load_rig("game_engine")
    joints = nonsense(armature)
    known = armature.data.vrm_addon_extension
    known.spec_version = version
    for joint, bone in joints.items():
        if version == "0.0":
            row = known.vrm0.humanoid.human_bones.add()
            row.bone, row.node.bone_name = VRM0_NAMES[joint], bone
        else:
            name = VRM1_NAMES[joint]
            field = "".join(f"_{each.lower()}" if each.isupper() else each for each in name)
            getattr(known.vrm1.humanoid.human_bones, field).node.bone_name = bone
    found = detect(read_rig(armature))
    assert {joint: found.joints[joint].bones[0] for joint in joints} == joints

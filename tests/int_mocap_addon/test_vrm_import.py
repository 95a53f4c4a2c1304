"""Blender's own importer passes what a VRM says of its bones on to the add-on."""

import bpy

from tests.bake.retarget.in_blender.test_vrm_files import avatar


def test_an_imported_avatar_is_known_by_its_table(mocap, tmp_path):
    joints = avatar(tmp_path / "avatar.vrm", "1.0")
    (tmp_path / "avatar.vrm").rename(tmp_path / "avatar.glb")
    for thing in list(bpy.data.objects):
        bpy.data.objects.remove(thing)
    bpy.ops.import_scene.gltf(filepath=str(tmp_path / "avatar.glb"))
    (armature,) = (thing for thing in bpy.data.objects if thing.type == "ARMATURE")
    mocap.retarget.target = armature
    listed = {row.name: row.bones[0].name for row in armature.int_mocap_map.joints}
    assert {joint: listed[joint] for joint in joints} == joints

"""A motion for VRM avatars: what the VRM add-on is told, and what is said where there is none."""

from typing import Any

import bpy
import pytest

from bake.export.export import export
from core_model.errors import OutputError
from tests.bake.export.test_rigs import rig_that_turns

SEEN: dict[str, Any] = {}


class _Node(bpy.types.PropertyGroup):
    bone_name: bpy.props.StringProperty()  # type: ignore[valid-type]


class _HumanBone(bpy.types.PropertyGroup):
    node: bpy.props.PointerProperty(type=_Node)  # type: ignore[valid-type]


class EXPORT_SCENE_OT_vrma(bpy.types.Operator):
    """Stands for the add-on's exporter, by the names under which its source has them."""

    bl_idname = "export_scene.vrma"
    bl_label = "Export VRM Animation"

    filepath: bpy.props.StringProperty()  # type: ignore[valid-type]
    armature_object_name: bpy.props.StringProperty()  # type: ignore[valid-type]

    def execute(self, context: Any) -> Any:
        armature = bpy.data.objects[self.armature_object_name]
        bones = armature.data.vrm_addon_extension.vrm1.humanoid.human_bones
        SEEN.update(
            bones={
                name: getattr(bones, name).node.bone_name
                for name in type(bones).__annotations__
                if getattr(bones, name).node.bone_name
            },
            tops=[bone.name for bone in armature.data.bones if not bone.parent],
            range=(context.scene.frame_start, context.scene.frame_end),
            action=tuple(armature.animation_data.action.frame_range),
            version=armature.data.vrm_addon_extension.spec_version,
        )
        with open(self.filepath, "wb") as file:
            file.write(b"glTF")
        return {"FINISHED"}


@pytest.fixture
def add_on() -> Any:
    from bake.export.vrma import HUMAN_BONES

    fields = {name: bpy.props.PointerProperty(type=_HumanBone) for name in HUMAN_BONES.values()}

    def group(name: str, **properties: Any) -> Any:
        return type(name, (bpy.types.PropertyGroup,), {"__annotations__": properties})

    pointer = bpy.props.PointerProperty
    bones = group("HumanBones", **fields)
    humanoid = group("Humanoid", human_bones=pointer(type=bones))
    vrm1 = group("Vrm1", humanoid=pointer(type=humanoid))
    extension = group("Extension", spec_version=bpy.props.StringProperty(), vrm1=pointer(type=vrm1))
    classes = (_Node, _HumanBone, bones, humanoid, vrm1, extension, EXPORT_SCENE_OT_vrma)
    for cls in classes:
        bpy.utils.register_class(cls)
    bpy.types.Armature.vrm_addon_extension = pointer(type=extension)  # type: ignore[attr-defined]
    yield
    del bpy.types.Armature.vrm_addon_extension  # type: ignore[attr-defined]
    for cls in reversed(classes):
        bpy.utils.unregister_class(cls)


def test_without_the_add_on_it_is_named(empty_scene, tmp_path):
    armature = rig_that_turns("game_engine")
    with pytest.raises(OutputError, match="VRM add-on"):
        export(tmp_path / "out.vrma", [armature])
    assert not list(tmp_path.iterdir())


def test_the_add_on_learns_bones_and_frames(empty_scene, tmp_path, add_on):
    armature = rig_that_turns("game_engine")
    export(tmp_path / "out.vrma", [armature])
    assert (tmp_path / "out.vrma").read_bytes() == b"glTF"
    assert SEEN["version"] == "1.0"
    assert SEEN["range"] == (1, 21) and SEEN["action"] == (1, 21)
    assert SEEN["tops"] == ["pelvis"]
    expected = {
        "hips": "pelvis",
        "left_upper_arm": "upperarm_l",
        "right_lower_leg": "calf_r",
        "left_toes": "ball_l",
        "right_little_intermediate": "pinky_02_r",
        "left_thumb_metacarpal": "thumb_01_l",
        "head": "head",
    }
    assert {name: SEEN["bones"].get(name) for name in expected} == expected

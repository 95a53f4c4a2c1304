"""Between the bone map that the panel shows and the record that everything else works with."""

from typing import TYPE_CHECKING, Any

import bpy

from ..settings import settings_of

if TYPE_CHECKING:
    from bake.retarget.maps.bone_map import BoneMap

DOUBTFUL = 0.7
"""A joint whose bone was found with less certainty is shown as doubtful."""


def map_settings(armature: bpy.types.Object) -> Any:
    """Return the `BoneMapSettings` of an armature; scenes keep those of library overrides.

    An override of one in the library could not be changed by hand, nor be saved by every Blender.
    """
    if armature.override_library is not None:
        for scene in bpy.data.scenes:
            for kept in settings_of(scene).retarget.maps:
                if kept.owner == armature:
                    return kept
    return getattr(armature, "int_mocap_map")  # noqa: B009 - the type checker does not know it


def has_map(armature: bpy.types.Object | None) -> bool:
    """Return whether an armature was given a map that names at least one bone."""
    return armature is not None and any(
        bone.name for joint in map_settings(armature).joints for bone in joint.bones
    )


def own_map(armature: bpy.types.Object) -> Any:
    """Return the `BoneMapSettings` of an armature, as they can be changed."""
    shown = map_settings(armature)
    if armature.override_library is None or shown.owner:
        return shown
    shown = settings_of(bpy.context.scene).retarget.maps.add()
    shown.owner = armature
    return shown


def show_map(armature: bpy.types.Object, bone_map: "BoneMap") -> None:
    """Give an armature a map, with a row for every joint."""
    from bake.retarget.human import HUMAN_JOINTS
    from bake.retarget.maps.bone_map import JointBones
    from bake.retarget.maps.map_file import map_text

    shown = own_map(armature)
    shown.joints.clear()
    shown.name, shown.mover, shown.root = bone_map.name, bone_map.mover, bone_map.root
    shown.controls = map_text(bone_map)
    shown.fingers = False
    for joint in HUMAN_JOINTS:
        mapped = bone_map.joints.get(joint, JointBones(("",)))
        row = shown.joints.add()
        row.name, row.locked, row.twist = joint, mapped.locked, mapped.twist
        row.certainty = bone_map.certainty.get(joint, 1.0)
        for bone in mapped.bones:
            add_bone(row, bone)


def find_map(armature: bpy.types.Object) -> tuple[str, ...]:
    """Find out which bone of an armature is which; return what the user should know.

    Raises
    ------
    RigError
        When it is no human.
    """
    from bake.retarget.detection.detect import examine
    from bake.retarget.in_blender.rigs import read_rig

    found = examine(read_rig(armature))
    show_map(armature, found.bone_map)
    return tuple(found.told)


def give_map(armature: bpy.types.Object) -> None:
    """Give an armature that was just chosen a map, unless it has one.

    Raises
    ------
    MocapError
        When none can be found.
    """
    if not has_map(armature):
        find_map(armature)
    elif armature.override_library is not None and not map_settings(armature).owner:
        show_map(armature, read_map(armature))


def add_bone(joint: Any, name: str = "") -> None:
    """Give a row another bone."""
    bone = joint.bones.add()
    bone.name = bone.found = name


def read_map(armature: bpy.types.Object) -> "BoneMap":
    """Return the map of an armature as it is shown.

    Raises
    ------
    RigError
        When it has none yet, or a bone is in it twice.
    """
    from dataclasses import replace

    from bake.retarget.maps.bone_map import JointBones
    from bake.retarget.maps.checks import check_once
    from bake.retarget.maps.map_file import map_from_text
    from core_model.errors import RigError

    if not has_map(armature):
        raise RigError(f"{armature.name} has no bone map yet: press Detect, or choose one.")
    shown = map_settings(armature)
    joints = {}
    for row in shown.joints:
        bones = tuple(bone.name for bone in row.bones if bone.name)
        if bones:
            joints[row.name] = JointBones(bones, row.twist, row.locked)
    bone_map = replace(
        map_from_text(shown.controls, armature.name),
        name=shown.name,
        joints=joints,
        mover=shown.mover,
        root=shown.root,
        certainty={row.name: certainty_of(row) for row in shown.joints if row.name in joints},
    )
    check_once(bone_map)
    return bone_map


def certainty_of(joint: Any) -> float:
    """Return how sure the bones of a row are; what the user chose is."""
    return 1.0 if any(bone.name != bone.found for bone in joint.bones) else float(joint.certainty)


def is_mapped(joint: Any) -> bool:
    """Return whether a row has a bone."""
    return any(bone.name for bone in joint.bones)


def is_doubtful(joint: Any) -> bool:
    """Return whether a row should be looked at."""
    return is_mapped(joint) and certainty_of(joint) < DOUBTFUL


def is_finger(joint: Any) -> bool:
    """Return whether a row is a joint of a finger."""
    return bool(joint.name[-1].isdigit() and not joint.name.startswith("spine"))


def missing_bones(armature: Any) -> list[str]:
    """Return the bones that a map names and the armature does not have."""
    there = armature.data.bones
    return [
        bone.name
        for joint in map_settings(armature).joints
        for bone in joint.bones
        if bone.name and bone.name not in there
    ]

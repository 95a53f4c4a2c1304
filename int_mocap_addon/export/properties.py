"""What an animator wants of an export."""

from contextlib import suppress
from typing import TYPE_CHECKING, Any

import bpy
from bpy.props import BoolProperty, EnumProperty, StringProperty

from bake.export.presets import PRESETS
from core_model.errors import MocapError

from ..retarget.maps import has_map, missing_bones, read_map
from ..settings import settings_of

if TYPE_CHECKING:
    from bake.export.options import ExportOptions
    from bake.retarget.maps.bone_map import BoneMap

FORMATS = (
    (".fbx", "FBX", "Bones, bodies and motion, for Unreal, Unity, Maya and most others"),
    (".glb", "glTF (.glb)", "Bones, bodies and motion in one file, for Godot and the web"),
    (".usdc", "USD", "Bones, bodies and motion, for USD pipelines"),
    (".bvh", "BVH", "Bones and motion as text, without bodies"),
    (".abc", "Alembic", "The meshes, vertex by vertex, with all their modifiers"),
    (".vrma", "VRM Animation", "The motion for any VRM avatar, without a body"),
    (".npz", "AMASS (.npz)", "The motion as a take, for programs that know SMPL"),
    (".csv", "CSV", "The places of the joints as a table"),
    (".c3d", "C3D", "The places of the joints as markers, for biomechanics"),
)
"""Items: the suffix, name, description."""

WITH_BONES = (".fbx", ".glb", ".usdc", ".bvh")
WITH_MESHES = (".fbx", ".glb", ".usdc")


class ExportSettings(bpy.types.PropertyGroup):
    """The panel Export."""

    figures: EnumProperty(
        name="Figures",
        description="What is exported",
        items=(
            ("SELECTED", "Selected", "Selected armatures, and those of selected meshes"),
            ("ALL", "All", "All armatures of the scene that move"),
        ),
        default="SELECTED",
    )
    preset: EnumProperty(
        name="For",
        description="The program that the file is for: units, axes, names, root bone",
        items=tuple(
            (name.upper(), preset.title, preset.description) for name, preset in PRESETS.items()
        ),
        default="UNREAL",
    )
    format: EnumProperty(name="Format", description="Of the file", items=FORMATS, default=".fbx")
    with_meshes: BoolProperty(
        name="Meshes",
        description="Bodies and clothes as well as bones, also those that are hidden or cannot be "
        "selected",
        default=True,
    )
    deform_only: BoolProperty(
        name="Deform Bones Only",
        description="Leave controls and helpers of a rig behind. Bones that move meshes come in "
        "one hierarchy, and move as all constraints make them",
        default=True,
    )
    root: EnumProperty(
        name="Root Bone",
        description="What to do with figures that have no bone on the floor that carries them",
        items=(
            ("PRESET", "As the Program Wants", "Add one where the program expects it"),
            ("ADD", "Add", "Add one where there is none"),
            ("NONE", "None", "Leave the bones as they are"),
        ),
        default="PRESET",
    )
    each_strip: BoolProperty(
        name="Each Strip by Itself",
        description="An animation for every NLA strip, named like its action, with the layers that "
        "lie over it; otherwise all that is seen is one animation",
        default=True,
    )
    scene_range: BoolProperty(
        name="Scene's Frame Range",
        description="Export the frames of the scene instead of those of each motion",
        default=False,
    )
    catalogue: StringProperty(
        name="Catalog",
        description="Where the asset browser lists the motions; slashes make a tree",
        default="Motion Capture",
    )
    tags: StringProperty(
        name="Tags",
        description="Words to find the motions by, with commas between",
        default="mocap",
    )


def options_of(scene: bpy.types.Scene) -> "ExportOptions":
    """Read the panel."""
    from bake.export.options import ExportOptions

    wanted: Any = settings_of(scene).export
    return ExportOptions(
        with_meshes=wanted.with_meshes,
        deform_only=wanted.deform_only,
        root={"PRESET": None, "ADD": True, "NONE": False}[wanted.root],
        frames=(scene.frame_start, scene.frame_end) if wanted.scene_range else None,
        each_strip=wanted.each_strip,
        maps=_maps(scene),
    )


def _maps(scene: bpy.types.Scene) -> "dict[str, BoneMap]":
    """Return the bone maps that armatures were given in the panel Retarget, as far as they fit."""
    found = {}
    for each in scene.objects:
        if each.type == "ARMATURE" and has_map(each) and not missing_bones(each):
            with suppress(MocapError):
                found[each.name] = read_map(each)
    return found

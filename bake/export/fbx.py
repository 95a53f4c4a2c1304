"""FBX, by Blender's own exporter."""

from pathlib import Path
from typing import Any

import bpy

from bake.export.presets import Preset


def write_fbx(path: Path, preset: Preset, *, animated: bool, whole_scene: bool) -> None:
    """Write the scene that is shown.

    Parameters
    ----------
    path : Path
    preset : Preset
    animated : bool
    whole_scene : bool
        One animation, named after the scene and at its frames; else one for each strip, from zero.
    """
    axes: Any = {"Y": ("-Z", "Y"), "Z": ("Y", "Z")}[preset.fbx_up]
    bpy.ops.export_scene.fbx(
        filepath=str(path),
        use_selection=False,
        use_visible=False,
        object_types={"ARMATURE", "MESH"},
        global_scale=1.0,
        apply_unit_scale=True,
        apply_scale_options="FBX_SCALE_NONE",
        bake_space_transform=False,
        axis_forward=axes[0],
        axis_up=axes[1],
        use_mesh_modifiers=False,
        add_leaf_bones=False,
        primary_bone_axis="Y",
        secondary_bone_axis="X",
        use_armature_deform_only=False,  # only those are there
        armature_nodetype="NULL",
        bake_anim=animated,
        bake_anim_use_all_bones=True,
        bake_anim_use_nla_strips=not whole_scene,
        bake_anim_use_all_actions=False,
        bake_anim_force_startend_keying=True,
        bake_anim_step=1.0,
        bake_anim_simplify_factor=0.0,
        path_mode="COPY",
        embed_textures=True,
    )

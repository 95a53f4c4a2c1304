"""GLB and glTF, by Blender's own exporter."""

from pathlib import Path

import bpy

from bake.export.presets import Preset


def write_gltf(path: Path, preset: Preset, *, animated: bool) -> None:
    """Write the scene that is shown."""
    bpy.ops.export_scene.gltf(
        filepath=str(path),
        export_format="GLB",
        use_selection=False,
        use_visible=False,
        use_renderable=False,
        use_active_scene=True,
        export_cameras=False,
        export_lights=False,
        export_yup=True,
        export_apply=False,
        export_animations=animated,
        export_animation_mode="NLA_TRACKS",
        export_force_sampling=True,
        export_frame_step=1,
        export_frame_range=False,
        export_anim_slide_to_zero=preset.clips,
        export_negative_frame="SLIDE",
        export_optimize_animation_size=False,
        export_anim_single_armature=False,
        export_reset_pose_bones=True,
        export_rest_position_armature=True,
        export_def_bones=False,  # only those are there
        export_leaf_bone=False,
        export_influence_nb=4,
        export_extras=False,
    )

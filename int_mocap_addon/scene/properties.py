"""What to put into the scene beside the motion, and how to look at it."""

from typing import Any

import bpy
from bpy.props import BoolProperty

from .review import armatures_switched, backgrounds_switched, bodies_switched


def _refresh_markers(settings: "SceneSettings", context: bpy.types.Context) -> None:
    from ..doubtful.markers import refresh_markers

    scene: Any = settings.id_data
    refresh_markers(scene)


class SceneSettings(bpy.types.PropertyGroup):
    """The panel Scene."""

    clear_default: BoolProperty(
        name="Clear Default Scene",
        description="Take Blender's default cube and camera away before the first figure comes, if "
        "nobody changed them and nothing else is in the scene",
        default=True,
    )
    with_camera: BoolProperty(
        name="Matching Camera",
        description="Add a camera that sees what the clip's camera saw",
        default=True,
    )
    with_background: BoolProperty(
        name="Clip as Background",
        description="Show the clip behind the scene in that camera",
        default=True,
    )
    with_sound: BoolProperty(
        name="Clip Sound",
        description="Put the sound of the clip into the sequencer, in step with the motion. In a "
        "scene with an edit of yours only once you have switched this on yourself",
        default=True,
    )
    with_body: BoolProperty(
        name="Body Mesh",
        description="Add a body that the armature moves",
        default=True,
    )
    mark_doubtful: BoolProperty(
        name="Mark Doubtful Keys",
        description="Show on the timeline what the capture was not sure of: breakdowns where a "
        "joint was hardly seen, extremes where the person was not",
        default=True,
    )
    keep_raw_track: BoolProperty(
        name="Locked Bake Track",
        description="Keep what was baked in a locked NLA track, and key by hand on a layer over it",
        default=False,
    )
    doubtful_markers: BoolProperty(
        name="Timeline Markers",
        description="Mark on the timeline where ranges begin in which the active take is doubtful",
        default=True,
        update=_refresh_markers,
    )
    show_overlay: BoolProperty(
        name="Confidence in Viewport",
        description="Write into the viewport how sure the capture is of the current frame",
        default=True,
    )
    show_sticks: BoolProperty(
        name="Bones as Sticks",
        description="Show bones as thin sticks in front of body and clip",
        update=armatures_switched,
    )
    see_through: BoolProperty(
        name="Body X-Ray",
        description="Make the body transparent, so that the person in the clip is seen through it",
        update=bodies_switched,
    )
    lock_body: BoolProperty(
        name="Body Not Selectable",
        description="Clicks go through the body to its bones. Switch this off to select or export "
        "the body by itself",
        default=True,
        update=bodies_switched,
    )
    show_background: BoolProperty(
        name="Background",
        description="Show the clip behind the figures in their cameras",
        default=True,
        update=backgrounds_switched,
    )

"""What to put into the scene beside the motion."""

import bpy
from bpy.props import BoolProperty


class SceneSettings(bpy.types.PropertyGroup):
    """The panel Scene."""

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
    show_overlay: BoolProperty(
        name="Confidence in Viewport",
        description="Write into the viewport how sure the capture is of the current frame",
        default=True,
    )

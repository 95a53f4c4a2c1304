"""What the finishing tools work on."""

import bpy
from bpy.props import EnumProperty


class FinishSettings(bpy.types.PropertyGroup):
    """The panel Finish."""

    on: EnumProperty(
        name="Work On",
        items=(
            ("TAKE", "Take", "Make a new take of the active one; bake it to see it"),
            (
                "ACTION",
                "Action",
                "Make a new action of what the figure shows, with all that was edited by hand; the "
                "old action stays in the file",
            ),
        ),
        default="TAKE",
    )


CLASSES = (FinishSettings,)

"""What an animator wants of the rig."""

from typing import TYPE_CHECKING, Any

import bpy
from bpy.props import BoolProperty, EnumProperty

from ..settings import settings_of

if TYPE_CHECKING:
    from bake.scene.rig.rig_look import RigStyle


def style_of(scene: bpy.types.Scene) -> "RigStyle":
    """Read the sub-panel Rig."""
    from bake.scene.rig.rig_look import RigStyle

    wanted = settings_of(scene).rig
    return RigStyle(wanted.root.lower(), wanted.colours, wanted.bone_shapes)


def _show_colours(settings: "RigSettings", context: bpy.types.Context) -> None:
    from bake.scene.rig.rig_look import show_colours

    for armature in _figures(settings):
        show_colours(armature, settings.colours)


def _show_shapes(settings: "RigSettings", context: bpy.types.Context) -> None:
    from bake.scene.rig.bone_shapes import show_shapes

    for armature in _figures(settings):
        show_shapes(armature, settings.bone_shapes)


def _figures(settings: "RigSettings") -> list[Any]:
    """Return the armatures of the scene's takes that still have the bones that were made."""
    from bake.scene.rig.armature import is_figure

    scene = settings.id_data
    assert isinstance(scene, bpy.types.Scene)
    armatures = [take.armature for take in settings_of(scene).takes]
    return [each for each in armatures if each and not each.library and is_figure(each)]


ROOTS = (
    ("NONE", "None", "The pelvis is the topmost bone"),
    (
        "ORIGIN",
        "At the Origin",
        "A bone without keys, to move or turn a whole performance with",
    ),
    (
        "HIPS",
        "Under the Hips",
        "Follows the figure over the ground, as the root motion of game engines does",
    ),
)
"""Items of the root bone: identifier, name, description."""


class RigSettings(bpy.types.PropertyGroup):
    """The sub-panel Rig."""

    root: EnumProperty(
        name="Root Bone",
        description="The bone that carries the whole figure. Bake again to change a figure",
        items=ROOTS,
        default="ORIGIN",
    )
    colours: BoolProperty(
        name="Bone Colors",
        description="Left, right and middle in different colors",
        default=True,
        update=_show_colours,
    )
    bone_shapes: BoolProperty(
        name="Bone Shapes",
        description="Draw bones as rings around the limbs",
        default=False,
        update=_show_shapes,
    )

"""Corrections of a take, kept in the .blend."""

from typing import Any

import bpy
from bpy.props import BoolProperty, EnumProperty, FloatProperty, FloatVectorProperty, StringProperty

ROTATION, PLACE = "ROTATION", "PLACE"
LANDMARK, HIDDEN, SIDES, PERSON, NOBODY = "LANDMARK", "HIDDEN", "SIDES", "PERSON", "NOBODY"

KINDS = (
    (ROTATION, "Rotation", "A joint is turned so on this frame", "CON_ROTLIKE", 0),
    (PLACE, "Place", "A joint is at this place on this frame", "EMPTY_AXIS", 1),
    (LANDMARK, "Landmark", "A landmark is there in the picture", "TRACKER", 2),
    (HIDDEN, "Hidden", "A landmark is hidden for a while", "HIDE_ON", 3),
    (SIDES, "Sides", "Left and right were exchanged for a while", "MOD_MIRROR", 4),
    (PERSON, "Person", "From here on it is the other person", "ARROW_LEFTRIGHT", 5),
    (NOBODY, "Nobody", "This is no person", "GHOST_DISABLED", 6),
)
ICONS = {kind: icon for kind, _, _, icon, _ in KINDS}

LIMBS = (
    ("all", "All", "Arms and legs, and so the facing"),
    ("arms", "Arms", "The arms alone"),
    ("legs", "Legs", "The legs alone"),
)


def _shown_again(item: "CorrectionItem", context: bpy.types.Context) -> None:
    from .markers import refresh_pin_markers

    scene: Any = item.id_data
    refresh_pin_markers(scene)


class CorrectionItem(bpy.types.PropertyGroup):
    """One thing that was said of a take: `core_model.corrections.records` tell what each means."""

    kind: EnumProperty(items=KINDS)
    enabled: BoolProperty(
        name="On",
        description="Whether it counts when the take is solved again",
        default=True,
        update=_shown_again,
    )
    soft: BoolProperty(
        name="Soft",
        description="It counts, but gives way to what was seen",
        update=_shown_again,
    )
    time: FloatProperty()  # seconds of the clip
    end: FloatProperty()
    part: StringProperty()  # name of the joint or landmark
    values: FloatVectorProperty(size=3)  # axis-angle, place in metres, or pixels
    limbs: EnumProperty(items=LIMBS)
    other: StringProperty()  # uid of the other take


class CorrectionSettings(bpy.types.PropertyGroup):
    """The panel Corrections."""

    what: EnumProperty(
        name="Pin",
        description="What is held of the bones that you posed",
        items=(
            (ROTATION, "Rotation", "How the bones that you turned are turned"),
            (PLACE, "Place", "Where the ends of the selected bones are"),
        ),
    )
    soft: BoolProperty(
        name="Soft",
        description="New pins count, but give way to what was seen",
    )
    pin_moves: BoolProperty(
        name="Pin What I Move",
        description="Whatever you pose is pinned when you go to another frame",
    )
    limbs: EnumProperty(
        name="Limbs", description="What is exchanged between left and right", items=LIMBS
    )
    show_marks: BoolProperty(
        name="Marks",
        description="Show pins in the 3D View and on the timeline",
        default=True,
        update=lambda settings, context: _shown_again(settings, context),
    )

"""Corrections of a take, kept in the .blend."""

from typing import Any

import bpy
from bpy.props import (
    BoolProperty,
    EnumProperty,
    FloatProperty,
    FloatVectorProperty,
    PointerProperty,
    StringProperty,
)

from bake.motion.doubtful import PARTS

from .kinds import KINDS, LIMBS, PLACE, ROTATION, SURFACES, TOUCHING, WITH_SURFACE
from .markers import refresh_pin_markers


def _shown_again(item: "CorrectionItem", context: bpy.types.Context) -> None:
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
    values: FloatVectorProperty(size=3)  # axis-angle, place in metres, pixels, or a height
    moved: FloatVectorProperty(size=3)  # by the bake in which a place was pinned, metres
    found: BoolProperty()  # whether the height is that which was captured
    rolls: BoolProperty(
        name="Rolls",
        description="The foot may go over heel and ball meanwhile, as one that walks does",
    )
    thing: PointerProperty(type=bpy.types.Object)  # whose surface is touched
    surface: StringProperty()  # its triangles as JSON, metres in the take's world; empty for none
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
    touching: EnumProperty(
        name="Part", description="What touches something, or does not", items=TOUCHING
    )
    surface: EnumProperty(name="On", description="What it touches", items=SURFACES)
    surface_object: PointerProperty(
        name="Object",
        description="What it touches the surface of, where that is when you press the button",
        type=bpy.types.Object,
        poll=lambda settings, thing: thing.type in WITH_SURFACE,
    )
    part_range: EnumProperty(
        name="Frames",
        description="Which frames Bake Part gives new keys",
        items=(
            ("PREVIEW", "Preview Range", "Those of the preview range"),
            ("PINS", "Around Pins", "A second around everything that is pinned"),
        ),
    )
    part_limbs: EnumProperty(
        name="Limbs",
        description="Which parts of the body Bake Part gives new keys",
        items=[(part, part, "") for part in PARTS],
        options={"ENUM_FLAG"},
        default=set(PARTS),
    )
    bake_only: EnumProperty(
        name="Then Bake",
        description="What gets new keys when a take was solved again",
        items=(
            ("ALL", "All", "The whole action; what you edited by hand is kept as a layer over it"),
            ("PART", "Part", "The limbs and frames of Bake Part; all other keys stay"),
        ),
    )
    show_marks: BoolProperty(
        name="Marks",
        description="Show pins in the 3D View and on the timeline",
        default=True,
        update=lambda settings, context: _shown_again(settings, context),
    )

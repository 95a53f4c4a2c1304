"""Buttons that say who is who, and what is left and right."""

from typing import Any

import bpy
from bpy.props import EnumProperty

from ..fixing.ops import figure_in_hand
from ..operators import Result
from ..settings import settings_of
from .frames import time_of
from .kinds import NOBODY, PERSON, SIDES
from .ops import wants_take


class INT_MOCAP_OT_swap_sides(bpy.types.Operator):
    """Say that left and right were exchanged."""

    bl_idname = "int_mocap.swap_sides"
    bl_label = "Swap Left and Right"
    bl_description = (
        "Left and right were exchanged from start to end of the preview range, without one at this "
        "frame alone: Solve Again puts them back"
    )
    bl_options = {"REGISTER", "UNDO"}

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        return wants_take(cls, context, baked=False)

    def execute(self, context: bpy.types.Context) -> Result:
        from .records import add_span, sort_corrections

        scene, take = context.scene, figure_in_hand(context)
        assert scene
        first = last = scene.frame_current
        if scene.use_preview_range:
            first, last = scene.frame_preview_start, scene.frame_preview_end
        start, end = (time_of(scene, take, frame) for frame in (first - 0.5, last + 0.5))
        limit = (take.start, take.start + take.seconds)
        if end < limit[0] or start > limit[1]:
            self.report({"ERROR"}, f"{take.name} has no frame there.")
            return {"CANCELLED"}
        item = add_span(take, SIDES, max(start, limit[0]), min(end, limit[1]))
        item.limbs = settings_of(scene).corrections.limbs
        sort_corrections(take)
        told = f"frame {first}" if first == last else f"frames {first} to {last}"
        self.report({"INFO"}, f"Left and right of {take.name} change places at {told}.")
        return {"FINISHED"}


def _other_people(operator: Any, context: bpy.types.Context | None) -> Any:
    """Return the other takes of a capture as choices of an operator; Blender needs them kept."""
    from ..takes.listing import takes_of_capture

    global _people
    _people = []
    if context is not None and context.scene is not None:
        take = figure_in_hand(context)
        others = takes_of_capture(context.scene, take) if take else []
        _people = [(each.uid, each.name, "") for each in others if each.uid != take.uid]
    return _people


_people: list[tuple[str, str, str]] = []


class INT_MOCAP_OT_swap_people(bpy.types.Operator):
    """Say that from here on it is another person."""

    bl_idname = "int_mocap.swap_people"
    bl_label = "This Is Person B"
    bl_description = "From this frame on, the person is another one of the clip: the two change"
    bl_options = {"REGISTER", "UNDO"}
    bl_property = "other"

    other: EnumProperty(name="Other", items=_other_people, options={"SKIP_SAVE"})

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        if not wants_take(cls, context, baked=False):
            return False
        if not _other_people(None, context):
            cls.poll_message_set("The capture has one person only")
            return False
        return True

    def invoke(self, context: bpy.types.Context, event: bpy.types.Event) -> Result:
        manager: Any = context.window_manager
        if len(_other_people(self, context)) == 1:
            return self.execute(context)
        manager.invoke_search_popup(self)
        return {"INTERFACE"}

    def execute(self, context: bpy.types.Context) -> Result:
        from ..takes.listing import find_take
        from .records import add_span, sort_corrections

        scene, take = context.scene, figure_in_hand(context)
        assert scene
        other = find_take(scene, self.other)
        time = time_of(scene, take, scene.frame_current - 0.5)
        add_span(take, PERSON, time, time).other = other.uid
        sort_corrections(take)
        told = f"From frame {scene.frame_current} on, {take.name} and {other.name} change places."
        self.report({"INFO"}, told)
        return {"FINISHED"}


class INT_MOCAP_OT_not_a_person(bpy.types.Operator):
    """Say that a take is of nobody."""

    bl_idname = "int_mocap.not_a_person"
    bl_label = "Not a Person"
    bl_description = (
        "What was followed is no person: Solve Again leaves it out and hides its figure. Switch "
        "the entry off in the list to take it back"
    )
    bl_options = {"REGISTER", "UNDO"}

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        return wants_take(cls, context, baked=False)

    def execute(self, context: bpy.types.Context) -> Result:
        from .records import add_span, sort_corrections

        take = figure_in_hand(context)
        add_span(take, NOBODY, take.start, take.start + take.seconds)
        sort_corrections(take)
        self.report({"INFO"}, f"{take.name} is nobody, once it is solved again.")
        return {"FINISHED"}


CLASSES = (
    INT_MOCAP_OT_swap_sides,
    INT_MOCAP_OT_swap_people,
    INT_MOCAP_OT_not_a_person,
)

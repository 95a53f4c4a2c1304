"""Buttons of the panel Corrections."""

from typing import Any

import bpy
from bpy.props import EnumProperty, IntProperty

from core_model.errors import MocapError

from ..fixing.ops import figure_in_hand
from ..fixing.session import is_open
from ..operators import Result, TaskOperator, can_start, redraw_panels
from ..settings import settings_of
from ..tasks import Steps
from .frames import frame_of, time_of
from .markers import refresh_pin_markers, words
from .properties import NOBODY, PERSON, PLACE, ROTATION, SIDES


def _wants_take(cls: type[bpy.types.Operator], context: bpy.types.Context, baked: bool) -> bool:
    """Return whether there is a take to correct; else tell the button so."""
    take = figure_in_hand(context)
    if take is None:
        cls.poll_message_set("There is no take yet: capture a clip or load one")
        return False
    if baked and take.armature is None:
        cls.poll_message_set(f"{take.name} is not baked yet")
        return False
    return True


class INT_MOCAP_OT_pin(bpy.types.Operator):
    """Pin what is posed."""

    bl_idname = "int_mocap.pin"
    bl_label = "Pin"
    bl_description = (
        "Hold what you posed at this frame: Solve Again leads the motion there and away. With "
        "nothing posed, the selected bones are held as they are"
    )
    bl_options = {"REGISTER", "UNDO"}

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        if not _wants_take(cls, context, baked=True):
            return False
        take = figure_in_hand(context)
        if context.mode != "POSE" or context.active_object != take.armature:
            cls.poll_message_set("Go to Pose Mode, and pose what is wrong")
            return False
        return can_start(cls)

    def execute(self, context: bpy.types.Context) -> Result:
        from .pinning import pin_pose

        scene = context.scene
        assert scene
        try:
            joints = pin_pose(scene, figure_in_hand(context))
        except MocapError as error:
            self.report({"ERROR"}, str(error))
            return {"CANCELLED"}
        refresh_pin_markers(scene)
        redraw_panels(context)
        self.report({"INFO"}, f"Pinned {', '.join(joints)} at frame {scene.frame_current}.")
        return {"FINISHED"}


class INT_MOCAP_OT_solve_again(TaskOperator):
    """Solve the take again with what was corrected."""

    bl_idname = "int_mocap.solve_again"
    bl_label = "Solve Again"
    bl_description = (
        "Fit the motion once more, so that it keeps to what you corrected and to what was seen, "
        "and bake it. What you posed at this frame is pinned first. Blender stays usable meanwhile"
    )
    bl_options = {"REGISTER", "UNDO"}

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        return _wants_take(cls, context, baked=False) and can_start(cls)

    def steps(self, context: bpy.types.Context) -> Steps:
        from .pinning import moved_here, pin_pose
        from .solving import solve_steps

        scene, take = context.scene, figure_in_hand(context)
        assert scene
        if take.armature is not None and take.armature.name in scene.objects:
            posing = context.mode == "POSE" and context.active_object == take.armature
            fixed = is_open(scene) and settings_of(scene).fixing.armature == take.armature
            if fixed or (posing and moved_here(scene, take)):
                known = {(item.time, item.part) for item in take.corrections}
                pin_pose(scene, take)
                refresh_pin_markers(scene)
                new = [i.part for i in take.corrections if (i.time, i.part) not in known]
                if new:
                    joints = ", ".join(dict.fromkeys(map(words, new)))
                    self.report({"INFO"}, f"Pinned {joints}, which you had posed.")
        return solve_steps(scene.name, take.uid)


class _OfList(bpy.types.Operator):
    """Base of operators that need a correction."""

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        take = figure_in_hand(context)
        if take is None or not take.corrections:
            cls.poll_message_set("Nothing is corrected yet")
            return False
        return True


class INT_MOCAP_OT_show_correction(_OfList):
    """Go to a correction of the list."""

    bl_idname = "int_mocap.show_correction"
    bl_label = "Go to Correction"
    bl_description = "Go to its frame; in Pose Mode, select its bone"
    bl_options = {"REGISTER", "UNDO", "INTERNAL"}

    index: IntProperty(options={"SKIP_SAVE"})

    def execute(self, context: bpy.types.Context) -> Result:
        take = figure_in_hand(context)
        if not 0 <= self.index < len(take.corrections):
            self.report({"ERROR"}, "There is no such correction.")
            return {"CANCELLED"}
        _show(context, take, self.index)
        return {"FINISHED"}


class INT_MOCAP_OT_step_correction(_OfList):
    """Go to the correction before or after the current frame."""

    bl_idname = "int_mocap.step_correction"
    bl_label = "Next Correction"
    bl_options = {"REGISTER", "UNDO"}

    direction: EnumProperty(
        items=(("NEXT", "Next", ""), ("PREVIOUS", "Previous", "")), options={"SKIP_SAVE"}
    )

    @classmethod
    def description(cls, context: bpy.types.Context, properties: Any) -> str:
        which = "next" if properties.direction == "NEXT" else "previous"
        return f"Go to the {which} frame at which something is corrected"

    def execute(self, context: bpy.types.Context) -> Result:
        scene, take = context.scene, figure_in_hand(context)
        assert scene
        now = scene.frame_current
        frames = [frame_of(scene, take, item.time) for item in take.corrections]
        after = self.direction == "NEXT"
        beyond = [(f, n) for n, f in enumerate(frames) if (f > now if after else f < now)]
        if not beyond:
            where = "after" if after else "before"
            self.report({"INFO"}, f"Nothing is corrected {where} this frame.")
            return {"CANCELLED"}
        frame = (min if after else max)(frame for frame, _ in beyond)
        _show(context, take, next(n for f, n in beyond if f == frame))
        return {"FINISHED"}


class INT_MOCAP_OT_delete_correction(_OfList):
    """Delete the active correction."""

    bl_idname = "int_mocap.delete_correction"
    bl_label = "Delete Correction"
    bl_description = "Take back what is selected in the list; Solve Again solves without it"
    bl_options = {"REGISTER", "UNDO"}

    def execute(self, context: bpy.types.Context) -> Result:
        take, index = figure_in_hand(context), 0
        index = take.active_correction
        if not 0 <= index < len(take.corrections):
            self.report({"ERROR"}, "Select a correction in the list first.")
            return {"CANCELLED"}
        take.corrections.remove(index)
        take.active_correction = max(min(index, len(take.corrections) - 1), 0)
        assert context.scene
        refresh_pin_markers(context.scene)
        return {"FINISHED"}


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
        return _wants_take(cls, context, baked=False)

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
        if not _wants_take(cls, context, baked=False):
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
        return _wants_take(cls, context, baked=False)

    def execute(self, context: bpy.types.Context) -> Result:
        from .records import add_span, sort_corrections

        take = figure_in_hand(context)
        add_span(take, NOBODY, take.start, take.start + take.seconds)
        sort_corrections(take)
        self.report({"INFO"}, f"{take.name} is nobody, once it is solved again.")
        return {"FINISHED"}


def _show(context: bpy.types.Context, take: Any, index: int) -> None:
    """Go to the frame of a correction; in Pose Mode, select its bone."""
    scene = context.scene
    assert scene
    take.active_correction = index
    item = take.corrections[index]
    if item.kind != NOBODY:
        scene.frame_set(frame_of(scene, take, item.time))
    armature = take.armature
    if armature is None or armature.mode != "POSE" or item.kind not in (ROTATION, PLACE):
        return
    for bone in armature.pose.bones:
        # The selection moved from the bone to the pose bone in Blender 5.0.
        holder = bone if hasattr(bone, "select") else bone.bone
        holder.select = bone.name == item.part
    if item.part in armature.data.bones:
        armature.data.bones.active = armature.data.bones[item.part]


def told_of(item: Any) -> str:
    """Return a correction in a few words."""
    if item.part:
        return words(item.part)
    return {SIDES: "left and right", PERSON: "other person", NOBODY: "no person"}[item.kind]


CLASSES = (
    INT_MOCAP_OT_pin,
    INT_MOCAP_OT_solve_again,
    INT_MOCAP_OT_show_correction,
    INT_MOCAP_OT_step_correction,
    INT_MOCAP_OT_delete_correction,
    INT_MOCAP_OT_swap_sides,
    INT_MOCAP_OT_swap_people,
    INT_MOCAP_OT_not_a_person,
)

"""Buttons that go from one doubtful range to the next."""

from typing import Any

import bpy
from bpy.props import EnumProperty, IntProperty

from bake.motion.suspects import joints_of
from core_model.body.skeleton import JOINT_NAMES

from ..operators import Result
from ..scene.views import views_of
from ..selection import select_bones
from ..takes.listing import active_take
from .frames import first_and_last


class _OfDoubtfulTake(bpy.types.Operator):
    """Base of operators that need a take with doubtful ranges."""

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        take = active_take(context.scene)
        if take is None or not take.doubtful:
            cls.poll_message_set("The take has no doubtful range")
            return False
        return True


class INT_MOCAP_OT_step_doubtful(_OfDoubtfulTake):
    """Go to the range before or after the current frame."""

    bl_idname = "int_mocap.step_doubtful"
    bl_label = "Next Doubtful"
    bl_options = {"REGISTER", "UNDO"}

    direction: EnumProperty(
        items=(("NEXT", "Next", ""), ("PREVIOUS", "Previous", "")), options={"SKIP_SAVE"}
    )

    @classmethod
    def description(cls, context: bpy.types.Context, properties: Any) -> str:
        which = "next" if properties.direction == "NEXT" else "previous"
        return f"Go to the {which} range in which the capture was not sure, and select its bones"

    def execute(self, context: bpy.types.Context) -> Result:
        scene = context.scene
        assert scene
        take, now = active_take(scene), scene.frame_current
        starts = [first_and_last(scene, take, item)[0] for item in take.doubtful]
        if self.direction == "NEXT":
            found = next((n for n, frame in enumerate(starts) if frame > now), None)
        else:
            earlier = [n for n, frame in enumerate(starts) if frame < now]
            found = earlier[-1] if earlier else None
        if found is None:
            where = "after" if self.direction == "NEXT" else "before"
            self.report({"INFO"}, f"There is no doubtful range {where} this frame.")
            return {"CANCELLED"}
        take.active_doubtful = found
        _show(context, take, take.doubtful[found])
        return {"FINISHED"}


class INT_MOCAP_OT_show_doubtful(_OfDoubtfulTake):
    """Go to a range of the list."""

    bl_idname = "int_mocap.show_doubtful"
    bl_label = "Show"
    bl_description = "Go to where the range begins; in Pose Mode, select the bones of the part"
    bl_options = {"REGISTER", "UNDO"}

    index: IntProperty(options={"SKIP_SAVE"})

    def execute(self, context: bpy.types.Context) -> Result:
        take = active_take(context.scene)
        if not 0 <= self.index < len(take.doubtful):
            self.report({"ERROR"}, "There is no such range.")
            return {"CANCELLED"}
        take.active_doubtful = self.index
        _show(context, take, take.doubtful[self.index])
        return {"FINISHED"}


class INT_MOCAP_OT_worst_doubtful(_OfDoubtfulTake):
    """Go to the worst range that was not looked at yet."""

    bl_idname = "int_mocap.worst_doubtful"
    bl_label = "Worst Next"
    bl_description = "Go to the range that needs a look most, of those not ticked as seen"
    bl_options = {"REGISTER", "UNDO"}

    def execute(self, context: bpy.types.Context) -> Result:
        scene = context.scene
        assert scene
        take = active_take(scene)
        here = take.active_doubtful
        left = [n for n, item in enumerate(take.doubtful) if not item.seen]
        if not left:
            self.report({"INFO"}, "All ranges are ticked as seen.")
            return {"CANCELLED"}
        worst = sorted(left, key=lambda n: -take.doubtful[n].severity)
        # Pressed again without ticking anything, it goes on to the next worst.
        now = scene.frame_current
        again = here in worst and first_and_last(scene, take, take.doubtful[here])[0] == now
        place = (worst.index(here) + 1) % len(worst) if again else 0
        take.active_doubtful = worst[place]
        _show(context, take, take.doubtful[worst[place]])
        return {"FINISHED"}


class INT_MOCAP_OT_mend_doubtful(_OfDoubtfulTake):
    """Correct a range of the list in the way that fits its kind."""

    bl_idname = "int_mocap.mend_doubtful"
    bl_label = "Fill"
    bl_options = {"REGISTER", "UNDO"}

    @classmethod
    def description(cls, context: bpy.types.Context, properties: Any) -> str:
        del context, properties
        return (
            "Correct the selected range: its part is led from before to after, exchanged sides are "
            "put back, a track of nobody is dropped. Then press Solve Again"
        )

    def execute(self, context: bpy.types.Context) -> Result:
        from ..corrections.mending import mend

        take = active_take(context.scene)
        if not 0 <= take.active_doubtful < len(take.doubtful):
            self.report({"ERROR"}, "Select a range in the list first.")
            return {"CANCELLED"}
        item = take.doubtful[take.active_doubtful]
        told = mend(take, item, joints_of(item.name))
        item.seen = True
        self.report({"INFO"}, told)
        return {"FINISHED"}


def _show(context: bpy.types.Context, take: Any, item: Any) -> None:
    """Go to the first frame of a range; in Pose Mode, select the bones of the part."""
    assert context.scene
    context.scene.frame_set(first_and_last(context.scene, take, item)[0])
    _select(take, item)
    frame_views(context)


def _select(take: Any, item: Any) -> None:
    armature, joints = take.armature, joints_of(item.name)
    if armature is None or armature.mode != "POSE" or not joints:
        return
    select_bones(armature, joints, joints[-1] if len(joints) < len(JOINT_NAMES) else joints[0])


def frame_views(context: bpy.types.Context) -> None:
    """Bring what is selected into the 3D Views, apart from those that look through a camera."""
    if context.scene is None or bpy.app.background:
        return
    for view in views_of(context.scene):
        if view.space.region_3d.view_perspective == "CAMERA":
            continue
        with view.override():
            show: Any = bpy.ops.view3d.view_selected
            if show.poll():
                show()


CLASSES = (
    INT_MOCAP_OT_step_doubtful,
    INT_MOCAP_OT_show_doubtful,
    INT_MOCAP_OT_worst_doubtful,
    INT_MOCAP_OT_mend_doubtful,
)

"""Buttons of the panel Finish: each makes a new take or action; the old one stays."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import bpy
import numpy as np
from bpy.props import BoolProperty, EnumProperty, FloatProperty

from bake.motion.doubtful import PARTS

from .tool import FinishingTool, chosen, other_motions

if TYPE_CHECKING:
    from core_model.body.model import Body
    from core_model.take import Take

_LIMBS = [(part, part, "") for part in PARTS]
_LEGS = ("Left Leg", "Right Leg", "Torso")


class INT_MOCAP_OT_trim_take(FinishingTool):
    """Keep the preview range of a take."""

    bl_idname = "int_mocap.trim_take"
    bl_label = "Trim"
    bl_description = "Make a take of the frames in the preview range"
    suffix = "trimmed"
    for_any_rig = True

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        if context.scene is None or not context.scene.use_preview_range:
            cls.poll_message_set("Set a preview range on the timeline first (P)")
            return False
        return super().poll(context)

    def made(self, at: Callable[[float], float], take: "Take", body: "Body") -> "list[Take]":
        from bake.finishing.cuts import trimmed

        first, last = _preview()
        return [trimmed(take, at(first), at(last))]

    def made_for_any(self, figure: Any) -> list[bpy.types.Action]:
        from bake.actions.any_rig import trimmed_action

        return [trimmed_action(figure, f"{figure.name}_{self.suffix}", *_preview())]


class INT_MOCAP_OT_split_take(FinishingTool):
    """Make two takes of one, at the current frame."""

    bl_idname = "int_mocap.split_take"
    bl_label = "Split"
    bl_description = "Make two takes: up to the current frame, and from it on"
    suffix = "part"
    for_any_rig = True

    def made(self, at: Callable[[float], float], take: "Take", body: "Body") -> "list[Take]":
        from bake.finishing.cuts import split

        return list(split(take, at(_frame())))

    def made_for_any(self, figure: Any) -> list[bpy.types.Action]:
        from bake.actions.any_rig import split_action

        return split_action(figure, f"{figure.name}_{self.suffix}", _frame())


class INT_MOCAP_OT_mirror_take(FinishingTool):
    """Exchange left and right, as a mirror does."""

    bl_idname = "int_mocap.mirror_take"
    bl_label = "Mirror"
    bl_description = "Make a take in which left is right, as in a mirror"
    suffix = "mirrored"
    for_any_rig = True

    def made(self, at: Callable[[float], float], take: "Take", body: "Body") -> "list[Take]":
        from bake.finishing.places import mirrored

        return [mirrored(take, body)]

    def made_for_any(self, figure: Any) -> list[bpy.types.Action]:
        from bake.actions.mirror_rig import mirrored_action

        return [mirrored_action(figure, f"{figure.name}_{self.suffix}")]


class INT_MOCAP_OT_retime_take(FinishingTool):
    """Play a take at another speed."""

    bl_idname = "int_mocap.retime_take"
    bl_label = "Retime"
    bl_description = "Make a take that is played slower or faster, with as many frames per second"
    suffix = "retimed"
    keeps_time = False
    for_any_rig = True

    speed: FloatProperty(
        name="Speed", description="1 is as it is", default=0.5, min=0.01, soft_max=4.0
    )
    end_speed: FloatProperty(
        name="At the End", description="Speed at the end", default=0.5, min=0.01, soft_max=4.0
    )
    ramp: BoolProperty(name="Ramp", description="Go over from one speed to another")

    def made(self, at: Callable[[float], float], take: "Take", body: "Body") -> "list[Take]":
        from bake.finishing.motion import retimed

        length = max(float(take.times[-1] - take.times[0]), 1e-6)
        last = self.end_speed if self.ramp else self.speed
        speeds = [self.speed, last]
        return [retimed(take, lambda since: np.interp(since / length, [0, 1], speeds), body)]

    def made_for_any(self, figure: Any) -> list[bpy.types.Action]:
        from bake.actions.any_rig import retimed_action

        last = self.end_speed if self.ramp else None
        return [retimed_action(figure, f"{figure.name}_{self.suffix}", self.speed, last)]


class INT_MOCAP_OT_loop_take(FinishingTool):
    """Find a cycle and close it."""

    bl_idname = "int_mocap.loop_take"
    bl_label = "Loop"
    bl_description = "Find the cycle of a walk or run that comes back best, and close it"
    suffix = "loop"
    keeps_time = False

    def made(self, at: Callable[[float], float], take: "Take", body: "Body") -> "list[Take]":
        from bake.finishing.cuts import looped

        return [looped(take, body)]

    def holds_feet(self) -> bool:
        return True


class INT_MOCAP_OT_join_takes(FinishingTool):
    """Let a take go over into another."""

    bl_idname = "int_mocap.join_takes"
    bl_label = "Join"
    bl_description = "Make a take that goes over into another one, which goes on where it ends"
    suffix = "joined"
    keeps_time = False
    two = True

    other: EnumProperty(name="Other", items=other_motions)
    blend: FloatProperty(
        name="Blend", description="Seconds", default=0.4, min=0.05, soft_max=2.0, subtype="TIME"
    )

    def made(self, at: Callable[[float], float], take: "Take", body: "Body") -> "list[Take]":
        from bake.finishing.cuts import joined

        return [joined(take, chosen(self.other), body, self.blend)]

    def holds_feet(self) -> bool:
        return True


class INT_MOCAP_OT_place_take(FinishingTool):
    """Let a take begin at a place, facing somewhere, at a height."""

    bl_idname = "int_mocap.place_take"
    bl_label = "Set Heading and Origin"
    bl_description = "Make a take that begins at the origin facing the front, or as you say"
    suffix = "placed"

    heading: FloatProperty(name="Heading", description="0 faces the front (-Y)", subtype="ANGLE")
    x: FloatProperty(name="X", description="Where it begins", subtype="DISTANCE")
    y: FloatProperty(name="Y", description="Where it begins", subtype="DISTANCE")
    floor: FloatProperty(
        name="Floor", description="How much higher the floor is, for one", subtype="DISTANCE"
    )

    def made(self, at: Callable[[float], float], take: "Take", body: "Body") -> "list[Take]":
        from bake.finishing.places import moved, standing_at

        placed = standing_at(take, body, self.heading, (self.x, self.y))
        return [moved(placed, np.array([0.0, 0.0, self.floor]))]


class INT_MOCAP_OT_exaggerate_limb(FinishingTool):
    """Let a limb move more or less."""

    bl_idname = "int_mocap.exaggerate_limb"
    bl_label = "Exaggerate or Calm"
    bl_description = "Make a take in which a part of the body moves more, or less, than it did"
    suffix = "changed"

    limb: EnumProperty(name="Limb", items=_LIMBS, default="Left Arm")
    amount: FloatProperty(
        name="Amount",
        description="1 is as it is, less is calmer",
        default=1.3,
        min=0.0,
        max=3.0,
    )

    def made(self, at: Callable[[float], float], take: "Take", body: "Body") -> "list[Take]":
        from bake.finishing.motion import exaggerated

        return [exaggerated(take, PARTS[self.limb], self.amount)]

    def holds_feet(self) -> bool:
        return self.limb in _LEGS


class INT_MOCAP_OT_copy_limb(FinishingTool):
    """Let a limb move as in another take."""

    bl_idname = "int_mocap.copy_limb"
    bl_label = "Copy Limb"
    bl_description = "Make a take in which a part of the body moves as in another take"
    suffix = "changed"
    two = True

    other: EnumProperty(name="From", items=other_motions)
    limb: EnumProperty(name="Limb", items=_LIMBS, default="Left Arm")

    def made(self, at: Callable[[float], float], take: "Take", body: "Body") -> "list[Take]":
        from bake.finishing.motion import with_limb_of

        return [with_limb_of(take, chosen(self.other), PARTS[self.limb])]

    def holds_feet(self) -> bool:
        return self.limb in _LEGS


def _preview() -> tuple[int, int]:
    scene: Any = bpy.context.scene
    return scene.frame_preview_start, scene.frame_preview_end


def _frame() -> int:
    scene: Any = bpy.context.scene
    return int(scene.frame_current)


CLASSES = (
    INT_MOCAP_OT_trim_take,
    INT_MOCAP_OT_split_take,
    INT_MOCAP_OT_mirror_take,
    INT_MOCAP_OT_retime_take,
    INT_MOCAP_OT_loop_take,
    INT_MOCAP_OT_join_takes,
    INT_MOCAP_OT_place_take,
    INT_MOCAP_OT_exaggerate_limb,
    INT_MOCAP_OT_copy_limb,
)

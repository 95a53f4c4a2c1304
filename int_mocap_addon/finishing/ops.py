"""Buttons of the panel Finish: each writes a new take and lists it; the old one stays."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import bpy
import numpy as np
from bpy.props import BoolProperty, EnumProperty, FloatProperty

from bake.motion.doubtful import PARTS
from core_model.errors import MocapError

from ..corrections.frames import time_of
from ..operators import Result, can_start, redraw_panels
from ..settings import settings_of
from ..storage import new_takes_folder, remove_capture_folder
from ..takes.edits import found_edits
from ..takes.listing import active_take, add_take, find_take, read_facts, take_file

if TYPE_CHECKING:
    from core_model.body.model import Body
    from core_model.take import Take

_LEFT_OUT = (
    "what you edited by hand stays with the old action. Bake the new take, then copy the layer of "
    "edits in the NLA, or pin what you posed and solve before."
)
_LIMBS = [(part, part, "") for part in PARTS]
_others: list[tuple[str, str, str]] = []


def _other_takes(operator: Any, context: bpy.types.Context | None) -> Any:
    """Return the other takes of the list as choices of an operator; Blender needs them kept."""
    global _others
    scene = context.scene if context else None
    active = active_take(scene) if scene else None
    takes = settings_of(scene).takes if scene else ()
    _others = [(each.uid, each.name, "") for each in takes if active and each.uid != active.uid]
    return _others


class _TakeTool(bpy.types.Operator):
    """Base of operators that make takes of the active one."""

    bl_options = {"REGISTER", "UNDO"}
    suffix = ""
    _two = False

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        if active_take(context.scene) is None:
            cls.poll_message_set("There is no take yet: capture a clip or load one")
            return False
        if cls._two and not _other_takes(None, context):
            cls.poll_message_set("There is no other take in the list")
            return False
        return can_start(cls)

    def made(self, scene: bpy.types.Scene, item: Any, take: "Take", body: "Body") -> "list[Take]":
        """Return the new takes; subclasses tell what they are."""
        raise NotImplementedError

    def execute(self, context: bpy.types.Context) -> Result:
        scene: Any = context.scene
        item = active_take(scene)
        try:
            take, body = _read(item)
            new = self.made(scene, item, take, body)
            paths = _written(f"{item.name}_{self.suffix}", new)
            facts = [read_facts(path) for path in paths]
        except MocapError as error:
            self.report({"ERROR"}, str(error))
            return {"CANCELLED"}
        # Adding to the list moves what is in it: the item is not read any more after that.
        body_file, by_hand = item.body_file, found_edits(scene, [item])
        for each in facts:
            add_take(scene, each, body_file)
            active_take(scene).name = f"{each.path.parent.name}"
        names = ", ".join(each.path.parent.name for each in facts)
        redraw_panels(context)
        if by_hand:
            self.report({"WARNING"}, f"Made {names} of the take alone: {_LEFT_OUT}")
        else:
            self.report({"INFO"}, f"Made {names}: bake it to see it.")
        return {"FINISHED"}


def _read(item: Any) -> "tuple[Take, Body]":
    from core_model.body.model import default_body, load_body
    from core_model.take import Take
    from core_model.take.upright import upright

    take, _ = upright(Take.load(take_file(item)), item.up)
    file = bpy.path.abspath(item.body_file)
    return take, load_body(Path(file)) if file else default_body()


def _written(name: str, takes: "list[Take]") -> list[Path]:
    """Write takes into folders of their own, all or none."""
    paths: list[Path] = []
    for take in takes:
        paths.append(new_takes_folder(name) / "person_01.npz")
        try:
            take.save(paths[-1])
        except MocapError:
            for each in paths:
                remove_capture_folder(each.parent, [])
            raise
    return paths


class INT_MOCAP_OT_trim_take(_TakeTool):
    """Keep the preview range of a take."""

    bl_idname = "int_mocap.trim_take"
    bl_label = "Trim"
    bl_description = "Make a take of the frames in the preview range"
    suffix = "trimmed"

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        if context.scene is None or not context.scene.use_preview_range:
            cls.poll_message_set("Set a preview range on the timeline first (P)")
            return False
        return super().poll(context)

    def made(self, scene: bpy.types.Scene, item: Any, take: "Take", body: "Body") -> "list[Take]":
        from bake.finishing.cuts import trimmed

        start, end = scene.frame_preview_start, scene.frame_preview_end
        return [trimmed(take, time_of(scene, item, start), time_of(scene, item, end))]


class INT_MOCAP_OT_split_take(_TakeTool):
    """Make two takes of one, at the current frame."""

    bl_idname = "int_mocap.split_take"
    bl_label = "Split"
    bl_description = "Make two takes: up to the current frame, and from it on"
    suffix = "part"

    def made(self, scene: bpy.types.Scene, item: Any, take: "Take", body: "Body") -> "list[Take]":
        from bake.finishing.cuts import split

        return list(split(take, time_of(scene, item, scene.frame_current)))


class INT_MOCAP_OT_mirror_take(_TakeTool):
    """Exchange left and right, as a mirror does."""

    bl_idname = "int_mocap.mirror_take"
    bl_label = "Mirror"
    bl_description = "Make a take in which left is right, as in a mirror"
    suffix = "mirrored"

    def made(self, scene: bpy.types.Scene, item: Any, take: "Take", body: "Body") -> "list[Take]":
        from bake.finishing.places import mirrored

        return [mirrored(take, body)]


class INT_MOCAP_OT_retime_take(_TakeTool):
    """Play a take at another speed."""

    bl_idname = "int_mocap.retime_take"
    bl_label = "Retime"
    bl_description = "Make a take that is played slower or faster, with as many frames per second"
    suffix = "retimed"

    speed: FloatProperty(
        name="Speed", description="1 is as it is", default=0.5, min=0.01, soft_max=4.0
    )
    end_speed: FloatProperty(
        name="At the End", description="Speed at the end", default=0.5, min=0.01, soft_max=4.0
    )
    ramp: BoolProperty(name="Ramp", description="Go over from one speed to another")

    def made(self, scene: bpy.types.Scene, item: Any, take: "Take", body: "Body") -> "list[Take]":
        from bake.finishing.motion import retimed

        length = max(float(take.times[-1] - take.times[0]), 1e-6)
        last = self.end_speed if self.ramp else self.speed
        return [retimed(take, lambda since: np.interp(since / length, [0, 1], [self.speed, last]))]


class INT_MOCAP_OT_loop_take(_TakeTool):
    """Find a cycle and close it."""

    bl_idname = "int_mocap.loop_take"
    bl_label = "Loop"
    bl_description = "Find the cycle of a walk or run that comes back best, and close it"
    suffix = "loop"

    def made(self, scene: bpy.types.Scene, item: Any, take: "Take", body: "Body") -> "list[Take]":
        from bake.finishing.cuts import looped

        return [looped(take, body)]


class INT_MOCAP_OT_join_takes(_TakeTool):
    """Let a take go over into another."""

    bl_idname = "int_mocap.join_takes"
    bl_label = "Join"
    bl_description = "Make a take that goes over into another one, which goes on where it ends"
    suffix = "joined"
    _two = True

    other: EnumProperty(name="Other", items=_other_takes)
    blend: FloatProperty(
        name="Blend", description="Seconds", default=0.4, min=0.05, soft_max=2.0, subtype="TIME"
    )

    def made(self, scene: bpy.types.Scene, item: Any, take: "Take", body: "Body") -> "list[Take]":
        from bake.finishing.cuts import joined

        other, _ = _read(find_take(scene, self.other))
        return [joined(take, other, body, self.blend)]


class INT_MOCAP_OT_place_take(_TakeTool):
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

    def made(self, scene: bpy.types.Scene, item: Any, take: "Take", body: "Body") -> "list[Take]":
        from bake.finishing.places import moved, standing_at

        placed = standing_at(take, body, self.heading, (self.x, self.y))
        return [moved(placed, np.array([0.0, 0.0, self.floor]))]


class INT_MOCAP_OT_exaggerate_limb(_TakeTool):
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

    def made(self, scene: bpy.types.Scene, item: Any, take: "Take", body: "Body") -> "list[Take]":
        from bake.finishing.motion import exaggerated

        return [exaggerated(take, PARTS[self.limb], self.amount)]


class INT_MOCAP_OT_copy_limb(_TakeTool):
    """Let a limb move as in another take."""

    bl_idname = "int_mocap.copy_limb"
    bl_label = "Copy Limb"
    bl_description = "Make a take in which a part of the body moves as in another take"
    suffix = "changed"
    _two = True

    other: EnumProperty(name="From", items=_other_takes)
    limb: EnumProperty(name="Limb", items=_LIMBS, default="Left Arm")

    def made(self, scene: bpy.types.Scene, item: Any, take: "Take", body: "Body") -> "list[Take]":
        from bake.finishing.motion import with_limb_of

        other, _ = _read(find_take(scene, self.other))
        return [with_limb_of(take, other, PARTS[self.limb])]


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

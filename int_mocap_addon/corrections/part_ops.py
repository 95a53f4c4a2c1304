"""The button Bake Part."""

from typing import Any

import bpy

from ..fixing.ops import figure_in_hand
from ..operators import TaskOperator, can_start
from ..scenes import SceneOfTask
from ..settings import settings_of
from ..tasks import Steps
from .ops import wants_take
from .part import part_steps, parts_of


class INT_MOCAP_OT_bake_part(TaskOperator):
    """Give some limbs new keys in some frames."""

    bl_idname = "int_mocap.bake_part"
    bl_label = "Bake Part"
    bl_description = (
        "Bake the chosen limbs anew in the chosen frames, joined to what is there without a jump. "
        "All other keys stay as they are"
    )
    bl_options = {"REGISTER", "UNDO"}

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        if not wants_take(cls, context, baked=True):
            return False
        scene: Any = context.scene
        settings = settings_of(scene).corrections
        if settings.part_range == "PREVIEW" and not scene.use_preview_range:
            cls.poll_message_set("Set a preview range on the timeline first (P)")
            return False
        return can_start(cls)

    def steps(self, context: bpy.types.Context) -> Steps:
        scene, take = context.scene, figure_in_hand(context)
        assert scene
        return part_steps(SceneOfTask(scene.name), take.uid, parts_of(scene, take))


CLASSES = (INT_MOCAP_OT_bake_part,)

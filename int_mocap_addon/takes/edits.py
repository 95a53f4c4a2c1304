"""What the user did by hand to a figure, in words, and the question what is to become of it."""

from typing import Any

import bpy
from bpy.props import BoolProperty, EnumProperty

from ..operators import Result
from ..settings import settings_of
from ..wording import counted
from .listing import active_take

_WIDTH = 460  # of the dialog, in pixels at a scale of 1
_NAMED = 4  # bones of a figure; more are counted
_LINES = 12  # in the dialog

CHOICES = (
    (
        "KEEP",
        "Keep My Edits",
        "Bake anew, and put what was edited over it as a layer of its own (NLA, Combine)",
    ),
    (
        "BESIDE",
        "Bake Beside",
        "Bake into a new action; the edited one stays in the file under another name",
    ),
    ("REPLACE", "Replace", "Bake over what was edited"),
)


def chosen_takes(scene: bpy.types.Scene, all_takes: bool) -> list[Any]:
    """Return the takes that a button is about: the active one, or all of the list."""
    return list(settings_of(scene).takes) if all_takes else [active_take(scene)]


def found_edits(scene: bpy.types.Scene, takes: list[Any]) -> list[str]:
    """Tell what baking again would go over, one sentence each; empty if nothing is at stake."""
    from bake.scene.removing import in_scene

    return [
        sentence
        for take in takes
        if in_scene(take.armature, scene)
        for sentence in _about(take.name, take.armature)
    ]


def _about(name: str, armature: Any) -> list[str]:
    from bake.scene.animation.action import is_ours
    from bake.scene.by_hand.edits import edits_of, source_of

    place = source_of(armature)
    if place is None:
        return []
    found = []
    if not is_ours(place.action):
        found.append(f"{name}: the action {place.action.name} is yours, renamed or copied")
    edits = edits_of(armature, place)
    for edit in edits[:_NAMED]:
        keys = counted(edit.keys, "edited key", "edited keys") if edit.keys else "edited curves"
        found.append(f"{name}: {edit.bone} has {keys}")
    if len(edits) > _NAMED:
        more = counted(len(edits) - _NAMED, "more bone was", "more bones were")
        found.append(f"{name}: {more} edited")
    return found


class INT_MOCAP_OT_ask_about_edits(bpy.types.Operator):
    """Ask what is to become of what was edited by hand, then bake."""

    bl_idname = "int_mocap.ask_about_edits"
    bl_label = "Edited by Hand"
    bl_description = "Bake takes that were edited by hand, as it is chosen here"
    bl_options = {"INTERNAL"}

    all_takes: BoolProperty(options={"SKIP_SAVE"})
    choice: EnumProperty(name="Edits", items=CHOICES, default="KEEP", options={"SKIP_SAVE"})

    def invoke(self, context: bpy.types.Context, event: bpy.types.Event) -> Result:
        manager: Any = context.window_manager
        assert context.scene
        self._found = found_edits(context.scene, chosen_takes(context.scene, self.all_takes))
        result: Result = manager.invoke_props_dialog(self, width=_WIDTH, confirm_text="Bake")
        return result

    def draw(self, context: bpy.types.Context) -> None:
        layout: Any = self.layout
        told = layout.column(align=True)
        for number, sentence in enumerate(self._found[:_LINES]):
            told.label(text=sentence, icon="BLANK1" if number else "INFO")
        if len(self._found) > _LINES:
            told.label(text=f"and {len(self._found) - _LINES} more", icon="BLANK1")
        layout.separator()
        choices = layout.column(align=True)
        choices.prop(self, "choice", expand=True)
        told = layout.column()
        told.active = False
        told.label(text=next(text for key, _, text in CHOICES if key == self.choice))

    def execute(self, context: bpy.types.Context) -> Result:
        # A dialog calls this when it is confirmed; Blender is to stay awake then, too.
        mode = "EXEC_DEFAULT" if bpy.app.background else "INVOKE_DEFAULT"
        bake: Any = bpy.ops.int_mocap.bake  # type: ignore[attr-defined]
        bake(mode, all_takes=self.all_takes, edits=self.choice)
        return {"FINISHED"}


CLASSES = (INT_MOCAP_OT_ask_about_edits,)

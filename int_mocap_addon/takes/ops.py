"""Buttons of the panel Takes."""

import json
from pathlib import Path
from typing import Any

import bpy
from bpy.props import (
    BoolProperty,
    CollectionProperty,
    EnumProperty,
    FloatProperty,
    StringProperty,
)

from core_model.errors import MocapError
from core_model.results.suffixes import SUFFIXES

from ..fixing.session import is_open
from ..operators import Result, TaskOperator, can_start
from ..settings import settings_of
from ..tasks import Steps
from .baking import bake_steps
from .edits import CHOICES, chosen_takes, found_edits
from .listing import active_take, add_take, read_facts
from .results import are_results, load_steps


class INT_MOCAP_OT_bake(TaskOperator):
    """Turn takes into animation."""

    bl_idname = "int_mocap.bake"
    bl_label = "Bake"
    bl_description = (
        "Turn the take into an armature with keyframes, or give the one it became new "
        "keyframes with the settings of Clean-up and Scene"
    )
    bl_options = {"REGISTER", "UNDO"}

    all_takes: BoolProperty(name="All Takes", description="Bake every take of the list")
    edits: EnumProperty(
        name="Edits",
        description="What to do with what was edited by hand since it was baked",
        items=(("ASK", "Ask", "Ask where something was; a script keeps it"), *CHOICES),
        default="ASK",
        options={"SKIP_SAVE"},
    )

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        if active_take(context.scene) is None:
            cls.poll_message_set("There is no take yet: capture a clip or load one")
            return False
        if is_open(context.scene):
            cls.poll_message_set("Apply or discard the fix of the pose that is open first")
            return False
        return can_start(cls)

    def invoke(self, context: bpy.types.Context, event: bpy.types.Event) -> Result:
        assert context.scene
        takes = chosen_takes(context.scene, self.all_takes)
        if self.edits == "ASK" and found_edits(context.scene, takes):
            ask: Any = bpy.ops.int_mocap.ask_about_edits  # type: ignore[attr-defined]
            ask("INVOKE_DEFAULT", all_takes=self.all_takes)
            return {"CANCELLED"}
        return super().invoke(context, event)

    def steps(self, context: bpy.types.Context) -> Steps:
        assert context.scene
        takes = chosen_takes(context.scene, self.all_takes)
        edits = "KEEP" if self.edits == "ASK" else self.edits
        return bake_steps(context.scene.name, [take.uid for take in takes], edits)


class INT_MOCAP_OT_load_takes(bpy.types.Operator):
    """Add files to the list."""

    bl_idname = "int_mocap.load_takes"
    bl_label = "Load Takes"
    bl_description = (
        "Add takes from disk to the list: captures, any AMASS .npz, or results of GVHMR, WHAM, "
        "VIBE, PARE, 4D-Humans, TRAM, PromptHMR, SLAHMR, HybrIK, ROMP and others"
    )
    bl_options = {"REGISTER", "UNDO"}

    filepath: StringProperty(subtype="FILE_PATH", options={"SKIP_SAVE"})
    filter_glob: StringProperty(
        default=";".join(f"*{suffix}" for suffix in SUFFIXES), options={"HIDDEN"}
    )
    clip_rate: FloatProperty(
        name="Frame Rate",
        description="Frames per second of the video behind results that do not say it, such as "
        "those of GVHMR, WHAM and 4D-Humans. 0 if you do not know: 30",
        default=0.0,
        min=0.0,
        max=1000.0,
        precision=3,
    )
    files: CollectionProperty(
        type=bpy.types.OperatorFileListElement, options={"HIDDEN", "SKIP_SAVE"}
    )
    directory: StringProperty(subtype="DIR_PATH", options={"HIDDEN", "SKIP_SAVE"})

    def invoke(self, context: bpy.types.Context, event: bpy.types.Event) -> Result:
        # Dropped files come with their names; the button asks for them.
        if self.files and self.directory:
            return self.execute(context)
        assert context.window_manager
        context.window_manager.fileselect_add(self)
        return {"RUNNING_MODAL"}

    def execute(self, context: bpy.types.Context) -> Result:
        named = [Path(self.directory, each.name) for each in self.files if each.name]
        given = named or [Path(self.filepath)]
        from core_model.take.folder import find_take_files

        try:
            if are_results(given):
                return self._load_results(given)
            files, warnings = find_take_files(given)
            facts = [read_facts(path.resolve()) for path in files]
        except MocapError as error:
            self.report({"ERROR"}, str(error))
            return {"CANCELLED"}
        assert context.scene
        for warning in (*warnings, *filter(None, (each.remark for each in facts))):
            self.report({"WARNING"}, warning)
        uids = [add_take(context.scene, each) for each in facts]
        from ..corrections.keeping import read_beside

        for warning in read_beside(context.scene, uids):
            self.report({"WARNING"}, warning)
        self.report({"INFO"}, f"Loaded {', '.join(each.name for each in facts)}.")
        return {"FINISHED"}

    def _load_results(self, given: list[Path]) -> Result:
        """Leave large files to a task, which Blender need not wait for."""
        load: Any = bpy.ops.int_mocap.load_results  # type: ignore[attr-defined]
        paths = json.dumps([str(path) for path in given])
        how = "EXEC_DEFAULT" if bpy.app.background else "INVOKE_DEFAULT"
        ended: Result = load(how, paths=paths, clip_rate=self.clip_rate)
        # While the task goes on, there is nothing yet that could be done again with another rate.
        return {"FINISHED"} if ended == {"FINISHED"} else {"CANCELLED"}


class INT_MOCAP_OT_load_results(TaskOperator):
    """Add results of other systems to the list."""

    bl_idname = "int_mocap.load_results"
    bl_label = "Load Results"
    bl_description = "Read results of other systems, write a take for everybody, and list those"
    bl_options = {"INTERNAL", "UNDO"}

    paths: StringProperty(options={"HIDDEN", "SKIP_SAVE"})
    clip_rate: FloatProperty(options={"HIDDEN", "SKIP_SAVE"})

    def steps(self, context: bpy.types.Context) -> Steps:
        assert context.scene
        given = [Path(path) for path in json.loads(self.paths or "[]")]
        return load_steps(context.scene.name, given, self.clip_rate or None)


class _OfActiveTake(bpy.types.Operator):
    """Base of operators that need a take."""

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        if active_take(context.scene) is None:
            cls.poll_message_set("There is no take in the list")
            return False
        return True


class INT_MOCAP_OT_remove_take(_OfActiveTake):
    """Take a take off the list."""

    bl_idname = "int_mocap.remove_take"
    bl_label = "Remove Take"
    bl_description = (
        "Take the take off the list. Its file stays on disk, and what it became stays in the scene"
    )
    bl_options = {"REGISTER", "UNDO"}

    def execute(self, context: bpy.types.Context) -> Result:
        settings = settings_of(context.scene)
        name = active_take(context.scene).name
        settings.takes.remove(settings.active_take)
        settings.active_take = max(min(settings.active_take, len(settings.takes) - 1), 0)
        self.report({"INFO"}, f"Removed {name} from the list.")
        return {"FINISHED"}


class INT_MOCAP_OT_reveal_take(_OfActiveTake):
    """Show where a take is kept."""

    bl_idname = "int_mocap.reveal_take"
    bl_label = "Reveal Folder"
    bl_description = "Open the folder with the take's file"

    def execute(self, context: bpy.types.Context) -> Result:
        folder = Path(bpy.path.abspath(active_take(context.scene).path)).parent
        if not folder.is_dir():
            self.report({"ERROR"}, f"The folder {folder} is not there any more.")
            return {"CANCELLED"}
        bpy.ops.wm.path_open(filepath=str(folder))
        return {"FINISHED"}


class INT_MOCAP_OT_open_far_clip(_OfActiveTake):
    """Agree to the clip of a take being opened from another computer."""

    bl_idname = "int_mocap.open_far_clip"
    bl_label = "Open Clip There"
    bl_description = (
        "The take names a clip on another computer. Windows greets such a computer with your name "
        "and a proof of your password, so the clip is shown and heard only once you agree"
    )
    bl_options = {"REGISTER", "UNDO"}

    def invoke(self, context: bpy.types.Context, event: bpy.types.Event) -> Result:
        assert context.window_manager
        return context.window_manager.invoke_confirm(self, event)

    def execute(self, context: bpy.types.Context) -> Result:
        computer = active_take(context.scene).asked_first
        for item in settings_of(context.scene).takes:
            if item.asked_first == computer:
                item.asked_first = ""
        self.report({"INFO"}, f"Clips on {computer} are opened: bake again to see this one.")
        return {"FINISHED"}


class INT_MOCAP_OT_select_take(_OfActiveTake):
    """Select what a take became."""

    bl_idname = "int_mocap.select_take"
    bl_label = "Select Armature"
    bl_description = "Select the armature that the take became, and make it active"
    bl_options = {"REGISTER", "UNDO"}

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        take: Any = active_take(context.scene)
        if take is None or take.armature is None:
            cls.poll_message_set("The take is not baked yet")
            return False
        if context.mode != "OBJECT":
            cls.poll_message_set("Go to Object Mode first")
            return False
        return True

    def execute(self, context: bpy.types.Context) -> Result:
        armature = active_take(context.scene).armature
        layer = context.view_layer
        assert layer
        if armature.name not in layer.objects:
            self.report({"ERROR"}, f"{armature.name} is not in this view layer.")
            return {"CANCELLED"}
        for other in context.selected_objects:
            other.select_set(False)
        armature.select_set(True)
        layer.objects.active = armature
        return {"FINISHED"}


CLASSES = (
    INT_MOCAP_OT_bake,
    INT_MOCAP_OT_load_takes,
    INT_MOCAP_OT_load_results,
    INT_MOCAP_OT_remove_take,
    INT_MOCAP_OT_open_far_clip,
    INT_MOCAP_OT_reveal_take,
    INT_MOCAP_OT_select_take,
)

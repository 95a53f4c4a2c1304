"""Buttons of the bone map in the panel Retarget."""

from pathlib import Path
from typing import Any

import bpy
from bpy.props import EnumProperty, IntProperty, StringProperty

from core_model.errors import MocapError

from ..operators import Result
from ..settings import settings_of
from .maps import add_bone, find_map, has_map, map_settings, read_map, show_map


def listed_armature(context: bpy.types.Context) -> Any:
    """Return the armature whose map is shown, None if none is chosen."""
    settings = settings_of(context.scene).retarget
    from_armature = settings.source == "ARMATURE" and settings.listed == "SOURCE"
    return settings.armature if from_armature else settings.target


class _OfMap(bpy.types.Operator):
    """Base of operators on the map that is shown."""

    bl_options = {"REGISTER", "UNDO"}
    _needs_map = True

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        armature = listed_armature(context)
        if armature is None:
            cls.poll_message_set("Choose an armature first")
            return False
        if armature.library is not None:
            cls.poll_message_set(f"{armature.name} is linked: make a library override of it first")
            return False
        if cls._needs_map and not has_map(armature):
            cls.poll_message_set("There is no bone map yet: press Detect, or choose one")
            return False
        return True

    def execute(self, context: bpy.types.Context) -> Result:
        try:
            told = self.work(context, listed_armature(context))
        except MocapError as error:
            self.report({"ERROR"}, str(error))
            return {"CANCELLED"}
        if told:
            self.report({"INFO"}, told)
        return {"FINISHED"}

    def work(self, context: bpy.types.Context, armature: Any) -> str:
        """Do what the button is for; return what the user should know of it."""
        raise NotImplementedError


class INT_MOCAP_OT_detect_bones(_OfMap):
    """Find out which bone is which."""

    bl_idname = "int_mocap.detect_bones"
    bl_label = "Detect"
    bl_description = "Find out from names, hierarchy and proportions which bone is which joint"
    _needs_map = False

    def work(self, context: bpy.types.Context, armature: Any) -> str:
        for sentence in find_map(armature):
            self.report({"WARNING"}, sentence)
        return f"{armature.name}: {map_settings(armature).name}."


def _presets(_: Any, context: bpy.types.Context | None) -> list[tuple[str, str, str]]:
    from bake.retarget.maps.known_maps import load_preset, preset_names

    # Blender does not keep these texts alive by itself.
    global _items
    _items = [(name, load_preset(name).name, "") for name in preset_names()]
    return _items


_items: list[tuple[str, str, str]] = []


class INT_MOCAP_OT_use_preset(_OfMap):
    """Take a map that comes with the add-on."""

    bl_idname = "int_mocap.use_preset"
    bl_label = "Use Preset"
    bl_description = "Take the bone map of a family of rigs, as far as this rig has its bones"
    bl_property = "preset"
    _needs_map = False

    preset: EnumProperty(name="Preset", items=_presets)

    def work(self, context: bpy.types.Context, armature: Any) -> str:
        from bake.retarget.maps.known_maps import load_preset

        _show_fitted(armature, load_preset(self.preset))
        return ""


class INT_MOCAP_OT_load_map(_OfMap):
    """Read a map from disk."""

    bl_idname = "int_mocap.load_map"
    bl_label = "Load Bone Map"
    bl_description = "Read a bone map from a file, as far as this rig has its bones"
    _needs_map = False

    filepath: StringProperty(subtype="FILE_PATH", options={"SKIP_SAVE"})
    filter_glob: StringProperty(default="*.json", options={"HIDDEN"})

    def invoke(self, context: bpy.types.Context, event: bpy.types.Event) -> Result:
        assert context.window_manager
        context.window_manager.fileselect_add(self)
        return {"RUNNING_MODAL"}

    def work(self, context: bpy.types.Context, armature: Any) -> str:
        from bake.retarget.maps.map_file import read_map as map_from_file

        path = Path(bpy.path.abspath(self.filepath))
        _show_fitted(armature, map_from_file(path))
        return f"Loaded {path.name}."


class INT_MOCAP_OT_save_map(_OfMap):
    """Write a map to disk."""

    bl_idname = "int_mocap.save_map"
    bl_label = "Save Bone Map"
    bl_description = "Write the bone map to a file, for other scenes and people"

    filepath: StringProperty(subtype="FILE_PATH", options={"SKIP_SAVE"})
    filter_glob: StringProperty(default="*.json", options={"HIDDEN"})
    check_existing: bpy.props.BoolProperty(default=True, options={"HIDDEN"})

    def invoke(self, context: bpy.types.Context, event: bpy.types.Event) -> Result:
        assert context.window_manager
        if not self.filepath:
            self.filepath = f"{bpy.path.clean_name(listed_armature(context).name)}.json"
        context.window_manager.fileselect_add(self)
        return {"RUNNING_MODAL"}

    def work(self, context: bpy.types.Context, armature: Any) -> str:
        from bake.retarget.maps.map_file import write_map

        path = Path(bpy.path.abspath(self.filepath)).with_suffix(".json")
        write_map(read_map(armature), path)
        return f"Saved {path}."


class INT_MOCAP_OT_add_mapped_bone(_OfMap):
    """Let another bone follow a joint."""

    bl_idname = "int_mocap.add_mapped_bone"
    bl_label = "Add Bone"
    bl_description = "Let another bone follow the joint: spines share its turn, limbs its twist"

    def work(self, context: bpy.types.Context, armature: Any) -> str:
        add_bone(_active_joint(armature))
        return ""


class INT_MOCAP_OT_remove_mapped_bone(_OfMap):
    """Let a bone not follow a joint any more."""

    bl_idname = "int_mocap.remove_mapped_bone"
    bl_label = "Remove Bone"
    bl_description = "Let this bone not follow the joint"

    index: IntProperty()

    def work(self, context: bpy.types.Context, armature: Any) -> str:
        joint = _active_joint(armature)
        if len(joint.bones) > 1:
            joint.bones.remove(self.index)
        else:
            joint.bones[0].name = ""
        return ""


class INT_MOCAP_OT_pick_bone(_OfMap):
    """Take the active bone."""

    bl_idname = "int_mocap.pick_bone"
    bl_label = "Use Active Bone"
    bl_description = "Let the active bone of the armature follow the joint"

    index: IntProperty()

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        if not super().poll(context):
            return False
        if listed_armature(context).data.bones.active is None:
            cls.poll_message_set("No bone of the armature is active: click one in Pose Mode")
            return False
        return True

    def work(self, context: bpy.types.Context, armature: Any) -> str:
        _active_joint(armature).bones[self.index].name = armature.data.bones.active.name
        return ""


def _active_joint(armature: Any) -> Any:
    shown = map_settings(armature)
    return shown.joints[min(shown.active_joint, len(shown.joints) - 1)]


def _show_fitted(armature: Any, bone_map: Any) -> None:
    from bake.retarget.in_blender.rigs import read_rig
    from bake.retarget.maps.checks import fitted_map

    show_map(armature, fitted_map(bone_map, read_rig(armature)))


CLASSES = (
    INT_MOCAP_OT_detect_bones,
    INT_MOCAP_OT_use_preset,
    INT_MOCAP_OT_load_map,
    INT_MOCAP_OT_save_map,
    INT_MOCAP_OT_add_mapped_bone,
    INT_MOCAP_OT_remove_mapped_bone,
    INT_MOCAP_OT_pick_bone,
)

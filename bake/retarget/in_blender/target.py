"""The rig that motions are put on: read once, and found again at every step."""

from dataclasses import dataclass, replace
from typing import Any

import bpy

from bake.retarget.in_blender.evaluation import in_metres
from bake.retarget.in_blender.rigs import read_rig
from bake.retarget.maps.bone_map import BoneMap
from bake.retarget.maps.checks import check_fits
from bake.retarget.rig import Rig
from bake.retarget.settings import RetargetSettings
from bake.retarget.solving.controls import needed_settings
from bake.scene.units import units_per_metre
from core_model.errors import OutputError, RigError


@dataclass(frozen=True)
class Target:
    """A rig that motions are to be put on.

    Parameters
    ----------
    name : str
        Of the object.
    uid, scene : int
        By which object and scene are found again, whatever they are called then.
    rig : Rig
        Its `to_world` in metres.
    bone_map : BoneMap
    settings : RetargetSettings
        As far as the rig allows.
    units : float
        Of the scene, per metre.
    told : tuple of str
        What the user should know, one sentence each.
    """

    name: str
    uid: int
    scene: int
    rig: Rig
    bone_map: BoneMap
    settings: RetargetSettings
    units: float
    told: tuple[str, ...] = ()


def read_target(
    scene: bpy.types.Scene,
    target: bpy.types.Object | None,
    bone_map: BoneMap,
    settings: RetargetSettings,
    motions: int = 1,
) -> Target:
    """Read a rig, and make sure that motions can be put on it.

    Parameters
    ----------
    scene : bpy.types.Scene
    target : bpy.types.Object or None
    bone_map : BoneMap
    settings : RetargetSettings
    motions : int
        How many there are.

    Raises
    ------
    RigError, OutputError
        When they cannot; the sentence says what the user has to do.
    """
    _check_object(target, scene)
    assert target is not None
    if motions > 1 and settings.place == "active":
        raise OutputError(
            "Several takes do not go into one action: choose new actions or strips for them."
        )
    target.update_from_editmode()
    needed = needed_settings(bone_map, settings.limbs)
    rig = in_metres(read_rig(target, needed), scene)
    check_fits(rig, bone_map, needed)
    told: tuple[str, ...] = ()
    if settings.root == "bone" and not bone_map.root:
        # Bones are added to our own figures only.
        settings = replace(settings, root="hips")
        told = (f"{rig.name} has no root bone: the hips carry the motion over the ground.",)
    units = units_per_metre(scene)
    return Target(
        target.name, target.session_uid, scene.session_uid, rig, bone_map, settings, units, told
    )


def find_rig(target: Target) -> bpy.types.Object:
    """Return the object of a rig, as long as it is what was read.

    Raises
    ------
    RigError
        When it was deleted, or its bones are others.
    """
    found = next((each for each in bpy.data.objects if each.session_uid == target.uid), None)
    if found is None or found.type != "ARMATURE":
        raise RigError(f"{target.name} was deleted meanwhile; nothing was changed.")
    data: Any = found.data
    if set(target.bone_map.bones()) - set(data.bones.keys()):
        raise RigError(f"The bones of {target.name} were changed meanwhile: retarget again.")
    return found


def find_scene(target: Target) -> bpy.types.Scene:
    """Return the scene that it is in.

    Raises
    ------
    OutputError
        When it was deleted.
    """
    found = next((each for each in bpy.data.scenes if each.session_uid == target.scene), None)
    if found is None:
        raise OutputError(f"The scene of {target.name} was deleted meanwhile.")
    return found


def _check_object(target: Any, scene: bpy.types.Scene) -> None:
    if target is None:
        raise RigError("No armature was chosen for the motion.")
    shown = target.instance_collection
    if shown and shown.library and any(each.type == "ARMATURE" for each in shown.all_objects):
        raise RigError(
            f"{target.name} only shows what is linked from "
            f"{bpy.path.basename(shown.library.filepath)}: make a library override of it (Object > "
            "Library Override > Make), then retarget onto the armature that it brings."
        )
    if target.type != "ARMATURE":
        raise RigError(f"{target.name} is no armature.")
    if target.library is not None:
        raise RigError(
            f"{target.name} is linked from {bpy.path.basename(target.library.filepath)}: make a "
            "library override of it (Object > Library Override > Make), then retarget onto that."
        )
    if scene not in target.users_scene:
        raise RigError(f"{target.name} is not in the scene {scene.name}.")
    data = target.animation_data
    if data and data.use_tweak_mode:
        raise RigError(
            f"A strip of {target.name} is in tweak mode: leave it with Tab in the Nonlinear "
            "Animation editor, then retarget."
        )

"""The fix that is open: what was shown when it began, and what the animator poses meanwhile.

It is kept in the scene, so that undo and saving take it along. What is posed but not keyed is lost
when Blender goes to another frame; here it comes back with the frame.
"""

import json
from typing import Any

import bpy
from bpy.app.handlers import persistent

from core_model.errors import MocapError

from ..settings import settings_of


def is_open(scene: bpy.types.Scene | None) -> bool:
    """Return whether a pose is being mended, of a figure that is there."""
    armature = settings_of(scene).fixing.armature if scene else None
    if scene is None or armature is None:
        return False
    return scene.objects.get(armature.name) == armature and bool(armature.animation_data)


def begin(scene: bpy.types.Scene, armature: Any, name: str) -> None:
    """Open a fix at the current frame; what is posed already is the beginning of it.

    Raises
    ------
    MocapError
        When the user has to do something about the armature first.
    """
    from bake.scene.by_hand.fixes import keys_at
    from bake.scene.by_hand.layers import working_layer
    from bake.scene.by_hand.pose import put_pose, read_pose
    from bake.scene.writer import refuse_if_locked

    refuse_if_locked([armature])
    posed, fixing = read_pose(armature), settings_of(scene).fixing
    working_layer(armature, name)
    scene.frame_set(scene.frame_current)
    fixing.before = json.dumps(read_pose(armature))
    fixing.keys = json.dumps(keys_at(armature, scene.frame_current))
    fixing.armature, fixing.frame, fixing.away = armature, scene.frame_current, False
    put_pose(armature, posed)


def apply(scene: bpy.types.Scene) -> list[str]:
    """Key what was moved, with its fades; return the bones.

    Raises
    ------
    MocapError
        When nothing was moved, or the layer is not there any more.
    """
    from bake.scene.by_hand.fixes import key_fix, restore_keys
    from bake.scene.by_hand.layers import is_working_layer
    from bake.scene.by_hand.pose import moved_channels

    fixing = settings_of(scene).fixing
    armature, frame = fixing.armature, fixing.frame
    if not is_working_layer(armature.animation_data):
        raise MocapError(
            f"The layer of {armature.name} is not its active action any more: make it active in "
            "the Nonlinear Animation editor, or discard the fix."
        )
    before, after = json.loads(fixing.before), _posed(fixing)
    if not moved_channels(before, after):
        raise MocapError("No bone was moved yet: pose the figure, then apply.")
    restore_keys(armature, frame, json.loads(fixing.keys))
    bones = key_fix(armature, frame, before, after, fixing.fade, fixing.reach == "ONWARD")
    _close(scene)
    return bones


def discard(scene: bpy.types.Scene) -> None:
    """Put the pose back as it was, and take away a layer that nothing is on."""
    from bake.scene.by_hand.fixes import restore_keys
    from bake.scene.by_hand.layers import is_working_layer, take_off_if_empty

    fixing = settings_of(scene).fixing
    if is_working_layer(fixing.armature.animation_data):
        restore_keys(fixing.armature, fixing.frame, json.loads(fixing.keys))
        take_off_if_empty(fixing.armature)
    _close(scene)


def _close(scene: bpy.types.Scene) -> None:
    fixing = settings_of(scene).fixing
    fixing.armature = None
    fixing.before = fixing.keys = fixing.posed = ""
    scene.frame_set(scene.frame_current, subframe=scene.frame_subframe)


def _posed(fixing: Any) -> Any:
    from bake.scene.by_hand.pose import read_pose

    return json.loads(fixing.posed) if fixing.away else read_pose(fixing.armature)


def add_handlers() -> None:
    """Begin to hold on to what is posed."""
    bpy.app.handlers.frame_change_pre.append(_before_another_frame)
    bpy.app.handlers.frame_change_post.append(_after_another_frame)


def remove_handlers() -> None:
    """Let go."""
    bpy.app.handlers.frame_change_pre.remove(_before_another_frame)
    bpy.app.handlers.frame_change_post.remove(_after_another_frame)


@persistent
def _before_another_frame(scene: bpy.types.Scene, *_: object) -> None:
    if _follows(scene) and not settings_of(scene).fixing.away:
        fixing = settings_of(scene).fixing
        fixing.posed = json.dumps(_posed(fixing))


@persistent
def _after_another_frame(scene: bpy.types.Scene, *_: object) -> None:
    if not _follows(scene):
        return
    from bake.scene.by_hand.pose import put_pose

    fixing = settings_of(scene).fixing
    fixing.away = (scene.frame_current, scene.frame_subframe) != (fixing.frame, 0.0)
    if not fixing.away and fixing.posed:
        put_pose(fixing.armature, json.loads(fixing.posed))


def _follows(scene: bpy.types.Scene) -> bool:
    # A render reads the scene from a thread of its own.
    return is_open(scene) and not bpy.app.is_job_running("RENDER")

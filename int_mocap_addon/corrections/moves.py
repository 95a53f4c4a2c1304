"""Pin What I Move: whatever is posed is pinned when another frame is shown."""

from typing import Any

import bpy
from bpy.app.handlers import persistent

from core_model.errors import MocapError

from ..fixing.ops import figure_in_hand
from ..fixing.session import is_open
from ..settings import settings_of
from .markers import refresh_pin_markers
from .pinning import is_reading, pin_pose, reading

_shown: tuple[int, int, Any] | None = None
"""Armature, frame and pose that were shown when the frame was set."""

_problem = ""


def problem() -> str:
    """Return why the last move could not be pinned, a sentence; empty if it could."""
    return _problem


def add_handlers() -> None:
    """Begin to follow."""
    bpy.app.handlers.frame_change_pre.append(_before_another_frame)
    bpy.app.handlers.frame_change_post.append(_after_another_frame)


def remove_handlers() -> None:
    """Follow no more."""
    global _shown
    bpy.app.handlers.frame_change_pre.remove(_before_another_frame)
    bpy.app.handlers.frame_change_post.remove(_after_another_frame)
    _shown = None


def remember_pose(scene: bpy.types.Scene) -> None:
    """Remember what is shown of the figure in hand, to tell what is moved from now on."""
    global _shown
    take = _take_in_hand(scene)
    if take is None:
        _shown = None
        return
    from bake.scene.by_hand.pose import read_pose

    armature = take.armature
    _shown = (armature.session_uid, scene.frame_current, read_pose(armature))


def pin_moved(scene: bpy.types.Scene) -> list[str]:
    """Pin what was moved since the frame was set; returns the joints, none if nothing was.

    Raises
    ------
    MocapError
        When it cannot be pinned.
    """
    global _shown
    take = _take_in_hand(scene)
    if take is None or _shown is None:
        return []
    from bake.scene.by_hand.pose import moved_channels, read_pose

    armature, frame, before = _shown
    if take.armature.session_uid != armature:
        return []
    posed = read_pose(take.armature)
    if not moved_channels(before, posed):
        return []
    now = scene.frame_current
    try:
        if now != frame:  # the frame is set already, but not shown yet
            with reading():
                scene.frame_set(frame)
        return pin_pose(scene, take, posed)
    finally:
        if now != frame:
            with reading():
                scene.frame_set(now)
        refresh_pin_markers(scene)


def _take_in_hand(scene: bpy.types.Scene) -> Any:
    """Return the take whose armature is in Pose Mode, None if none is."""
    if bpy.context.scene != scene or bpy.context.mode != "POSE":
        return None
    take = figure_in_hand(bpy.context)
    thing = bpy.context.active_object
    return take if take is not None and take.armature == thing else None


def _follows(scene: bpy.types.Scene) -> bool:
    return (
        settings_of(scene).corrections.pin_moves
        and not is_reading()
        and not is_open(scene)
        # A render reads the scene from a thread of its own.
        and not bpy.app.is_job_running("RENDER")
    )


@persistent
def _before_another_frame(scene: bpy.types.Scene, *_: object) -> None:
    global _problem
    if not _follows(scene):
        return
    try:
        _problem = ""
        pin_moved(scene)
    except MocapError as error:
        _problem = str(error)


@persistent
def _after_another_frame(scene: bpy.types.Scene, *_: object) -> None:
    if _follows(scene):
        remember_pose(scene)

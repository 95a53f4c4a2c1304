"""Figures whose actions finishing tools work on, and what becomes of the actions that they make."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import bpy

from core_model.errors import MocapError

from ..cleanup.keying import keying_of
from ..corrections.frames import clock_of
from ..settings import settings_of
from ..takes.listing import active_take, take_file
from .on_takes import body_from

if TYPE_CHECKING:
    from bake.actions.reading import Shown
    from bake.motion.touches import Touch
    from core_model.body.model import Body
    from core_model.take import Take

Change = Callable[["Shown", "Body"], "list[Take]"]


def figure_of(context: bpy.types.Context) -> Any:
    """Return the armature whose action is worked on: the active one, else that of the take."""
    active, take = context.active_object, active_take(context.scene)
    if active is not None and active.type == "ARMATURE" and _moves(active):
        return active
    figure = take.armature if take else None
    return figure if figure is not None and _moves(figure) else None


def _moves(armature: Any) -> bool:
    data = armature.animation_data
    return bool(data and (data.action or any(len(track.strips) for track in data.nla_tracks)))


def listed_take(scene: bpy.types.Scene, figure: Any) -> Any:
    """Return the take of the list that a figure shows, None if there is none."""
    return next((each for each in settings_of(scene).takes if each.armature == figure), None)


def shown_by(scene: bpy.types.Scene, figure: Any) -> "Shown":
    """Read what one of our figures shows, with what is known to touch.

    Raises
    ------
    MocapError
        When it cannot be told.
    """
    from bake.actions.reading import shown_motion

    item = listed_take(scene, figure)
    if item is None:
        return shown_motion(scene, figure)
    _, first = clock_of(scene, item)
    return shown_motion(scene, figure, item.clip_start, first, _touches(item))


def other_action(scene: bpy.types.Scene, figure: Any, name: str) -> "Take":
    """Read the motion that a figure shows with another action alone.

    Raises
    ------
    MocapError
        When the action is gone, or it cannot be told.
    """
    from bake.actions.reading import playing, shown_motion
    from core_model.errors import OutputError

    action = bpy.data.actions.get(name)
    if action is None:
        raise OutputError("That action is gone.")
    with playing(figure, action):
        return shown_motion(scene, figure).take


def play_made(
    scene: bpy.types.Scene,
    figure: Any,
    suffix: str,
    change: Change,
    keeps_time: bool,
    holds_feet: bool,
) -> str:
    """Make actions of what one of our figures shows, and let it play the last; return a sentence.

    Raises
    ------
    MocapError
        When that cannot be; then nothing is changed.
    """
    from bake.actions.writing import play, write_action
    from bake.scene.marks import BODY
    from bake.scene.writer import refuse_if_locked

    refuse_if_locked([figure])
    shown, body = shown_by(scene, figure), body_from(figure.get(BODY, ""))
    keying = keying_of(settings_of(scene).cleanup)
    made: list[bpy.types.Action] = []
    try:
        for take in change(shown, body):
            made.append(
                write_action(
                    figure,
                    f"{figure.name}_{suffix}",
                    shown,
                    take,
                    body,
                    keying,
                    keeps_time=keeps_time,
                    holds_feet=holds_feet,
                )
            )
    except MocapError:
        for action in made:
            bpy.data.actions.remove(action)
        raise
    return _played(figure, made, play)


def play_of_any(figure: Any, made: "list[bpy.types.Action]") -> str:
    """Let an armature play the last of some actions in place of its active one."""
    from bake.actions.any_rig import play_instead

    return _played(figure, made, play_instead)


def _played(figure: Any, made: "list[bpy.types.Action]", play: Callable[[Any, Any], None]) -> str:
    before = figure.animation_data.action
    play(figure, made[-1])
    names = ", ".join(action.name for action in made)
    told = f"Made {names}; {figure.name} plays {made[-1].name}."
    if before is not None:
        told += f" {before.name} stays in the file, in the list of the Action Editor."
    held = [
        constraint
        for bone in figure.pose.bones
        for constraint in bone.constraints
        if not constraint.mute and constraint.influence > 0
    ]
    if held:
        told += " Constraints of its bones still act on it."
    return told


def _touches(item: Any) -> "list[Touch]":
    from bake.motion.touches import touches_of
    from core_model.take import Take

    try:
        return touches_of(Take.load(take_file(item)))
    except MocapError:
        return []  # an action is worked on without its take, too

"""What all finishing tools have in common: they make new takes or actions, the old ones stay."""

from abc import abstractmethod
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import bpy

from core_model.errors import MocapError, OutputError

from ..corrections.frames import time_of
from ..operators import Result, can_start, redraw_panels
from ..settings import settings_of
from ..takes.listing import active_take, find_take
from .on_actions import figure_of, other_action, play_made, play_of_any
from .on_takes import list_made, read

if TYPE_CHECKING:
    from core_model.body.model import Body
    from core_model.take import Take

_NEEDS_A_BODY = (
    "{} has other bones than those of a take: Trim, Split, Mirror and Slow Motion work on any "
    "armature, this needs a body"
)
_others: list[tuple[str, str, str]] = []


def on_action(scene: bpy.types.Scene | None) -> bool:
    """Return whether the tools are set to work on an action."""
    return scene is not None and settings_of(scene).finish.on == "ACTION"


def other_motions(operator: Any, context: bpy.types.Context | None) -> Any:
    """Return the other takes, or actions, as choices of an operator; Blender needs them kept."""
    global _others
    scene = context.scene if context else None
    if context and scene and on_action(scene):
        from bake.actions.reading import fitting_actions

        figure = figure_of(context)
        actions = fitting_actions(figure) if figure else []
        _others = [(each.name, each.name, "") for each in actions]
        return _others
    active = active_take(scene) if scene else None
    takes = settings_of(scene).takes if scene else ()
    _others = [(each.uid, each.name, "") for each in takes if active and each.uid != active.uid]
    return _others


class FinishingTool(bpy.types.Operator):
    """Base of operators that make takes of the active one, or actions of what a figure shows."""

    bl_options = {"REGISTER", "UNDO"}
    suffix = ""
    two = False
    keeps_time = True
    for_any_rig = False

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        if on_action(context.scene):
            if not cls._fits(figure_of(context)):
                return False
        elif active_take(context.scene) is None:
            cls.poll_message_set("There is no take yet: capture a clip or load one")
            return False
        if cls.two and not other_motions(None, context):
            what = "action that moves these bones" if on_action(context.scene) else "take"
            cls.poll_message_set(f"There is no other {what} here")
            return False
        return can_start(cls)

    @classmethod
    def _fits(cls, figure: Any) -> bool:
        from bake.actions.reading import is_ours

        if figure is None:
            cls.poll_message_set("Select an armature that has an action")
            return False
        if figure.mode == "EDIT":
            cls.poll_message_set("Leave Edit Mode first")
            return False
        if not cls.for_any_rig and not is_ours(figure):
            cls.poll_message_set(_NEEDS_A_BODY.format(figure.name))
            return False
        return True

    @abstractmethod
    def made(self, at: Callable[[float], float], take: "Take", body: "Body") -> "list[Take]":
        """Return the new takes; subclasses tell what they are.

        Parameters
        ----------
        at : callable
            Tells of a frame of the scene which second of the take it shows.
        take : Take
        body : Body
        """

    def made_for_any(self, figure: Any) -> list[bpy.types.Action]:
        """Return new actions of an armature with other bones than ours.

        Raises
        ------
        OutputError
            Where the tool needs a body.
        """
        raise OutputError(_NEEDS_A_BODY.format(figure.name) + ".")

    def holds_feet(self) -> bool:
        """Return whether feet that stand are held anew in an action."""
        return False

    def execute(self, context: bpy.types.Context) -> Result:
        try:
            warns = False
            if on_action(context.scene):
                told = self._on_action(context)
            else:
                warns, told = self._on_take(context)
        except MocapError as error:
            self.report({"ERROR"}, str(error))
            return {"CANCELLED"}
        redraw_panels(context)
        self.report({"WARNING" if warns else "INFO"}, told)
        return {"FINISHED"}

    def _on_take(self, context: bpy.types.Context) -> tuple[bool, str]:
        scene: Any = context.scene
        item = active_take(scene)
        take, body = read(item)
        new = self.made(lambda frame: time_of(scene, item, frame), take, body)
        return list_made(scene, item, self.suffix, new)

    def _on_action(self, context: bpy.types.Context) -> str:
        from bake.actions.reading import is_ours

        scene: Any = context.scene
        figure = figure_of(context)
        if not is_ours(figure):
            return play_of_any(figure, self.made_for_any(figure))
        return play_made(
            scene,
            figure,
            self.suffix,
            lambda shown, body: self.made(shown.time_of, shown.take, body),
            self.keeps_time,
            self.holds_feet(),
        )


def chosen(other: str) -> "Take":
    """Return the motion of another take or action, by what `other_motions` calls it.

    Raises
    ------
    MocapError
        When it is gone.
    """
    scene: Any = bpy.context.scene
    if on_action(scene):
        return other_action(scene, figure_of(bpy.context), other)
    return read(find_take(scene, other))[0]

"""Baking again without losing what was done by hand: before the keys are written, and after."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import bpy
import numpy as np

from bake.motion.resample import Timeline
from bake.scene.animation.action import (
    bone_path,
    give_name,
    holder_at,
    is_ours,
    leave_to_user,
    place_of_bake,
    remove_baked_action,
    write_curves,
)
from bake.scene.animation.channels import EULER
from bake.scene.animation.evaluate import values_at
from bake.scene.animation.raw_curves import forget_raw, raw_curves
from bake.scene.by_hand.edits import Change, changes_of, difference, edits_of, source_of
from bake.scene.by_hand.layers import add_layer, covers_action, fit_strip, move_layers, new_layer
from bake.scene.marks import EDITS

KEEP, BESIDE, REPLACE = "KEEP", "BESIDE", "REPLACE"
"""What to do with edits: a layer over the new bake, an action of their own, or nothing."""

_TIME = "mocap_time"
"""Custom property of a baked action: seconds in the clip, the frame that shows them, and rate."""


@dataclass(frozen=True)
class Before:
    """What was there before baking again, and is not to be lost.

    Parameters
    ----------
    changes : sequence of Change
        To be laid over the new bake.
    whole : bool
        Whether the bake plays in a strip, as a whole.
    time : sequence of float
        When it played; empty where unknown.
    """

    changes: Sequence[Change] = ()
    whole: bool = False
    time: Sequence[float] = field(default=())


def set_aside(armature: bpy.types.Object, name: str, choice: str) -> Before:
    """Make sure that the next bake writes over nothing of the user's.

    Parameters
    ----------
    armature : bpy.types.Object
    name : str
        Of the figure and its action.
    choice : str
        `KEEP`, `BESIDE` or `REPLACE`, where a bake was edited. Actions that the user renamed or
        copied, or that something else uses, stay as they are with each of them.
    """
    place = source_of(armature)
    if place is None:
        return Before()
    action = place.action
    known = bool(raw_curves(action))
    before = Before(
        changes_of(armature, place) if choice == KEEP else (),
        covers_action(place),
        list(action.get(_TIME, ())),
    )
    if place == place_of_bake(armature.animation_data):
        # Of an action without a record nobody can tell whether it was edited.
        edited = choice == BESIDE and bool(edits_of(armature, place))
        if edited or (choice != REPLACE and not known):
            leave_to_user(action, f"{name}_edited")
    if place != place_of_bake(armature.animation_data):
        _play_copy(place, name)
    forget_raw(place.action)
    return before


def lay_over(armature: bpy.types.Object, name: str, before: Before, timeline: Timeline) -> None:
    """Put what was set aside over the new bake, after its keys are written.

    Parameters
    ----------
    armature : bpy.types.Object
    name : str
        Of the figure.
    before : Before
        From `set_aside`.
    timeline : Timeline
        Of the new bake.
    """
    place = place_of_bake(armature.animation_data)
    if place is None:
        return
    now = (timeline.start, float(timeline.first_frame), timeline.rate.value)
    offset, factor = _moved(tuple(before.time) or now, now)
    if before.whole or (isinstance(place, bpy.types.NlaStrip) and not before.time):
        fit_strip(place)
    if (offset, factor) != (0.0, 1.0):
        move_layers(armature, offset, factor)
    place.action[_TIME] = now
    _add_edits(armature, name, place, before.changes, offset, factor)


def _add_edits(
    armature: Any,
    name: str,
    place: Any,
    changes: Sequence[Change],
    offset: float,
    factor: float,
) -> None:
    def frames_of(change: Change) -> np.ndarray:
        return offset + factor * change.frames

    written, holder = {path for path, _ in raw_curves(place.action)}, holder_at(place, armature)
    found = []
    for change in changes:
        mode = armature.pose.bones[change.bone].rotation_mode
        near = None
        if change.channel == "rotation" and mode != "QUATERNION":
            near = values_at(holder, bone_path(change.bone, EULER), frames_of(change), 3)
        channel, values = difference(change, mode, near)
        path = bone_path(change.bone, channel)
        if path in written:  # otherwise the bake has left the user's curve alone
            found.append((change, path, values))
    if not found:
        return
    layer, over = new_layer(name, EDITS)
    for change, path, values in found:
        needed = _needed(values)
        frames = frames_of(change)[needed]
        straight = np.zeros(len(frames), bool)
        write_curves(over, path, change.bone, frames, values[needed], straight)
    add_layer(armature, place, layer)


def _needed(values: np.ndarray) -> np.ndarray:
    """Return which of the values (K, C) at even distances are no mere continuation of a level."""
    level = np.concatenate(([False], (values[1:] == values[:-1]).all(axis=1), [False]))
    needed = ~(level[:-1] & level[1:])
    needed[[0, -1]] = True
    return np.asarray(needed)


def _moved(old: Sequence[float], new: Sequence[float]) -> tuple[float, float]:
    """Return offset and factor of the frame at which a moment of the clip is shown."""
    factor = new[2] / old[2]
    offset = new[1] + (old[0] - new[0]) * new[2] - factor * old[1]
    # The record is in double precision, but a rate may be kept in single.
    return (0.0, 1.0) if abs(offset) < 1e-3 and abs(factor - 1) < 1e-6 else (offset, factor)


def _play_copy(place: Any, name: str) -> None:
    """Let a copy be played that a bake may write into; it has all that the user added."""
    action, slot = place.action, getattr(place, "action_slot", None)
    copy = action.copy()
    if not is_ours(action):
        action.use_fake_user = True
    place.action = copy
    if slot:
        place.action_slot = copy.slots[slot.identifier]
    remove_baked_action(bpy.data.actions.get(name))
    give_name(copy, name)

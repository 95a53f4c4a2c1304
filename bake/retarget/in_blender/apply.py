"""Motions onto a rig: read it, work the keys out beside Blender, write them, and look at them.

Each step is short or touches nothing of Blender, so that Blender can be used in between; nothing is
held on to from one to the next but names. Until the last step nothing is changed in the scene.
"""

from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass
from typing import Any

import bpy

from bake.retarget.human import HumanMotion
from bake.retarget.in_blender.actions import (
    build_action,
    find_action,
    put_instead,
    put_new,
    put_strips,
    remove_action,
)
from bake.retarget.in_blender.evaluation import pose_steps
from bake.retarget.in_blender.keyed import Keyed, groups_of, key_group
from bake.retarget.in_blender.switches import apply_settings, told_of_settings
from bake.retarget.in_blender.target import Target, find_rig, find_scene, read_target
from bake.retarget.in_blender.travel_object import put_travel
from bake.retarget.keying.compare import looks_at, moments, what_differs
from bake.retarget.maps.bone_map import BoneMap
from bake.retarget.settings import RetargetSettings


@dataclass(frozen=True)
class Result:
    """What was written.

    Parameters
    ----------
    actions : tuple of str
        One for each motion.
    frames : tuple of int
        The first and the last, of all.
    told : tuple of str
        What the user should know, one sentence each.
    """

    actions: tuple[str, ...]
    frames: tuple[int, int]
    told: tuple[str, ...]


def retarget(
    scene: bpy.types.Scene,
    sources: Sequence[HumanMotion],
    target: bpy.types.Object,
    bone_map: BoneMap,
    settings: RetargetSettings = RetargetSettings(),
) -> Result:
    """Put motions on a rig, all at once.

    Only bones of the map are keyed. Nothing is changed when it fails.

    Parameters
    ----------
    scene : bpy.types.Scene
    sources : sequence of HumanMotion
    target : bpy.types.Object
        An armature of the scene, in any mode.
    bone_map : BoneMap
        With the names of its bones.
    settings : RetargetSettings

    Raises
    ------
    RigError, OutputError
        When the rig cannot be moved so.
    """
    aim = read_target(scene, target, bone_map, settings, len(sources))
    keyed = [each for group in groups_of(aim, sources) for each in key_group(aim, group)]
    steps = write_steps(aim, keyed)
    while True:
        try:
            next(steps)
        except StopIteration as end:
            result: Result = end.value
            return result


def write_steps(
    target: Target, motions: Sequence[Keyed], prepare: Callable[[], None] = lambda: None
) -> Generator[None, None, Result]:
    """Write motions into the scene, in short steps, and look at what Blender makes of them.

    Parameters
    ----------
    target : Target
    motions : sequence of Keyed
    prepare : callable
        What else is to be done to the scene, as soon as nothing can go wrong any more.

    Raises
    ------
    RigError, OutputError
        When the rig was changed meanwhile. Nothing was changed then, as when this is closed.
    """
    place, names = target.settings.place, []
    try:
        for keyed in motions:
            rig = find_rig(target)
            data: Any = rig.animation_data
            into = data.action if place == "active" and data else None
            name = yield from build_action(
                rig, keyed.name, keyed.curves, keyed.motion.settings, into
            )
            names.append(name)
        rig = find_rig(target)
        actions = [find_action(name) for name in names]
    except BaseException:
        for name in names:
            remove_action(name)
        raise
    told = [sentence for keyed in motions for sentence in keyed.told]
    for keyed in motions:
        told += told_of_settings(rig, keyed.motion.settings)
    prepare()
    _put(rig, target, motions, actions)
    names = [action.name for action in actions]
    scene = find_scene(target)
    scene.frame_set(scene.frame_current, subframe=scene.frame_subframe)
    told += yield from _look(target, motions[0])
    frames = [keyed.curves.frames for keyed in motions]
    return Result(
        tuple(names),
        (min(each[0] for each in frames), max(each[1] for each in frames)),
        tuple(dict.fromkeys(told)),
    )


def _put(
    rig: bpy.types.Object,
    target: Target,
    motions: Sequence[Keyed],
    actions: Sequence[bpy.types.Action],
) -> None:
    """Let actions that were built play on the rig."""
    settings, place = target.settings, target.settings.place
    for keyed in motions:
        apply_settings(rig, keyed.motion.settings)
        if keyed.travel is not None:
            put_travel(rig, keyed.name, keyed.travel, target.units)
    if place == "strip":
        put_strips(rig, actions, settings, any(keyed.in_sequence for keyed in motions))
    elif place == "active" and rig.animation_data and rig.animation_data.action:
        put_instead(rig, actions[0])
    else:
        for action in reversed(actions):
            put_new(rig, action)


def _look(target: Target, keyed: Keyed) -> Generator[None, None, list[str]]:
    """Return what Blender shows otherwise than it was solved."""
    rig, settings = find_rig(target), target.settings
    data: Any = rig.data
    if rig.mode == "EDIT":
        return [f"{rig.name} is in edit mode: it moves when you leave it."]
    if data.pose_position == "REST":
        return [f"{rig.name} shows its rest position: it moves in Pose Position."]
    layers: Any = rig.animation_data
    alone = [track.name for track in layers.nla_tracks if track.is_solo]
    if alone:
        return [
            f"{rig.name} plays the NLA track {alone[0]} alone: it moves when the star of that is "
            "off."
        ]
    blends = (settings.blend_in, settings.blend_out) if settings.place == "strip" else (0, 0)
    which = moments(keyed.motion, *blends)
    looks = looks_at(target.rig, target.bone_map, keyed.motion)
    bones = [look.seen for look in looks]
    steps = pose_steps(find_scene(target), rig, bones, keyed.motion.frames[which])
    try:
        while True:
            next(steps)
            yield
    except StopIteration as end:
        return what_differs(target.rig, keyed.motion, looks, which, end.value)

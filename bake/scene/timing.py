"""When the motion takes place in a scene: frame rate and frame range."""

from collections.abc import Container, Iterable
from typing import Any

import bpy

from bake.motion.resample import Keys, Timeline
from bake.scene.clip.sound import has_edit
from bake.scene.frame_range import is_set_here, make_room, ranges_of
from bake.scene.marks import BODY


def fit_timing(
    scene: bpy.types.Scene,
    timeline: Timeline,
    motions: Iterable[Keys],
    again: Container[bpy.types.Object | None] = (),
) -> None:
    """Give a scene the frame rate of the motion and make room for it.

    A scene in which nothing moves gets the motion's range. In any other the range grows where it
    has to, and shrinks back when motions that it grew for become shorter, unless the user has set
    it meanwhile.

    Parameters
    ----------
    scene : bpy.types.Scene
    timeline : Timeline
    motions : iterable of Keys
        At least one.
    again : container of bpy.types.Object
        Armatures that will be given these motions instead of what they do now.
    """
    moves = is_animated(scene)
    scene.render.fps, scene.render.fps_base = timeline.rate.fps, timeline.rate.base
    first = timeline.first_frame
    ends = [(int(keys.frames[0]), int(keys.frames[-1])) for keys in motions]
    if not moves:
        ends = [(first, max(end[1] for end in ends))]
    others = [each for each in _figures(scene) if each not in again]
    own = (scene.frame_start, scene.frame_end) if moves else None
    make_room(scene, own, [*ends, *ranges_of(others)])
    if not moves:
        scene.frame_set(first)


def forget_room(scene: bpy.types.Scene) -> None:
    """Shrink the range that was set here to what moves still, after figures were taken away."""
    if is_set_here(scene):
        make_room(scene, None, ranges_of(_figures(scene)))


def is_animated(scene: bpy.types.Scene) -> bool:
    """Return whether anything in a scene moves or is cut to time.

    What else the file holds does not count: other scenes, actions that nothing uses, poses.
    """
    return has_edit(scene) or any(_moves(thing) for thing in _animated_things(scene))


def _figures(scene: Any) -> list[bpy.types.Object]:
    """Return the armatures of a scene that were made here."""
    return [each for each in scene.objects if each.type == "ARMATURE" and BODY in each]


def _animated_things(scene: bpy.types.Scene) -> Iterable[Any]:
    """Give all of a scene that may be animated."""
    yield from (scene, scene.world)
    for thing in scene.objects:
        data: Any = thing.data
        yield from (thing, data, getattr(data, "shape_keys", None))
        yield from (slot.material for slot in thing.material_slots)


def _moves(thing: Any) -> bool:
    data = getattr(thing, "animation_data", None)
    if data is None:
        return False
    action = data.action
    # A single key is a pose.
    moves = action is not None and action.curve_frame_range[0] < action.curve_frame_range[1]
    return moves or any(track.strips for track in data.nla_tracks)

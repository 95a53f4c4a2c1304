"""When the motion takes place in a scene: frame rate and frame range."""

from collections.abc import Iterable
from typing import Any

import bpy

from bake.motion.resample import Keys, Timeline


def fit_timing(scene: bpy.types.Scene, timeline: Timeline, motions: Iterable[Keys]) -> None:
    """Give a scene the frame rate of the motion and make room for it.

    A scene in which nothing moves gets the motion's range; in any other the range only grows.

    Parameters
    ----------
    scene : bpy.types.Scene
    timeline : Timeline
    motions : iterable of Keys
        At least one.
    """
    ends = [(int(keys.frames[0]), int(keys.frames[-1])) for keys in motions]
    first, last = min(end[0] for end in ends), max(end[1] for end in ends)
    moves = is_animated(scene)
    scene.render.fps, scene.render.fps_base = timeline.rate.fps, timeline.rate.base
    if moves:
        scene.frame_start, scene.frame_end = (
            min(scene.frame_start, first),
            max(scene.frame_end, last),
        )
    else:
        scene.frame_start, scene.frame_end = timeline.first_frame, last
        scene.frame_set(timeline.first_frame)


def is_animated(scene: bpy.types.Scene) -> bool:
    """Return whether anything in a scene moves or is cut to time.

    What else the file holds does not count: other scenes, actions that nothing uses, poses.
    """
    strips = scene.sequence_editor and _strips(scene.sequence_editor)
    return bool(strips) or any(_moves(thing) for thing in _animated_things(scene))


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


def _strips(editor: Any) -> Any:
    return editor.strips if hasattr(editor, "strips") else editor.sequences

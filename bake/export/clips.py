"""The motions of a figure: all that it does as one, or every strip of its own.

Who bakes take after take into NLA strips has a character with many motions, and an engine wants
each of them by its name. Layers are part of every motion that they lie over.
"""

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import bpy
import numpy as np

from bake.scene.animation.action import place_of_bake, places
from bake.scene.marks import LAYER

_WHOLE = 1e-3  # of a frame


@dataclass(frozen=True)
class Clip:
    """A motion.

    Parameters
    ----------
    name : str
        Of its action.
    first, last : int
        Its frames in the scene.
    strip : tuple of str
        Names of the track and the strip that play it; empty for all that is seen.
    """

    name: str
    first: int
    last: int
    strip: tuple[str, str] | tuple[()] = ()

    @property
    def frames(self) -> np.ndarray:
        """All frames, (K,)."""
        return np.arange(self.first, self.last + 1)


_ACTIVE = ("", "")
"""In place of a strip: the active action, over strips."""


def whole_clip(
    scene: bpy.types.Scene, armature: bpy.types.Object, frames: tuple[int, int] | None = None
) -> Clip:
    """Return all that an armature does as one motion.

    Parameters
    ----------
    scene : bpy.types.Scene
    armature : bpy.types.Object
    frames : tuple of int, optional
        First and last; else from its first motion to its last.
    """
    first, last = frames or _frames_of(scene, armature)
    return Clip(_motion_name(armature), first, last)


def clips_of(scene: bpy.types.Scene, armature: bpy.types.Object) -> tuple[Clip, ...]:
    """Return every motion of an armature: each strip that is no layer, or all in one.

    Parameters
    ----------
    scene : bpy.types.Scene
    armature : bpy.types.Object
    """
    data: Any = armature.animation_data
    plays = _bases(data) if data else []
    if len(plays) < 2:
        return (whole_clip(scene, armature),)
    used = Counter(each.action.name for _, each in plays)
    clips = []
    for key, each in plays:
        # Two strips of one action are told apart by their own names.
        name = each.action.name if used[each.action.name] < 2 or key == _ACTIVE else each.name
        ends = each.action.frame_range if key == _ACTIVE else (each.frame_start, each.frame_end)
        clips.append(Clip(name, *_whole_frames([ends]), key))
    return tuple(sorted(clips, key=lambda clip: clip.first))


@contextmanager
def played_alone(armature: bpy.types.Object, clip: Clip) -> Iterator[None]:
    """Let an armature do nothing but a motion and the layers over it, for as long.

    Parameters
    ----------
    armature : bpy.types.Object
    clip : Clip
    """
    if not clip.strip:
        yield
        return
    data: Any = armature.animation_data
    before: list[tuple[Any, str, Any]] = []

    def put(holder: Any, name: str, value: Any) -> None:
        before.append((holder, name, getattr(holder, name)))
        setattr(holder, name, value)

    try:
        for key, each in _bases(data):
            if key == clip.strip:
                if key != _ACTIVE:
                    # Alone there is nothing to blend with but the rest pose.
                    put(each, "use_auto_blend", False)
                    put(each, "blend_in", 0.0)
                    put(each, "blend_out", 0.0)
            elif key == _ACTIVE:
                put(data, "action_influence", 0.0)
            else:
                put(each, "mute", True)
        yield
    finally:
        for holder, name, value in reversed(before):
            setattr(holder, name, value)


def _bases(data: Any) -> list[tuple[tuple[str, str], Any]]:
    """Return what plays the motions, layers left out: strips, and `data` for the active action."""
    if data.use_tweak_mode or not data.use_nla:
        return []
    tracks = [track for track in data.nla_tracks if not track.mute]
    tracks = [track for track in tracks if track.is_solo] or tracks
    strips = [
        ((track.name, strip.name), strip)
        for track in tracks
        for strip in track.strips
        if not strip.mute
    ]
    if any(strip.type != "CLIP" or strip.action is None for _, strip in strips):
        return []  # strips of strips are one motion, whoever made them
    found = [
        (key, strip)
        for key, strip in strips
        if LAYER not in strip.action and strip.blend_type == "REPLACE"
    ]
    if data.action and LAYER not in data.action and data.action_blend_type == "REPLACE":
        found.append((_ACTIVE, data))
    return found


def _motion_name(armature: Any) -> str:
    """Return what all that an armature does is called: by the action under its layers."""
    data = armature.animation_data
    if data is None:
        return str(armature.name)
    place = place_of_bake(data)
    named = [place] if place else [each for each in places(data) if LAYER not in each.action]
    return str(named[0].action.name) if named else str(armature.name)


def _frames_of(scene: bpy.types.Scene, armature: Any) -> tuple[int, int]:
    """Return the first and last frame of what an armature does, layers left out."""
    data = armature.animation_data
    ends: list[Sequence[float]] = []
    if data and data.action and LAYER not in data.action:
        ends.append(data.action.frame_range)
    if data and data.use_nla:
        ends += [
            (strip.frame_start, strip.frame_end)
            for track in data.nla_tracks
            if not track.mute
            for strip in track.strips
            if not strip.mute and (strip.action is None or LAYER not in strip.action)
        ]
    return _whole_frames(ends) if ends else (scene.frame_start, scene.frame_end)


def _whole_frames(ends: Sequence[Sequence[float]]) -> tuple[int, int]:
    first = math.floor(min(end[0] for end in ends) + _WHOLE)
    return first, max(first, math.ceil(max(end[1] for end in ends) - _WHOLE))

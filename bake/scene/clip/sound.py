"""The sound of a clip as a strip in the sequencer, in step with the motion."""

from pathlib import Path
from typing import Any

import bpy
import numpy as np

from bake.motion.resample import Timeline

_OWNER = "mocap_sound"
"""Custom property of our strips: whose sound it is."""

_LOOKS = ("channel", "mute", "volume", "pan")


def put_sound(
    scene: bpy.types.Scene,
    owner: str,
    clip: Path | None,
    timeline: Timeline,
    last: int,
    sound_start: float = 0.0,
) -> bool:
    """Let a clip be heard from the first frame of its motion to the last.

    A strip that is there for the same owner gives way, but its channel and how loud it was stay.
    Sound runs in real time, whatever the clip's pictures do.

    Parameters
    ----------
    scene : bpy.types.Scene
        With the rate that it is to have.
    owner : str
        What tells the strips of one capture from those of others.
    clip : Path or None
        None takes the strip away.
    timeline : Timeline
        Of the motion.
    last : int
        Last frame of the motion.
    sound_start : float
        Seconds in the clip at which its sound begins, from `sound_start_of`.

    Returns
    -------
    bool
        Whether there is a sound: many clips have none.
    """
    looks = take_sound_away(scene, owner)
    if clip is None or not clip.is_file():
        return False
    begin = float(timeline.frame_of(np.asarray(sound_start)))
    strips: Any = strips_of(scene.sequence_editor_create())
    channel = 1 + max((each.channel for each in strips), default=0)
    try:
        strip = strips.new_sound(clip.stem, str(clip.absolute()), channel, round(begin))
    except RuntimeError:  # of a Blender that was built without sound
        return False
    strip[_OWNER] = owner
    first = max(timeline.first_frame, round(begin))
    if strip.sound.samplerate == 0 or first >= min(last + 1, _end(strip)):
        take_sound_away(scene, owner)
        return False
    strip.sound_offset = (begin - round(begin)) / timeline.rate.value
    _cut(strip, first, min(last + 1, _end(strip)))
    for name, value in looks.items():
        setattr(strip, name, value)
    return True


def take_sound_away(scene: bpy.types.Scene, owner: str) -> dict[str, Any]:
    """Remove the strip of an owner and what it played; return how it was heard."""
    looks: dict[str, Any] = {}
    strips: Any = strips_of(scene.sequence_editor) if scene.sequence_editor else ()
    for strip in [each for each in strips if owner and each.get(_OWNER) == owner]:
        looks = {name: getattr(strip, name) for name in _LOOKS}
        sound = strip.sound
        strips.remove(strip)
        if sound and sound.users == 0:
            bpy.data.sounds.remove(sound)
    return looks


def is_heard(scene: bpy.types.Scene) -> bool:
    """Return whether a scene has the sound of a clip."""
    editor = scene.sequence_editor
    return editor is not None and any(_OWNER in each for each in strips_of(editor))


def has_edit(scene: bpy.types.Scene) -> bool:
    """Return whether the sequencer of a scene holds strips that were not put there here."""
    editor = scene.sequence_editor
    return editor is not None and any(each.get(_OWNER) is None for each in strips_of(editor))


def strips_of(editor: Any) -> Any:
    """Return the strips of a sequence editor; Blender 5 named them anew."""
    return editor.strips if hasattr(editor, "strips") else editor.sequences


def _end(strip: Any) -> int:
    new = hasattr(strip, "right_handle")
    return int(strip.right_handle if new else strip.frame_final_end)


def _cut(strip: Any, first: int, end: int) -> None:
    """Show of a strip only the frames from `first` up to before `end`."""
    new = hasattr(strip, "right_handle")
    setattr(strip, "left_handle" if new else "frame_final_start", first)
    setattr(strip, "right_handle" if new else "frame_final_end", end)

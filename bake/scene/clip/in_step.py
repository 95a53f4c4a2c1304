"""A movie clip that plays faster or slower than the scene, shown at the moments of its pictures."""

import bpy

from bake.motion.resample import Timeline

_DRIFT = 0.25
"""Of a picture: how far a clip may be out of step at its end before Blender is told how to play."""


def play_in_step(clip: bpy.types.MovieClip, timeline: Timeline, begin: float, rate: float) -> None:
    """Let every frame of a scene show the picture nearest to its moment.

    Blender plays a clip one picture per frame. At the scene's own rate it does so from the right
    picture on; at any other a driver of the clip's offset leaps over pictures or waits for them.

    Parameters
    ----------
    clip : bpy.types.MovieClip
        Just loaded.
    timeline : Timeline
        Of the motion.
    begin : float
        Seconds into the file at the timeline's first frame.
    rate : float
        Pictures per second that Blender counts in the file.
    """
    clip.frame_start = timeline.first_frame
    clip.frame_offset = round(begin * rate)
    pictures_per_frame = rate / timeline.rate.value
    if abs(pictures_per_frame - 1) * clip.frame_duration < _DRIFT:
        return
    curve = clip.driver_add("frame_offset")
    assert isinstance(curve, bpy.types.FCurve) and curve.driver
    frame = f"(frame - {timeline.first_frame})"
    nearest = f"floor({frame} * {pictures_per_frame!r} + {begin * rate + 0.5!r})"
    # A motion may end up to half a frame after the last picture.
    # Of this kind Blender works out itself; other expressions ask whether Python is allowed.
    curve.driver.expression = f"min({nearest}, {clip.frame_duration - 1}) - {frame}"

"""The clip behind the scene, in step with the motion."""

from pathlib import Path

import bpy
import numpy as np

from bake.motion.resample import Timeline


def add_background(
    camera: bpy.types.Object, clip_path: Path, timeline: Timeline, size: np.ndarray
) -> list[str]:
    """Show the clip behind the scene, in step with the motion.

    Blender plays a clip one picture per scene frame, so that scene and clip stay in step only at
    the same frame rate.

    Parameters
    ----------
    camera : bpy.types.Object
    clip_path : Path
        A video, or a folder of pictures.
    timeline : Timeline
        Of the motion.
    size : (2,)
        Of the upright picture that the take was captured from.

    Returns
    -------
    list of str
        What the user should know, one sentence each.
    """
    path = clip_path
    if clip_path.is_dir():
        path = min((each for each in clip_path.iterdir() if each.is_file()), default=clip_path)
    clip = bpy.data.movieclips.load(str(path.absolute()))
    if clip.frame_duration == 0:
        bpy.data.movieclips.remove(clip)
        return [f"Blender cannot play {clip_path}; the camera has no background."]
    clip.frame_start = timeline.first_frame
    clip_rate = timeline.rate.value if clip_path.is_dir() else clip.fps
    clip.frame_offset = round(timeline.start * clip_rate)
    assert isinstance(camera.data, bpy.types.Camera)
    background = camera.data.background_images.new()
    background.source = "MOVIE_CLIP"
    background.clip = clip
    background.alpha = 1.0
    background.display_depth = "BACK"
    background.frame_method = "FIT"
    camera.data.show_background_images = True
    warnings = []
    width, height = np.array(clip.size)
    if abs(clip_rate / timeline.rate.value - 1) > 0.0005:
        warnings.append(
            f"{clip_path.name} plays at {clip_rate:.6g} pictures per second and the scene at "
            f"{timeline.rate}: Blender shows one picture per frame, so the background drifts."
        )
    if width != size[0] or height != size[1]:
        warnings.append(
            f"Blender shows {clip_path.name} as {width} x {height}, the take was "
            f"captured from {size[0]} x {size[1]}: the background may be turned or stretched."
        )
    return warnings

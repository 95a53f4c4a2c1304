"""Still pictures of the scene through its camera, quick and without a screen."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import bpy
import numpy as np

from bake.headless import blender_failed, silent_stderr
from bake.motion.resample import Timeline
from core_model.errors import OutputError
from core_model.storage.atomic import replaced_when_complete

_WIDEST = 640

_PNG_END = b"IEND\xaeB`\x82"


def even_times(first: float, last: float, count: int) -> list[float]:
    """Return `count` moments spread over a motion, each in the middle of its share, in seconds."""
    return (first + (last - first) * (np.arange(count) + 0.5) / count).tolist()


def render_pictures(
    scene: bpy.types.Scene, timeline: Timeline, times: Sequence[float], folder: Path
) -> list[Path]:
    """Render one PNG for each moment with Workbench, on a transparent ground.

    Parameters
    ----------
    scene : bpy.types.Scene
        With a camera; pictures have its proportions and are at most 640 pixels wide.
    timeline : Timeline
    times : sequence of float
        Seconds in the clip; the nearest scene frame is shown.
    folder : Path

    Returns
    -------
    list of Path
        `picture_01.png` and so on, in the order of `times`.

    Raises
    ------
    OutputError
        When the pictures cannot be written.
    """
    render: Any = scene.render
    display: Any = scene.display
    render.engine = "BLENDER_WORKBENCH"
    render.film_transparent = True
    render.image_settings.file_format = "PNG"
    render.image_settings.color_mode = "RGBA"
    render.resolution_percentage = min(100, 100 * _WIDEST // render.resolution_x)
    display.shading.light = "STUDIO"
    display.shading.color_type = "MATERIAL"
    display.render_aa = "8"
    paths = []
    for number, time in enumerate(times, start=1):
        path = folder / f"picture_{number:02d}.png"
        scene.frame_set(int(np.rint(timeline.frame_of(np.asarray(time)))))
        with replaced_when_complete(path) as temporary:
            render.filepath = str(temporary)
            try:
                with silent_stderr():
                    bpy.ops.render.render(write_still=True, scene=scene.name)
            except RuntimeError as error:
                raise OutputError(blender_failed(f"render {path}", error)) from error
            # On a full disk Blender writes what fits and says nothing.
            if not temporary.read_bytes().endswith(_PNG_END):
                raise OutputError(f"Cannot write {path} completely; is the disk full?")
        paths.append(path)
    return paths

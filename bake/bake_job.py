"""What `python -m bake` is asked for, and what of it is the same for figures and characters."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import bpy
import numpy as np

from bake.clips import Clip
from bake.motion.resample import FrameRate, Timeline, exact_rate, rate_of
from bake.motion.trim import Trim
from bake.scene.animation.curves import Keying
from bake.scene.animation.motion import Motion, motion_of
from bake.scene.pictures import even_times, render_pictures
from core_model.body.model import load_body
from core_model.results.reading import ReadOptions


@dataclass(frozen=True)
class BakeJob:
    """What to bake, and how.

    Parameters
    ----------
    inputs : sequence of Path
        Capture folders, takes, AMASS files, results of other systems.
    output : Path
        Its suffix tells the format.
    reading : ReadOptions
        What files of other systems may leave open.
    frame_rate : float or None
        Of the scene; None for the first take's own.
    smoothing : str
        Name of a profile.
    root_motion, feet : str or None
        One of `ROOT_MOTIONS` and of `FOOT_MODES`. None: on the ground with pinned feet if the take
        is from a video and is smoothed, else as it is.
    root_bone : str
        One of `bake.motion.root_path.ROOT_BONES`.
    trim : Trim
        Part of the clips that is baked; frame one of the scene is where it begins.
    keying : Keying
    with_body : bool
    body_file : Path or None
        An SMPL file to be used as the body instead of our own.
    preset : str
        Of an export in another format than .blend, one of `bake.export.presets.PRESETS`.
    picture_folder : Path or None
        Where to put still pictures, if any are wanted.
    picture_times : sequence of float
        Seconds in the clip; if empty, `picture_count` moments spread over the motion.
    picture_count : int
    """

    inputs: Sequence[Path]
    output: Path
    reading: ReadOptions = ReadOptions()
    frame_rate: float | None = None
    smoothing: str = "default"
    root_motion: str | None = None
    feet: str | None = None
    root_bone: str = "origin"
    trim: Trim = Trim()
    keying: Keying = Keying()
    with_body: bool = True
    body_file: Path | None = None
    preset: str = "blender"
    picture_folder: Path | None = None
    picture_times: Sequence[float] = ()
    picture_count: int = 6

    def rate(self, rates: Sequence[FrameRate], warnings: list[str]) -> FrameRate:
        """Return the rate that was asked for, else the first one; others are told of."""
        if self.frame_rate is not None:
            return exact_rate(self.frame_rate)
        if len(set(rates)) > 1:
            found = ", ".join(sorted({str(each) for each in rates}))
            warnings.append(
                f"The takes have different frame rates ({found}); all were baked at {rates[0]}."
            )
        return rates[0]

    def motions(self, clip: Clip, timeline: Timeline) -> dict[str, Motion]:
        """Clean up what the people of a clip do, by their names."""
        body = load_body(self.body_file) if self.body_file else None
        return {
            person: motion_of(
                take,
                timeline,
                self.smoothing,
                root_motion=self.root_motion,
                feet=self.feet,
                body=body,
                body_file=str(self.body_file or ""),
                trim=self.trim,
            )
            for person, take in clip.people.items()
        }

    def render(
        self, scene: bpy.types.Scene, timeline: Timeline, report: Callable[[str], None]
    ) -> None:
        """Render the pictures that were asked for."""
        if not self.picture_folder:
            return
        ends = timeline.time_of(np.array([scene.frame_start, scene.frame_end]))
        times = self.picture_times or even_times(ends[0], ends[1], self.picture_count)
        for path in render_pictures(scene, timeline, times, self.picture_folder):
            report(f"rendered {path}")


def rates_of(clips: Sequence[Clip]) -> list[FrameRate]:
    """Return the frame rates of all takes, in their order."""
    return [rate_of(take.times) for clip in clips for take in clip.people.values()]

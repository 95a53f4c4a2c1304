"""Takes in, a .blend out, without a window: what `python -m bake` does."""

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import bpy
import numpy as np

from bake.clips import Clip, find_clips, people_within
from bake.export.output import write_output
from bake.motion.resample import Timeline, exact_rate, rate_of
from bake.motion.trim import Trim
from bake.scene.animation.curves import Keying
from bake.scene.animation.motion import Motion, motion_of
from bake.scene.body_mesh import COLOURS
from bake.scene.clip.camera_match import create_camera, overview_camera, show_through
from bake.scene.clip.clip_camera import put_collection
from bake.scene.clip.shot import put_shot
from bake.scene.light import add_light
from bake.scene.names import object_name
from bake.scene.pictures import even_times, render_pictures
from bake.scene.rig.rig_look import RigStyle
from bake.scene.timing import fit_timing
from bake.scene.writer import Figure, write_person
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


def bake_file(job: BakeJob, report: Callable[[str], None] = print) -> list[str]:
    """Bake takes into a new .blend, which appears only once it is complete.

    Everything that was open in Blender is closed.

    Parameters
    ----------
    job : BakeJob
    report : callable
        Is told of the progress, one line at a time.

    Returns
    -------
    list of str
        Warnings, one sentence each.

    Raises
    ------
    MocapError
        When an input cannot be used or the output not be written.
    """
    clips, warnings = find_clips(job.inputs, job.reading)
    rates = [rate_of(take.times) for clip in clips for take in clip.people.values()]
    rate = rates[0] if job.frame_rate is None else exact_rate(job.frame_rate)
    if job.frame_rate is None and len(set(rates)) > 1:
        found = ", ".join(sorted({str(each) for each in rates}))
        warnings.append(
            f"The takes have different frame rates ({found}); all were baked at {rate}."
        )
    clips = people_within(clips, job.trim, warnings)
    timelines = [Timeline(rate, max(clip.start, job.trim.start)) for clip in clips]
    motions = _motions(job, clips, timelines)
    everyone = [motion.keys for people in motions for motion in people.values()]
    # The factory settings would switch add-ons off, this one too, and take its wheels away.
    bpy.ops.wm.read_homefile(use_empty=True, use_factory_startup=True)
    scene = bpy.data.scenes[0]
    add_light(scene)
    fit_timing(scene, timelines[0], everyone)
    colours, armatures = itertools.cycle(COLOURS), []
    for clip, timeline, people in zip(clips, timelines, motions, strict=True):
        collection = put_collection(scene, clip.name, [])
        for person, motion in people.items():
            name = object_name(clip.name, person)
            figure, told = write_person(
                scene,
                Figure(),
                name,
                motion,
                collection,
                colour=next(colours),
                with_body=job.with_body,
                style=RigStyle(job.root_bone),
                keying=job.keying,
            )
            warnings += told
            armatures += [figure.armature] if figure.armature else []
            report(f"{name}: {len(motion.keys.frames)} frames at {rate} per second")
        takes = clip.people.values()
        warnings += put_shot(
            scene, clip.name, clip.video, takes, timeline, collection, clip.sound_start
        )
    if scene.camera is None:
        camera = overview_camera(np.concatenate([keys.positions for keys in everyone]))
        show_through(scene, create_camera("Overview", camera, scene.collection), camera.size)
    warnings += write_output(scene, armatures, job.output, job.preset, report)
    if job.picture_folder:
        timeline = timelines[0]
        ends = timeline.time_of(np.array([scene.frame_start, scene.frame_end]))
        times = job.picture_times or even_times(ends[0], ends[1], job.picture_count)
        for path in render_pictures(scene, timeline, times, job.picture_folder):
            report(f"rendered {path}")
    return warnings


def _motions(
    job: BakeJob, clips: Sequence[Clip], timelines: Sequence[Timeline]
) -> list[dict[str, Motion]]:
    """Work out all numbers, for each clip by the name of the person."""
    body = load_body(job.body_file) if job.body_file else None
    return [
        {
            person: motion_of(
                take,
                timeline,
                job.smoothing,
                root_motion=job.root_motion,
                feet=job.feet,
                body=body,
                body_file=str(job.body_file or ""),
                trim=job.trim,
            )
            for person, take in clip.people.items()
        }
        for clip, timeline in zip(clips, timelines, strict=True)
    ]

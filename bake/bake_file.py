"""Takes in, a .blend out, without a window: what `python -m bake` does."""

import itertools
from collections.abc import Callable

import bpy
import numpy as np

from bake.bake_job import BakeJob, rates_of
from bake.clips import find_clips, people_within
from bake.export.output import write_output
from bake.motion.resample import Timeline
from bake.scene.body_mesh import COLOURS
from bake.scene.clip.camera_match import create_camera, overview_camera, show_through
from bake.scene.clip.clip_camera import put_collection
from bake.scene.clip.shot import put_shot
from bake.scene.light import add_light
from bake.scene.names import object_name
from bake.scene.rig.rig_look import RigStyle
from bake.scene.timing import fit_timing
from bake.scene.writer import Figure, write_person


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
    rate = job.rate(rates_of(clips), warnings)
    clips = people_within(clips, job.trim, warnings)
    timelines = [Timeline(rate, max(clip.start, job.trim.start)) for clip in clips]
    motions = [job.motions(clip, timeline) for clip, timeline in zip(clips, timelines, strict=True)]
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
    job.render(scene, timelines[0], report)
    return warnings

"""From the arguments of `python -m bake` to what is done."""

import argparse
from dataclasses import replace

from bake.bake_file import bake_file
from bake.bake_job import BakeJob
from bake.command.cleanup_arguments import ROTATIONS, tolerance_of, trim_of
from bake.command.retarget_arguments import ROOTS, STARTS
from bake.command.retarget_file import RetargetJob, retarget_file
from bake.motion.root_motion import ROOT_MOTIONS
from bake.retarget.settings import RetargetSettings
from bake.scene.animation.curves import Keying
from core_model.results.reading import ReadOptions


def bake_for(options: argparse.Namespace) -> list[str]:
    """Bake takes as our own figures; return warnings."""
    return bake_file(_job(options))


def retarget_for(options: argparse.Namespace) -> list[str]:
    """Put takes on somebody's character; return warnings."""
    settings = RetargetSettings(
        root=ROOTS[options.root_motion or (options.root if options.root in ROOTS else "hips")],
        keep_travel=options.keep_travel,
        start=STARTS[options.start],
        limbs=options.limbs,
        pin_feet=options.pin_feet,
        pin_hands=options.pin_hands,
        floor=options.floor,
        pose_as_rest=options.pose_as_rest,
        scale=options.scale,
        tolerance=tolerance_of(options),
        place=options.into,
        step=options.step,
        blend_in=options.blend,
        blend_out=options.blend,
    )
    job = _job(options)
    if options.root in ROOTS:
        # The way is taken out of the rig's motion; what stands stays on the ground for that.
        job = replace(job, root_motion=None)
    return retarget_file(
        RetargetJob(
            job, options.retarget, options.rig, options.bone_map, options.source_map, settings
        )
    )


def _job(options: argparse.Namespace) -> BakeJob:
    on_bone = options.root == "bone" and options.root_bone is None
    return BakeJob(
        inputs=options.inputs,
        output=options.output,
        reading=ReadOptions(options.clip_fps, options.up, tuple(options.clips_from)),
        frame_rate=options.fps,
        smoothing=options.smooth,
        root_motion=_grounding(options),
        feet=options.feet,
        root_bone="hips" if on_bone else options.root_bone or "origin",
        trim=trim_of(options),
        keying=Keying(tolerance_of(options), ROTATIONS[options.rotation]),
        with_body=options.with_body,
        body_file=options.body,
        preset=options.preset,
        picture_folder=options.pictures,
        picture_times=options.picture_times,
        picture_count=options.picture_count,
    )


def _grounding(options: argparse.Namespace) -> str | None:
    return options.root if options.root in ROOT_MOTIONS else None

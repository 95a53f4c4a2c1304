"""From the arguments of `python -m bake` to what is done."""

import argparse

from bake.bake_file import BakeJob, bake_file
from bake.command.cleanup_arguments import ROTATIONS, tolerance_of, trim_of
from bake.command.retarget_arguments import ROOTS, STARTS
from bake.command.retarget_file import RetargetJob, retarget_file
from bake.motion.root_motion import ROOT_MOTIONS
from bake.retarget.settings import RetargetSettings
from bake.scene.animation.curves import Keying
from core_model.results.reading import ReadOptions


def bake_for(options: argparse.Namespace) -> list[str]:
    """Bake takes as our own figures; return warnings."""
    on_bone = options.root == "bone" and options.root_bone is None
    return bake_file(
        BakeJob(
            inputs=options.inputs,
            output=options.output,
            reading=ReadOptions(options.clip_fps, options.up),
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
    )


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
    return retarget_file(
        RetargetJob(
            inputs=options.inputs,
            rig=options.retarget,
            output=options.output,
            rig_name=options.rig,
            bone_map=options.bone_map,
            source_map=options.source_map,
            settings=settings,
            preset=options.preset,
            reading=ReadOptions(options.clip_fps, options.up),
            frame_rate=options.fps,
            smoothing=options.smooth,
            # Without a way a rig is in place; what stands stays on the ground for that.
            root_motion=None if options.root in ROOTS else options.root,
            feet=options.feet,
            trim=trim_of(options),
            body_file=options.body,
            picture_folder=options.pictures,
            picture_times=options.picture_times,
            picture_count=options.picture_count,
        )
    )


def _grounding(options: argparse.Namespace) -> str | None:
    return options.root if options.root in ROOT_MOTIONS else None

"""The stages of the pipeline switched on one after the other, and then those of clean-up."""

import copy
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch

from bake.cleaning import clean_motion
from bake.motion.resample import Keys, Timeline, rate_of
from bake.motion.smoothing import load_profile
from core_model.body.model import Body, default_body
from core_model.body.skeleton import JOINT_COUNT
from core_model.detection.qualities import BEST
from core_model.geometry.camera import Camera
from core_model.geometry.rotations import (
    axis_angle_to_matrix,
    matrix_to_axis_angle,
    quaternion_to_matrix,
)
from core_model.network import INTNetwork
from core_model.options import CaptureOptions
from core_model.pipeline.stages import STAGES, Stage, place, run
from core_model.pipeline.work import Work
from core_model.take import Take
from core_model.video.clip import open_video
from train.evaluate.benchmarks import BenchmarkClip
from train.evaluate.clip_tracks import RememberedHands, tracked_in

NETWORK = "network alone"
SWITCHED = tuple(f"+ {stage.title}" for stage in STAGES if stage.title)
"""What each stage of the pipeline that can be left out adds, in their order."""

GUARD, HANDS, FIT, WRISTS, WORLD = SWITCHED
SMOOTH = "+ smoothing, default"
FEET = "+ grounding, foot lock"
ROWS = (NETWORK, *SWITCHED, SMOOTH, FEET)
"""In their order; what is baked by default is the last, what a capture holds is `WORLD`."""

ON_A_FLOOR = (WORLD, SMOOTH, FEET)
"""The rows after which there is a floor."""


def work_on(
    clip: BenchmarkClip, network: INTNetwork, device: torch.device, quality: str = BEST
) -> Work:
    """Return the work that a capture of a benchmark's clip begins with, its people known.

    Parameters
    ----------
    clip : BenchmarkClip
    network : INTNetwork
        With keypoint evidence, on `device`.
    device : torch.device
    quality : str
        One of `core_model.detection.qualities.MODELS`.

    Raises
    ------
    VideoError
        When the clip cannot be read.
    """
    options = CaptureOptions(people=clip.people, quality=quality)
    return work_on_video(clip.video, network, device, options)


def work_on_video(
    path: Path, network: INTNetwork, device: torch.device, options: CaptureOptions
) -> Work:
    """Return the work that a capture of any clip begins with, its people known.

    The parameters are those of `work_on`; the quality and whose motion is wanted say the options.

    Raises
    ------
    VideoError
        When the clip cannot be read.
    """
    tracked, video = tracked_in(path, quality=options.quality), open_video(path)
    return Work(
        video,
        Camera.assumed(video.width, video.height),
        network,
        device,
        default_body(),
        options,
        observe_hands=RememberedHands(path),
        times=tracked.times,
        tracks=tracked.tracks,
        background=tracked.background,
        edges=tracked.edges,
    )


def run_stages(work: Work, wanted: Sequence[str] = ROWS) -> dict[str, list[Take]]:
    """Return everybody's takes after each stage.

    Before there is a world, the camera is taken to be level and the floor to be where it is.

    Parameters
    ----------
    work : Work
        From `work_on`; it stays as it is.
    wanted : sequence of str
        Of `ROWS`.
    """
    results: dict[str, list[Take]] = {}
    current, done = work, list[Stage]()
    for number, row in enumerate((NETWORK, *SWITCHED)):
        if row not in wanted and (row != WORLD or not {SMOOTH, FEET} & set(wanted)):
            continue
        stages = _switched_on(SWITCHED[:number])
        if not done or stages[: len(done)] != done:
            current, done = replace(work, warnings=[]), []
        run(current, stages[len(done) :])
        done = stages
        if row == WORLD:
            results[row] = current.takes
        else:
            aside = replace(current, figures=copy.deepcopy(current.figures))
            place(aside)
            results[row] = [levelled_take(take, work.body) for take in aside.takes]
    for row, feet in ((SMOOTH, False), (FEET, True)):
        if row in wanted:
            results[row] = [cleaned(take, work.body, feet) for take in results[WORLD]]
    return {row: results[row] for row in ROWS if row in wanted}


def _switched_on(titles: Sequence[str]) -> list[Stage]:
    """Return the stages of the pipeline with only these of its switches on."""
    return [stage for stage in STAGES if not stage.title or f"+ {stage.title}" in titles]


def cleaned(take: Take, body: Body, feet: bool, smoothing: str = "default") -> Take:
    """Return a take as it is baked at its own frame rate.

    Parameters
    ----------
    take : Take
    body : Body
    feet : bool
        Whether the figure is put on the ground and its feet are pinned.
    smoothing : str
        Name of a profile.
    """
    timeline = Timeline(rate_of(take.times), float(take.times[0]))
    root_motion, feet_mode = ("ground", "auto") if feet else ("free", "never")
    keys = clean_motion(take, timeline, load_profile(smoothing), body, root_motion, feet_mode)
    return _take_of(keys, timeline, take, body)


def _take_of(keys: Keys, timeline: Timeline, take: Take, body: Body) -> Take:
    times = timeline.time_of(keys.frames)
    nearest = np.abs(take.times[None, :] - times[:, None]).argmin(axis=1)
    matrices = quaternion_to_matrix(keys.quaternions)
    return replace(
        take,
        poses=matrix_to_axis_angle(matrices).reshape(len(times), 3 * JOINT_COUNT),
        trans=keys.positions - body.rest_joints(take.betas)[0],
        times=times,
        confidence=take.confidence[nearest],
        keypoints2d=take.keypoints2d[nearest],
        bbox=take.bbox[nearest],
        frame_valid=take.frame_valid[nearest],
        camera_turns=take.camera_turns[nearest] if np.size(take.camera_turns) else np.empty(0),
        camera_zoom=take.camera_zoom[nearest] if np.size(take.camera_zoom) else np.empty(0),
        poses_hands=None,
        confidence_hands=np.empty(0),
    )


def levelled_take(take: Take, body: Body) -> Take:
    """Return a take in the world of a level camera at its origin."""
    assert take.camera is not None
    level = np.eye(4)
    level[:3, :3] = [[1.0, 0.0, 0.0], [0.0, 0.0, 1.0], [0.0, -1.0, 0.0]]
    turn = level[:3, :3] @ take.camera.to_world[:3, :3].T
    rotations = axis_angle_to_matrix(take.poses[:, :3])
    poses = take.poses.copy()
    poses[:, :3] = matrix_to_axis_angle(turn @ rotations)
    rest = body.rest_joints(take.betas)[0]
    seen = take.camera.world_to_camera(take.trans + rest)
    return replace(
        take,
        poses=poses,
        trans=seen @ level[:3, :3].T - rest,
        camera=replace(take.camera, to_world=level),
    )

"""The pipeline with its stages switched on one after the other, on tracks that are there."""

import copy
from dataclasses import replace

import numpy as np
import torch

from bake.cleaning import clean_motion
from bake.motion.resample import Keys, Timeline, rate_of
from bake.motion.smoothing import load_profile
from core_model.body.model import Body, default_body
from core_model.body.skeleton import JOINT_COUNT
from core_model.fit.steadying import refine_steadied
from core_model.geometry.camera import Camera
from core_model.geometry.rotations import (
    axis_angle_to_matrix,
    matrix_to_axis_angle,
    quaternion_to_matrix,
)
from core_model.hands.pipeline import give_hands
from core_model.lifting.figure import Figure
from core_model.lifting.lift import lift_landmarks, with_sides_right
from core_model.network import INTNetwork
from core_model.take import Take
from core_model.tracking.tracks import Track
from core_model.world.camera_motion import camera_motion
from core_model.world.to_takes import into_world
from train.evaluate.clip_tracks import ClipTracks

NETWORK = "network alone"
GUARD = "+ left-right guard"
HANDS = "+ points of the hands"
FIT = "+ fit to the landmarks"
WRISTS = "+ wrists from the hands"
WORLD = "+ gravity and floor"
SMOOTH = "+ smoothing, default"
FEET = "+ grounding, foot lock"
STAGES = (NETWORK, GUARD, HANDS, FIT, WRISTS, WORLD, SMOOTH, FEET)
"""In their order; what is baked by default is the last, what a capture holds is `WORLD`."""

ON_A_FLOOR = (WORLD, SMOOTH, FEET)
"""The stages after which there is a floor."""


def run_stages(
    found: ClipTracks,
    network: INTNetwork,
    device: torch.device,
    wanted: tuple[str, ...] = STAGES,
    body: Body | None = None,
) -> dict[str, list[Take]]:
    """Return everybody's takes after each stage.

    Before there is a world, the camera is taken to be level and the floor to be where it is.

    Parameters
    ----------
    found : ClipTracks
    network : INTNetwork
        With keypoint evidence, on `device`.
    device : torch.device
    wanted : tuple of str
        Of `STAGES`.
    body : Body, optional
        The default one if not given.
    """
    body = body or default_body()
    camera, times = Camera.assumed(*found.size), found.times
    motion = camera_motion(found.looks, times, camera, focal_known=False)
    if motion.focal:
        camera = replace(camera, focal=motion.focal)

    def lifted(tracks: list[Track]) -> list[Figure]:
        return [lift_landmarks(track, times, camera, network, device, body) for track in tracks]

    def placed(figures: list[Figure]) -> list[Take]:
        return into_world(copy.deepcopy(figures), times, camera, body, {}, motion)

    def levelled(figures: list[Figure]) -> list[Take]:
        return [levelled_take(take, body) for take in placed(figures)]

    results: dict[str, list[Take]] = {}
    if NETWORK in wanted:
        results[NETWORK] = levelled(lifted(found.tracks))
    if GUARD in wanted:
        results[GUARD] = levelled(
            lifted(
                [
                    with_sides_right(track, times, camera, network, device, body)
                    for track in found.tracks
                ]
            )
        )
    figures = lifted(found.hands.tracks)
    if HANDS in wanted:
        results[HANDS] = levelled(figures)
    for figure in figures:
        refine_steadied(figure, motion.of(figure), times, camera, device, body)
    if FIT in wanted:
        results[FIT] = levelled(figures)
    give_hands(figures, found.hands, times, camera, body)
    if WRISTS in wanted:
        results[WRISTS] = levelled(figures)
    takes = placed(figures)
    if WORLD in wanted:
        results[WORLD] = takes
    if SMOOTH in wanted:
        results[SMOOTH] = [cleaned(take, body, feet=False) for take in takes]
    if FEET in wanted:
        results[FEET] = [cleaned(take, body, feet=True) for take in takes]
    return results


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

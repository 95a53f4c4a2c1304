"""A clip before it is rendered: people where they belong, the camera that sees them, obstacles."""

from pathlib import Path

import numpy as np

from core_model.body.model import Body
from core_model.body.skeleton import JOINT_COUNT, JOINT_INDEX, SMPL_TO_WORLD
from core_model.geometry.camera import Camera
from core_model.geometry.rotations import axis_angle_to_matrix, matrix_to_axis_angle
from core_model.take import Take
from train.rendering.mocap_motion import captured_motion
from train.rendering.room import Box
from train.rendering.sets import pillar, stool, table
from train.rendering.shot import FRAME_RATE, Actor, Shot
from train.rendering.standing import Motion, stand_on_floor

_MARGIN = 0.12  # metres around joints: the body is thicker than they are
_SEAT_BELOW_PELVIS = 0.13  # metres


def filmed_takes(shot: Shot, body: Body, data: Path, cache: Path) -> list[Take]:
    """Return the truth of a clip, one Take for each person, with the camera.

    Parameters
    ----------
    shot : Shot
    body : Body
    data : Path
        The data folder.
    cache : Path
        Where archives are unpacked.
    """
    rng = np.random.default_rng(shot.seed)
    takes = []
    for actor in shot.actors:
        whole = captured_motion(actor.motion, data, cache)
        part = slice(actor.start, actor.start + shot.frames)
        motion = Motion(whole.rotations[part], whole.hips[part], whole.leg)
        betas = np.clip(rng.normal(0, 0.8, 10), -1.6, 1.6)
        rotations, pelvis = stand_on_floor(motion, body, betas, FRAME_RATE)
        takes.append(_in_world(rotations, pelvis, betas, actor, body))
    camera = placed_camera(np.concatenate([take.joints(body) for take in takes], axis=1), shot)
    for take in takes:
        take.camera = camera
        pixels = camera.project(take.camera_joints(body))
        low, high = pixels.min(axis=1), pixels.max(axis=1)
        take.bbox = np.concatenate((low, high - low), axis=1)
    return takes


def _in_world(
    rotations: np.ndarray, pelvis: np.ndarray, betas: np.ndarray, actor: Actor, body: Body
) -> Take:
    """Turn a motion to its heading and put its middle where it belongs."""
    facing = rotations[:, 0, :, 2].mean(axis=0)
    turn = np.radians(actor.heading) - np.arctan2(facing[0], facing[2])
    to_world = SMPL_TO_WORLD @ axis_angle_to_matrix(turn * np.array([0.0, 1.0, 0.0]))
    rotations = rotations.copy()
    rotations[:, 0] = to_world @ rotations[:, 0]
    place = pelvis @ to_world.T
    place[:, :2] += (
        np.array(actor.place) - (place[:, :2].min(axis=0) + place[:, :2].max(axis=0)) / 2
    )
    return Take(
        poses=matrix_to_axis_angle(rotations).reshape(len(rotations), 3 * JOINT_COUNT),
        trans=place - body.rest_joints(betas)[0],
        betas=betas,
        times=np.arange(len(rotations)) / FRAME_RATE,
        source={"made by": "train.rendering.shots", "motion": f"CMU {actor.motion}"},
    )


def placed_camera(joints: np.ndarray, shot: Shot) -> Camera:
    """Return the camera that sees all joints (T, N, 3), world, metres, all the time."""
    view, size = shot.view, np.array(shot.size)
    focal = view.focal * size.max()
    points = joints.reshape(-1, 3)
    middle = (points.min(axis=0) + points.max(axis=0)) / 2
    azimuth, elevation = np.radians(view.azimuth), np.radians(view.elevation)
    level = np.array([np.sin(azimuth), -np.cos(azimuth), 0.0])
    towards = np.cos(elevation) * level + np.sin(elevation) * np.array([0.0, 0.0, 1.0])
    to_world = np.eye(4)
    right = np.cross(-towards, [0.0, 0.0, 1.0])
    right /= np.linalg.norm(right)
    axes = np.stack((right, np.cross(-towards, right), -towards), axis=1)
    to_world[:3, :3] = axes @ axis_angle_to_matrix(
        np.radians(view.roll) * np.array([0.0, 0.0, 1.0])
    )
    low, high = 0.5, 40.0
    for _ in range(40):
        distance = (low + high) / 2
        to_world[:3, 3] = middle + distance * towards
        to_world[2, 3] = max(to_world[2, 3], 0.15)
        camera = Camera(focal, size / 2, size, to_world.copy())
        seen = camera.world_to_camera(points)
        edge = np.abs(seen[:, :2]) + _MARGIN
        inside = (edge / np.maximum(seen[:, 2:], 0.05) * focal < view.fill * size / 2).all()
        near, far = seen[:, 2].min() > 0.6, bool(inside)
        low, high = (low, distance) if near and far else (distance, high)
    to_world[:3, 3] = middle + high * towards
    to_world[2, 3] = max(to_world[2, 3], 0.15)
    return Camera(focal, size / 2, size, to_world)


def obstacles_of(shot: Shot, takes: list[Take], body: Body) -> list[Box]:
    """Return what hides parts of people, placed where it does so without touching them."""
    joints = np.concatenate([take.joints(body) for take in takes], axis=1)
    camera = takes[0].camera
    assert camera is not None
    eye = camera.to_world[:2, 3]
    middle = joints[:, 0, :2].mean(axis=0)
    towards = (eye - middle) / np.linalg.norm(eye - middle)
    front = middle + towards * ((joints[..., :2] - middle) @ towards).max()
    boxes: list[Box] = []
    for kind in shot.obstacles:
        if kind == "table":
            boxes += table(front + 0.4 * towards, eye, 0.78, 1.5)
        elif kind == "pillar":
            # Beside the middle of the way: it hides somebody for part of the clip.
            boxes += pillar(front + 0.45 * towards, 0.18)
        else:
            pelvis = joints[:, JOINT_INDEX["pelvis"]]
            lowest = pelvis[:, 2] < np.percentile(pelvis[:, 2], 30)
            seat = pelvis[lowest].mean(axis=0)
            boxes += stool(seat[:2], float(seat[2]) - _SEAT_BELOW_PELVIS)
    return boxes

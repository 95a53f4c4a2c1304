"""The rendered benchmark's clips: who does what, in which room, and where the camera stands."""

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from core_model.body.model import Body
from core_model.body.skeleton import JOINT_COUNT, JOINT_INDEX, SMPL_TO_WORLD
from core_model.geometry.camera import Camera
from core_model.geometry.rotations import axis_angle_to_matrix, matrix_to_axis_angle
from core_model.take import Take
from train.rendering.clothes import Outfit
from train.rendering.mocap_motion import captured_motion
from train.rendering.room import Box
from train.rendering.sets import pillar, stool, table
from train.rendering.standing import Motion, stand_on_floor

FRAME_RATE = 30
_MARGIN = 0.12  # metres around joints: the body is thicker than they are
_SEAT_BELOW_PELVIS = 0.13  # metres


@dataclass(frozen=True)
class Actor:
    """Somebody in a clip.

    Parameters
    ----------
    motion : str
        Name of a clip of motion capture.
    start : int
        First frame of it.
    outfit : Outfit
    place : (2,)
        Where the middle of the way is, metres.
    heading : float
        Degrees that the motion is turned to the left; at 0 it faces -Y on average.
    """

    motion: str
    start: int
    outfit: Outfit
    place: tuple[float, float] = (0.0, 0.0)
    heading: float = 0.0


@dataclass(frozen=True)
class View:
    """Where the camera stands, as seen from the people.

    Parameters
    ----------
    azimuth : float
        Degrees: 0 before their faces, 90 at their left, 180 behind.
    elevation : float
        Degrees that the camera is above the middle of the body.
    focal : float
        Focal length as a share of the picture's longer side.
    fill : float
        Share of the picture that the whole way takes, of width or height.
    roll : float
        Degrees.
    """

    azimuth: float
    elevation: float = 4.0
    focal: float = 0.95
    fill: float = 0.86
    roll: float = 0.0


@dataclass(frozen=True)
class Shot:
    """One clip. Its name seeds nothing; `seed` makes bodies and room.

    Parameters
    ----------
    name : str
    actors : tuple of Actor
    frames : int
    view : View
    seed : int
    size : (2,) int
        Width and height in pixels.
    clutter : int
        How much stands around; 0 is a plain room.
    light_turns : float
        Degrees that the light goes around during the clip.
    shadows : bool
        Hard light with shadows, or soft light without.
    obstacles : tuple of str
        Of "table", "pillar", "stool".
    """

    name: str
    actors: tuple[Actor, ...]
    frames: int
    view: View
    seed: int
    size: tuple[int, int] = (640, 360)
    clutter: int = 8
    light_turns: float = 0.0
    shadows: bool = True
    obstacles: tuple[str, ...] = field(default_factory=tuple)


_DARK = Outfit(
    skin=(0.42, 0.28, 0.20),
    hair=(0.06, 0.05, 0.05),
    shirt=(0.85, 0.83, 0.78),
    trousers=(0.18, 0.18, 0.20),
    shoes=(0.15, 0.12, 0.10),
    long_sleeves=True,
)
_SPORT = Outfit(
    skin=(0.72, 0.50, 0.38),
    hair=(0.35, 0.22, 0.10),
    shirt=(0.10, 0.35, 0.65),
    trousers=(0.10, 0.10, 0.12),
    shoes=(0.80, 0.25, 0.15),
    shorts=True,
)
_STRIPES = Outfit(
    skin=(0.86, 0.68, 0.58),
    hair=(0.62, 0.48, 0.25),
    shirt=(0.75, 0.78, 0.70),
    trousers=(0.38, 0.30, 0.22),
    shoes=(0.25, 0.18, 0.14),
    long_sleeves=True,
    striped=True,
)
_GREY = Outfit(
    shirt=(0.45, 0.46, 0.48), trousers=(0.33, 0.34, 0.36), shoes=(0.7, 0.7, 0.7), long_sleeves=True
)
_GREEN = Outfit(
    skin=(0.60, 0.42, 0.32),
    hair=(0.08, 0.07, 0.07),
    shirt=(0.15, 0.42, 0.24),
    trousers=(0.55, 0.50, 0.40),
    shoes=(0.12, 0.12, 0.12),
)
_PLAIN = Outfit()

_WIDE, _TALL, _LARGE = (640, 360), (360, 640), (854, 480)

SHOTS = (
    Shot("walk_front", (Actor("07_05", 5, _SPORT),), 90, View(15), 1),
    Shot(
        "walk_side", (Actor("35_12", 2, _DARK),), 90, View(82, 2, 1.8), 2, _LARGE, light_turns=140
    ),
    Shot(
        "walk_away",
        (Actor("35_16", 5, _STRIPES),),
        90,
        View(168, 10, 1.1, roll=4),
        3,
        shadows=False,
    ),
    Shot(
        "sneak_high",
        (Actor("17_03", 10, _GREEN),),
        90,
        View(40, 32, 0.85),
        4,
        clutter=12,
    ),
    Shot("punch", (Actor("17_10", 470, _SPORT),), 90, View(28, 5), 5, _LARGE),
    Shot(
        "box_behind",
        (Actor("13_18", 322, _GREY),),
        90,
        View(205, 3, 1.3),
        6,
        clutter=10,
        shadows=False,
    ),
    Shot("jump_low", (Actor("13_42", 4, _PLAIN),), 90, View(-28, -9, 0.8), 7, clutter=0),
    Shot(
        "leap_side",
        (Actor("13_13", 6, _DARK),),
        96,
        View(90, 6),
        8,
        _LARGE,
        clutter=6,
        shadows=False,
    ),
    Shot("squat_high", (Actor("13_30", 358, _STRIPES),), 120, View(52, 24), 9, _TALL),
    Shot(
        "seated",
        (Actor("13_01", 70, _GREEN),),
        110,
        View(-35, 8, 1.1),
        10,
        obstacles=("stool",),
    ),
    Shot("bend", (Actor("13_31", 245, _GREY),), 90, View(-42, 5), 11, _TALL, light_turns=90),
    Shot("signals", (Actor("13_26", 265, _PLAIN),), 90, View(8, 18, 0.6), 12, _TALL, clutter=12),
    Shot(
        "reach_back",
        (Actor("13_10", 55, _SPORT),),
        90,
        View(152, -4, 0.9),
        13,
        clutter=10,
        light_turns=-120,
        shadows=False,
    ),
    Shot("kick", (Actor("90_05", 22, _GREY),), 90, View(-72, 6, 1.2), 14, _LARGE),
    Shot("cartwheel", (Actor("90_02", 56, _GREEN),), 90, View(24, 6), 15, clutter=0, shadows=False),
    Shot(
        "laugh_table",
        (Actor("13_15", 395, _DARK),),
        90,
        View(10, 10, 1.0),
        16,
        obstacles=("table",),
        shadows=False,
    ),
    Shot(
        "limp_pillar",
        (Actor("17_03", 2, _STRIPES),),
        90,
        View(64, 4, 1.0),
        17,
        obstacles=("pillar",),
    ),
    Shot(
        "crossing",
        (
            Actor("35_01", 0, _SPORT, (0.0, 0.45), 90.0),
            Actor("07_05", 20, _STRIPES, (0.0, -0.45), -90.0),
        ),
        86,
        View(4, 6, 0.9, 0.9),
        18,
        _LARGE,
    ),
)
"""All on subjects that no training run has seen: 07, 13, 17, 35 and 90."""


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

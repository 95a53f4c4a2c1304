"""People on the floor: whether gravity, floor and picture still fit where nobody stands.

Motion capture of lying, crawling, falling and getting up is put on a floor, filmed as landmarks
with a detector's errors, captured and baked. Of real clips of it nobody knows the truth.
"""

from dataclasses import dataclass

import numpy as np
import torch

from core_model.body.landmarks import place_landmarks
from core_model.body.model import Body, default_body
from core_model.body.skeleton import JOINT_COUNT, SMPL_TO_WORLD, forward_kinematics
from core_model.errors import MocapError
from core_model.fit.refine import refine
from core_model.geometry.camera import Camera
from core_model.geometry.rotations import axis_angle_to_matrix, matrix_to_axis_angle
from core_model.lifting.lift import lift_landmarks, with_sides_right
from core_model.network import INTNetwork
from core_model.take import Take
from core_model.tracking.tracks import Track
from core_model.world.to_takes import into_world
from train.databases.motion_library import FRAME_RATE, MotionLibrary
from train.evaluate.joint_sets import EVALUATION_JOINTS
from train.evaluate.stages import cleaned
from train.synthetic.landmark_noise import NoiseConfig, disturb

_SIZE, _FOCAL = np.array([1280, 720]), 1150.0
_TOUCHING = 0.03  # metres above the lowest point: what carries the body
_CPU = torch.device("cpu")


@dataclass(frozen=True)
class FloorClip:
    """Somebody on the floor, and who looks at it from where.

    Parameters
    ----------
    motion : str
        Name of a clip of motion capture ends with it.
    start : int
        First frame of ninety.
    azimuth, pitch, roll : float
        Degrees: where the camera stands around the person, how far it looks down, how it is held.
    distance, height : float
        Metres.
    """

    motion: str
    start: int
    azimuth: float
    pitch: float
    roll: float = 0.0
    distance: float = 4.0
    height: float = 1.4


FLOOR_CLIPS = (
    FloorClip("Male1_A9_LieDown", 60, 80, 14),
    FloorClip("Female-Lie", 10, 20, 22, 2, 3.2, 1.6),
    FloorClip("Female-Crawl_forward", 10, 75, 9, -2, 4.5, 1.1),
    FloorClip("Male2_A11_Crawl", 150, 30, 16),
    FloorClip("Male1_A12_CrawlBackward", 200, 140, 12, 3),
    FloorClip("Male1_A10_LieToCrouch", 20, -60, 18, 0, 3.6),
    FloorClip("Male2_A8_CrouchToLie", 60, 10, 10, -3, 5.0, 1.2),
    FloorClip("140_dm_140_01", 20, 100, 14, 1),
    FloorClip("139_dm_139_16", 10, -30, 25, 0, 3.5, 1.9),
    FloorClip("90_dm_90_16", 80, 60, 8, 0, 4.5, 1.0),
)
_FRAMES = 90

COLUMNS = ("tilt", "floor", "baked", "picture", "moved")
"""Gravity off by degrees; the body's lowest point off the floor, mm, captured and baked; joints off
where they are in the picture, and by how much the bake moved them there, % of the box."""


def floor_errors(
    library: MotionLibrary,
    network: INTNetwork,
    clips: tuple[FloorClip, ...] = FLOOR_CLIPS,
) -> dict[str, list[float]]:
    """Capture and bake people on the floor.

    Parameters
    ----------
    library : MotionLibrary
        With the motions of the clips.
    network : INTNetwork
        With keypoint evidence, on the CPU.
    clips : tuple of FloorClip

    Returns
    -------
    dict of list of float
        Values of `COLUMNS` by the name of the motion, and their "mean".

    Raises
    ------
    MocapError
        When a motion is missing.
    """
    body = default_body()
    found = {}
    for number, clip in enumerate(clips):
        truth = true_take(_motion(library, clip), clip, body)
        landmarks = seen(truth, body, number)
        take = captured(landmarks, truth, network, body)
        found[clip.motion] = _errors(take, cleaned(take, body, feet=True), truth, body)
    found["mean"] = np.mean(list(found.values()), axis=0).tolist()
    return found


def true_take(rotations: np.ndarray, clip: FloorClip, body: Body) -> Take:
    """Return a motion (T, 24, 3, 3) of a Y-up world on the floor of a world with a camera.

    Whatever touches the floor keeps its place on it.
    """
    local = rotations.astype(float)
    local[:, 0] = SMPL_TO_WORLD @ local[:, 0]
    vertices = body.pose(local, np.zeros(10))
    place = np.zeros((len(local), 3))
    place[:, 2] = -vertices[..., 2].min(axis=1)
    for frame in range(1, len(local)):
        low = vertices[frame - 1 : frame + 1, :, 2] + place[frame - 1 : frame + 1, None, 2]
        touching = (low < _TOUCHING).all(axis=0)
        if touching.any():
            moved = vertices[frame, touching, :2] - vertices[frame - 1, touching, :2]
            place[frame, :2] = place[frame - 1, :2] - moved.mean(axis=0)
    middle = place + body.rest_joints(np.zeros(10))[0]
    return Take(
        poses=matrix_to_axis_angle(local).reshape(len(local), 3 * JOINT_COUNT),
        trans=place,
        betas=np.zeros(10),
        times=np.arange(len(local)) / FRAME_RATE,
        camera=_camera(clip, middle.mean(axis=0)),
    )


def seen(truth: Take, body: Body, seed: int) -> np.ndarray:
    """Return what a detector makes of somebody: landmarks (T, 33, 3), pixels and visibility."""
    camera = truth.camera
    assert camera is not None
    joints, turned = forward_kinematics(truth.rotations(), body.rest_joints(truth.betas))
    points = place_landmarks(joints, turned, body.landmark_offsets(truth.betas))
    inside = camera.world_to_camera(points + truth.trans[:, None])
    flat = torch.from_numpy(inside[None, ..., :2] / inside[None, ..., 2:]).float()
    depths = torch.from_numpy(inside[None, ..., 2]).float()
    places, visibility = disturb(flat, depths, NoiseConfig(), torch.Generator().manual_seed(seed))
    pixels = places[0].numpy() * camera.focal + camera.center
    return np.concatenate((pixels, visibility[0].numpy()[..., None]), axis=-1)


def captured(landmarks: np.ndarray, truth: Take, network: INTNetwork, body: Body) -> Take:
    """Return the take that a capture makes of landmarks, its camera as of any clip."""
    low, high = landmarks[..., :2].min(axis=1), landmarks[..., :2].max(axis=1)
    count = len(landmarks)
    track = Track(
        1,
        np.arange(count),
        landmarks.astype(np.float32),
        np.concatenate((low, high - low), axis=1).astype(np.float32),
        np.ones(count, np.float32),
    )
    camera = Camera.assumed(*(int(side) for side in _SIZE))
    given = (truth.times, camera, network, _CPU, body)
    figure = lift_landmarks(with_sides_right(track, *given), *given)
    refine([figure], truth.times, camera, _CPU, body)
    return into_world([figure], truth.times, camera, body, {"made by": "train.evaluate"})[0]


def _errors(take: Take, final: Take, truth: Take, body: Body) -> list[float]:
    assert take.camera is not None and truth.camera is not None
    up, true_up = take.camera.to_world[2, :3], truth.camera.to_world[2, :3]
    pixels = [_pixels(each, body)[: len(final.times)] for each in (truth, take, final)]
    box = np.ptp(pixels[0], axis=1).max(axis=-1)[:, None]
    off = [
        float(100 * np.mean(np.linalg.norm(one - other, axis=-1) / box))
        for one, other in ((pixels[2], pixels[0]), (pixels[2], pixels[1]))
    ]
    lowest = [1000 * float(np.abs(_lowest(each, body)).mean()) for each in (take, final)]
    tilt = float(np.degrees(np.arccos(np.clip(up @ true_up, -1, 1))))
    return [tilt, *lowest, *off]


def _lowest(take: Take, body: Body) -> np.ndarray:
    """Return how high the lowest point of the skin is (T,), metres."""
    return np.asarray(
        body.pose(take.rotations(), take.betas)[..., 2].min(axis=1) + take.trans[:, 2]
    )


def _pixels(take: Take, body: Body) -> np.ndarray:
    assert take.camera is not None
    return take.camera.project(take.camera_joints(body)[:, list(EVALUATION_JOINTS)])


def _motion(library: MotionLibrary, clip: FloorClip) -> np.ndarray:
    for index, name in enumerate(library.names):
        if name.endswith(clip.motion):
            first = library.bounds[index] + clip.start
            end = min(first + _FRAMES, library.bounds[index + 1])
            return np.asarray(library.rotations[first:end])
    raise MocapError(f"The motion capture has no {clip.motion}: add the packs of ACCAD and CMU.")


def _camera(clip: FloorClip, target: np.ndarray) -> Camera:
    """Return a camera that stands so and looks at the person, or rather past it."""
    azimuth, pitch, roll = np.radians([clip.azimuth, clip.pitch, clip.roll])
    towards = np.array([-np.sin(azimuth), np.cos(azimuth), 0.0])
    forward = np.cos(pitch) * towards - np.array([0.0, 0.0, np.sin(pitch)])
    right = np.cross(towards, [0.0, 0.0, 1.0])
    axes = np.stack((right, np.cross(forward, right), forward), axis=1)
    to_world = np.eye(4)
    to_world[:3, :3] = axes @ axis_angle_to_matrix(np.array([0.0, 0.0, roll]))
    to_world[:3, 3] = target - clip.distance * towards
    to_world[2, 3] = clip.height
    return Camera(_FOCAL, _SIZE / 2, _SIZE, to_world)

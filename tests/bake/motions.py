"""Takes made up for the tests."""

import numpy as np

from core_model.body.model import Body
from core_model.body.skeleton import JOINT_INDEX, SMPL_TO_WORLD
from core_model.geometry.camera import Camera
from core_model.geometry.rotations import axis_angle_to_matrix, matrix_to_axis_angle
from core_model.take import Take


def filmed_from_the_front() -> Camera:
    """A camera that stands six metres before the origin and looks a little down and aside."""
    pitch = axis_angle_to_matrix(np.array([[-0.08, -0.05, 0.03]]))[0]
    to_world = np.eye(4)
    to_world[:3, :3] = np.array([[1, 0, 0], [0, 0, 1], [0, -1, 0]]) @ pitch
    to_world[:3, 3] = [0.4, -6.0, 1.7]
    return Camera(1032.0, np.array([601.5, 377.25]), np.array([1280, 720]), to_world)


def tumbling(frames: int = 40, rate: float = 30.0, seed: int = 1) -> Take:
    """Every joint turns every way, half turns and wraps of axis-angle included."""
    random = np.random.default_rng(seed)
    times = np.arange(frames) / rate
    frequency = random.uniform(0.2, 1.5, (24, 3))
    phase = random.uniform(0, 2 * np.pi, (24, 3))
    angle = 3.0 * np.sin(2 * np.pi * frequency * times[:, None, None] + phase)
    return Take(
        poses=matrix_to_axis_angle(axis_angle_to_matrix(angle)).reshape(frames, 72),
        trans=np.cumsum(random.normal(0, 0.05, (frames, 3)), axis=0) + [0.3, 1.0, 0.9],
        betas=random.normal(0, 1.5, 10),
        times=times,
    )


def walking(frames: int = 60, rate: float = 30.0, camera: Camera | None = None) -> Take:
    """A plain walk towards -Y."""
    times = np.arange(frames) / rate
    phase = 2 * np.pi * times
    rotations = np.tile(np.eye(3), (frames, 24, 1, 1))
    rotations[:, 0] = SMPL_TO_WORLD @ _turn("y", np.radians(5) * np.sin(phase))
    for side, sign, shift in (("left", 1, 0.0), ("right", -1, np.pi)):
        swing = np.sin(phase + shift)
        rotations[:, JOINT_INDEX[f"{side}_hip"]] = _turn("x", np.radians(-30) * swing)
        bend = np.radians(35) + np.radians(30) * np.cos(phase + shift)
        rotations[:, JOINT_INDEX[f"{side}_knee"]] = _turn("x", bend)
        hang = _turn("z", np.full(frames, -sign * np.radians(70)))
        rotations[:, JOINT_INDEX[f"{side}_shoulder"]] = _turn("x", np.radians(30) * swing) @ hang
    return Take(
        poses=matrix_to_axis_angle(rotations).reshape(frames, 72),
        trans=np.stack((0 * times, 1 - 1.2 * times, 0.95 + 0.02 * np.sin(2 * phase)), axis=1),
        betas=np.zeros(10),
        times=times,
        camera=camera,
    )


def turning_joint(joint: str, angle: np.ndarray, times: np.ndarray, axis: str = "y") -> Take:
    """A figure that stands and turns one joint by `angle` (T,) radians."""
    rotations = np.tile(np.eye(3), (len(times), 24, 1, 1))
    rotations[:, 0] = SMPL_TO_WORLD
    rotations[:, JOINT_INDEX[joint]] = rotations[:, JOINT_INDEX[joint]] @ _turn(axis, angle)
    return Take(
        poses=matrix_to_axis_angle(rotations).reshape(len(times), 72),
        trans=np.tile([0.0, 0.0, 0.95], (len(times), 1)),
        betas=np.zeros(10),
        times=times,
    )


def tiny_body() -> Body:
    """A body of 24 vertices, one at each joint, for motions that need no skin."""
    joints = np.zeros((24, 3))
    joints[:, 1] = np.linspace(0, -1, 24)
    return Body(
        v_template=joints,
        shapedirs=np.zeros((24, 3, 10)),
        J_regressor=np.eye(24),
        weights=np.eye(24),
        faces=np.array([[0, 1, 2]]),
    )


def _turn(axis: str, angle: np.ndarray) -> np.ndarray:
    vector = np.eye(3)["xyz".index(axis)]
    return axis_angle_to_matrix(angle[:, None] * vector)

"""People on the floor tell which way is up and where the floor is; who stands is not disturbed."""

import numpy as np
import pytest

from core_model.body.model import default_body
from core_model.body.skeleton import forward_kinematics
from core_model.body.surface import outline_points
from core_model.geometry.rotations import axis_angle_to_matrix
from core_model.world.floor_frame import camera_to_world
from core_model.world.gravity import find_up
from core_model.world.resting import Resting, resting
from tests.floor_poses import FRAMES, RATE, on_all_fours, on_the_back

BODY = default_body()
BETAS = np.zeros(10)
TIMES = np.arange(FRAMES) / RATE
CAMERA_FROM_Y_UP = np.diag([1.0, -1.0, -1.0])
"""A camera that looks level along -Z of a Y-up world: x right, y down, z away."""


def filmed(
    local: np.ndarray, azimuth: float, down: float, roll: float
) -> tuple[np.ndarray, Resting, np.ndarray]:
    """Return joints, outline and the true up in the space of a camera that looks down so far."""
    tilt = axis_angle_to_matrix(np.radians(down) * np.array([1.0, 0.0, 0.0]))
    tilt = axis_angle_to_matrix(np.radians(roll) * np.array([0.0, 0.0, 1.0])) @ tilt
    turn = axis_angle_to_matrix(np.radians(azimuth) * np.array([0.0, 1.0, 0.0]))
    to_camera = tilt @ CAMERA_FROM_Y_UP
    joints, turned = forward_kinematics(local, BODY.rest_joints(BETAS))
    away = to_camera @ np.array([0.0, -1.3, -4.0])
    joints = (joints - joints[:, :1]) @ (to_camera @ turn).T + away
    turned = (to_camera @ turn) @ turned
    tall = float(np.ptp(BODY.rest_vertices(BETAS)[:, 1]))
    outline = resting(joints, turned, outline_points(BODY, BETAS), tall, TIMES)
    return joints, outline, to_camera @ np.array([0.0, 1.0, 0.0])


def apart(one: np.ndarray, other: np.ndarray) -> float:
    return float(np.degrees(np.arccos(np.clip(one @ other, -1, 1))))


@pytest.mark.parametrize("pose", [on_the_back, on_all_fours])
@pytest.mark.parametrize(("azimuth", "down", "roll"), [(0, 25, 0), (90, 20, -8), (200, 22, 6)])
def test_somebody_on_the_floor_shows_it(pose, azimuth, down, roll):
    joints, outline, up = filmed(pose(), azimuth, down, roll)
    assert outline.lowness(up).min() > 0.5
    alone, found = find_up([joints], [TIMES]), find_up([joints], [TIMES], [outline])
    assert apart(found, up) < 7 < 14 < apart(alone, up)
    to_world = camera_to_world([joints], [TIMES], found, [outline])
    skin = outline.skin @ to_world[:3, :3].T + to_world[:3, 3]
    assert abs(np.median(skin[..., 2].min(axis=(1, 2)))) < 0.02


def test_who_stands_is_known_to_stand():
    standing = np.tile(np.eye(3), (FRAMES, 24, 1, 1))
    joints, outline, up = filmed(standing, 30, 15, 0)
    assert outline.lowness(up).max() == 0
    alone, found = find_up([joints], [TIMES]), find_up([joints], [TIMES], [outline])
    assert apart(alone, found) < 0.5


def test_no_lens_is_under_the_floor():
    """The head towards the camera: as well somebody who leans away from one that looks up."""
    joints, outline, _ = filmed(on_the_back(), 180, 25, 0)
    found = find_up([joints], [TIMES], [outline])
    assert outline.support(found).mean() < -0.1


def test_of_a_long_clip_only_some_moments_are_looked_at():
    local = on_the_back(3000)
    joints, turned = forward_kinematics(local, BODY.rest_joints(BETAS))
    outline = resting(joints, turned, outline_points(BODY, BETAS), 1.7, np.arange(3000) / RATE)
    assert len(outline.moments) <= 300
    assert outline.seconds * len(outline.moments) == pytest.approx(100, rel=0.01)
    assert outline.on_feet(np.array([0.0, 1.0, 0.0]), 3000).shape == (3000,)

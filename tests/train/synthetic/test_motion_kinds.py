"""What people do is told from the motion alone."""

import numpy as np
import pytest
import torch

from core_model.body.skeleton import JOINT_COUNT, JOINT_INDEX
from core_model.errors import MocapError
from core_model.geometry.rotations import axis_angle_to_matrix
from train.databases.motion_library import MotionLibrary
from train.synthetic.motion_kinds import KINDS, OTHER, kinds_of
from train.synthetic.motion_sampler import MotionSampler

FRAMES = 40


def still(**degrees):
    """A clip in one pose: turns of joints in degrees about X, Y and Z."""
    local = np.tile(np.eye(3), (FRAMES, JOINT_COUNT, 1, 1))
    for joint, turn in degrees.items():
        local[:, JOINT_INDEX[joint]] = axis_angle_to_matrix(np.radians(np.array([turn], float)))
    return local


SEATED = dict(
    left_hip=(-90, 0, 0), right_hip=(-90, 0, 0), left_knee=(90, 0, 0), right_knee=(90, 0, 0)
)
POSES = {
    "standing": still(left_shoulder=(0, 0, -75), right_shoulder=(0, 0, 75)),
    "floor": still(pelvis=(-90, 0, 0)),
    "tumbling": still(pelvis=(180, 0, 0)),
    "low": still(**SEATED),
    "kick": still(left_hip=(-90, 0, 0)),
    "overhead": still(left_shoulder=(0, 0, 80), left_knee=(40, 0, 0)),
}


def turning(degrees_a_second):
    local = still(left_knee=(40, 0, 0))
    angles = np.radians(degrees_a_second) * np.arange(FRAMES) / 30
    local[:, 0] = axis_angle_to_matrix(angles[:, None] * np.array([0.0, 1.0, 0.0]))
    return local


def punching():
    local = still(left_knee=(40, 0, 0))
    angles = np.radians(80) * np.sin(np.arange(FRAMES) / 30 * 2 * np.pi * 2)
    local[:, JOINT_INDEX["left_shoulder"]] = axis_angle_to_matrix(angles[:, None] * np.eye(3)[1])
    return local


def library(*clips):
    bounds = np.cumsum([0, *(len(clip) for clip in clips)])
    names = [f"a_{number}" for number in range(len(clips))]
    return MotionLibrary(np.concatenate(clips).astype(np.float32), names, bounds)


@pytest.mark.parametrize("kind", POSES)
def test_poses_are_of_their_kind(kind):
    assert (kinds_of(library(POSES[kind])) == KINDS.index(kind)).all()


def test_moves_are_of_their_kind_and_the_rest_is_of_none():
    kinds = kinds_of(library(turning(200), turning(20), punching()))
    fast_turn, slow_turn, punch = kinds.reshape(3, FRAMES)
    assert (fast_turn == KINDS.index("turning")).mean() > 0.8
    assert (slow_turn == OTHER).all()
    assert (punch == KINDS.index("fast")).mean() > 0.2


def test_windows_show_each_kind_as_often_as_wanted():
    clips = [turning(20)] * 20 + [POSES["floor"]]
    sampler = MotionSampler(library(*clips), torch.device("cpu"), 0, kinds={"floor": 0.5})
    sampler.augment = False
    drawn = sampler.draw(400, 8)
    lying = drawn[:, 4, 0, 1, 1].abs() < 0.1
    assert 0.4 < lying.float().mean() < 0.65


def test_unknown_kinds_and_too_large_shares_are_refused():
    for kinds in ({"swimming": 0.1}, {"floor": 0.7, "low": 0.7}):
        with pytest.raises(MocapError, match="Kinds of motion are"):
            MotionSampler(library(POSES["floor"]), torch.device("cpu"), 0, kinds=kinds)

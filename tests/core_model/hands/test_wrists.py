import numpy as np
import pytest

from core_model.body.model import default_body
from core_model.body.skeleton import JOINT_INDEX, forward_kinematics
from core_model.geometry.rotations import axis_angle_to_matrix, rotation_angle
from core_model.hands.wrists import turn_wrists, twist_about

REST = default_body().rest_joints(np.zeros(10))
TIMES = np.arange(40) / 30
WRISTS = [JOINT_INDEX["left_wrist"], JOINT_INDEX["right_wrist"]]


def arms() -> np.ndarray:
    random = np.random.default_rng(0)
    pose = axis_angle_to_matrix(random.normal(0, 0.5, (24, 3)))
    for name, degrees in (("left_wrist", (40, 10, 25)), ("right_wrist", (-30, 5, -20))):
        pose[JOINT_INDEX[name]] = axis_angle_to_matrix(np.radians(degrees))
    return np.tile(pose, (40, 1, 1, 1))


def palms_of(pose: np.ndarray) -> np.ndarray:
    return forward_kinematics(pose, REST)[1][:, WRISTS]


def turned_by(palms: np.ndarray, degrees: float) -> np.ndarray:
    return palms @ axis_angle_to_matrix(np.radians([0.0, degrees, 0.0]))


def test_the_twist_is_shared_and_the_hand_stays_where_it_is():
    pose = arms()
    result = turn_wrists(pose, REST, palms_of(pose), np.zeros((40, 2)), TIMES)
    np.testing.assert_allclose(palms_of(result), palms_of(pose), atol=1e-9)
    before, after = (forward_kinematics(p, REST)[0][:, WRISTS] for p in (pose, result))
    np.testing.assert_allclose(after, before, atol=1e-9)
    for side in ("left", "right"):
        elbow, wrist = (JOINT_INDEX[f"{side}_{part}"] for part in ("elbow", "wrist"))
        axis = (REST[wrist] - REST[elbow]) / np.linalg.norm(REST[wrist] - REST[elbow])
        shares = [twist_about(result[:, joint], axis) for joint in (elbow, wrist)]
        np.testing.assert_allclose(shares[0], shares[1], atol=1e-9)


def test_wrists_turn_towards_hands_that_were_seen_well_and_only_those():
    pose = arms()
    wanted = turned_by(palms_of(pose), 25)
    confidence = np.stack((np.ones(40), np.zeros(40)), axis=1)
    result = palms_of(turn_wrists(pose, REST, wanted, confidence, TIMES))
    away = np.degrees(rotation_angle(result, wanted))
    assert away[:, 0].max() < 15 and away[:, 1].min() > 24


@pytest.mark.parametrize("degrees", [90, 150, 180])
def test_a_hand_that_says_something_quite_different_is_not_believed(degrees):
    pose = arms()
    wanted = turned_by(palms_of(pose), degrees)
    result = palms_of(turn_wrists(pose, REST, wanted, np.ones((40, 2)), TIMES))
    np.testing.assert_allclose(result, palms_of(pose), atol=1e-9)


def test_wrists_come_back_smoothly_when_a_hand_is_lost():
    pose = arms()
    confidence = np.repeat((np.arange(40) < 20).astype(float)[:, None], 2, axis=1)
    wanted = turned_by(palms_of(pose), 30)
    result = palms_of(turn_wrists(pose, REST, wanted, confidence, TIMES))
    steps = np.degrees(rotation_angle(result[1:], result[:-1]))
    assert steps.max() < 4 and steps.sum(axis=0).max() < 16


def test_no_wrist_bends_further_than_wrists_do():
    pose = arms()
    pose[:, WRISTS[0]] = axis_angle_to_matrix(np.radians([0.0, 0.0, -120.0]))
    pose[:, WRISTS[1]] = axis_angle_to_matrix(np.radians([0.0, 70.0, 0.0]))
    result = turn_wrists(pose, REST, palms_of(pose), np.zeros((40, 2)), TIMES)
    bends = np.degrees(rotation_angle(result[:, WRISTS], np.eye(3)))
    assert bends[:, 0].max() < 88 and bends[:, 1].max() < 38


def test_the_hands_own_joints_are_at_rest():
    pose = arms()
    result = turn_wrists(pose, REST, palms_of(pose), np.ones((40, 2)), TIMES)
    hands = [JOINT_INDEX["left_hand"], JOINT_INDEX["right_hand"]]
    np.testing.assert_allclose(result[:, hands], np.tile(np.eye(3), (40, 2, 1, 1)), atol=1e-12)

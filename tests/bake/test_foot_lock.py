import numpy as np
import pytest

from bake.contacts import find_contacts, intervals
from bake.foot_lock import lock_feet
from bake.pose_bones import rest_in_world
from bake.resample import Keys, Timeline, exact_rate
from core_model.body import default_body
from core_model.rotations import axis_angle_to_quaternion, quaternion_to_matrix
from core_model.skeleton import JOINT_INDEX, SMPL_TO_WORLD, forward_kinematics

BETAS = np.zeros(10)
REST, _ = rest_in_world(default_body(), BETAS)
RATE = 30
FEET = [JOINT_INDEX[name] for name in ("left_foot", "right_foot")]
ANKLES = [JOINT_INDEX[name] for name in ("left_ankle", "right_ankle")]
UPRIGHT = np.array([np.pi / 2, 0, 0])


def stepping(seconds=6.0, seed=0, noise=0.001, drift=0.06):
    """Return keys of somebody who steps on the spot, on a root that drifts and trembles.

    One leg is lifted at a time by bending hip and knee, with a second's stand in between.
    """
    random = np.random.default_rng(seed)
    times = np.arange(int(seconds * RATE)) / RATE
    poses = np.zeros((len(times), 24, 3))
    poses[:, 0] = UPRIGHT
    for side, start in (("left", 1.0), ("right", 3.0)):
        lift = np.clip(np.sin((times - start) * np.pi), 0, 1) * (
            (times > start) & (times < start + 1)
        )
        poses[:, JOINT_INDEX[f"{side}_hip"], 0] = -1.0 * lift - 0.15
        poses[:, JOINT_INDEX[f"{side}_knee"], 0] = 1.6 * lift + 0.3
        poses[:, JOINT_INDEX[f"{side}_ankle"], 0] = -0.15
    wander = drift * np.sin(times[:, None] * [0.9, 0.7, 0.5]) * [1, 1, 0.2]
    positions = np.array([0, 0, REST[0, 2] - 0.01]) + wander
    positions += noise * random.normal(size=positions.shape)
    keys = Keys(
        frames=np.arange(1, len(times) + 1),
        quaternions=axis_angle_to_quaternion(poses),
        positions=positions,
        last_of_run=np.arange(len(times)) == len(times) - 1,
    )
    return keys, Timeline(exact_rate(RATE), 0.0)


def joints_of(keys):
    joints, _ = forward_kinematics(quaternion_to_matrix(keys.quaternions), REST @ SMPL_TO_WORLD)
    return joints - joints[:, :1] + keys.positions[:, None]


def knee_angles(joints):
    angles = []
    for side in ("left", "right"):
        hip, knee, ankle = (joints[:, JOINT_INDEX[f"{side}_{p}"]] for p in ("hip", "knee", "ankle"))
        a, b = knee - hip, ankle - knee
        cosine = (a * b).sum(-1) / np.linalg.norm(a, axis=-1) / np.linalg.norm(b, axis=-1)
        angles.append(np.degrees(np.arccos(np.clip(cosine, -1, 1))))
    return np.stack(angles, axis=1)


@pytest.fixture(scope="module")
def before_and_after():
    keys, timeline = stepping()
    return keys, lock_feet(keys, timeline, REST)


def standing(joints):
    times = np.arange(len(joints)) / RATE
    return np.stack(
        [find_contacts(joints[:, [foot]], times, REST[[foot], 2])[:, 0] for foot in FEET], axis=1
    )


def test_contacts_are_where_feet_stand_and_not_where_they_are_lifted(before_and_after):
    keys, _ = before_and_after
    contacts = standing(joints_of(keys))
    seconds = np.arange(len(contacts)) / RATE
    assert contacts[seconds < 0.9].mean() > 0.9
    assert not contacts[(seconds > 1.25) & (seconds < 1.75), 0].any()
    assert not contacts[(seconds > 3.25) & (seconds < 3.75), 1].any()


def test_standing_feet_stay_in_one_place(before_and_after):
    keys, locked = before_and_after
    before, after = joints_of(keys), joints_of(locked)
    contacts = standing(before)

    def slide(joints):
        steps = np.linalg.norm(np.diff(joints[:, FEET], axis=0), axis=-1)
        return 1000 * steps[contacts[1:] & contacts[:-1]]

    assert slide(before).mean() > 1.5
    assert slide(after).mean() < 0.3


def test_knees_hardly_change_and_never_pop(before_and_after):
    keys, locked = before_and_after
    before, after = knee_angles(joints_of(keys)), knee_angles(joints_of(locked))
    assert np.abs(after - before).max() < 8
    # A millimetre of tremble in the root is about two degrees in a knee that is nearly straight.
    assert np.abs(np.diff(after - before, axis=0)).max() < 5


def test_bones_keep_their_length_and_feet_their_direction(before_and_after):
    keys, locked = before_and_after
    norms = np.linalg.norm(locked.quaternions, axis=-1)
    np.testing.assert_allclose(norms, 1, atol=1e-9)
    shifts = []
    for moved in (keys, locked):
        joints = joints_of(moved)
        shifts.append(joints[:, FEET] - joints[:, ANKLES])
    np.testing.assert_allclose(shifts[1], shifts[0], atol=1e-6)


def test_a_jump_leaves_the_ground():
    keys, timeline = stepping(drift=0.0, noise=0.0, seconds=3.0)
    quaternions = keys.quaternions[:1].repeat(len(keys.frames), axis=0)
    seconds = np.arange(len(keys.frames)) / RATE
    height = np.clip(0.4 - 9.81 / 2 * (seconds - 1.5) ** 2, 0, None)
    positions = keys.positions[:1] + height[:, None] * np.array([0, 0, 1.0])
    jump = Keys(keys.frames, quaternions, positions, keys.last_of_run)
    locked = joints_of(lock_feet(jump, timeline, REST))
    rise = locked[:, FEET, 2].max(axis=0) - locked[0, FEET, 2]
    assert (np.abs(rise - height.max()) < 0.02).all()


def test_a_motion_without_contacts_is_left_alone():
    keys, timeline = stepping(seconds=2.0)
    flying = Keys(
        keys.frames,
        keys.quaternions,
        keys.positions + np.arange(len(keys.frames))[:, None] * np.array([0.1, 0, 0]),
        keys.last_of_run,
    )
    locked = lock_feet(flying, timeline, REST)
    np.testing.assert_allclose(locked.positions, flying.positions, atol=1e-9)


def test_intervals_of_flags():
    assert intervals(np.array([1, 1, 0, 1, 0, 0, 1], bool)) == [(0, 2), (3, 4), (6, 7)]
    assert intervals(np.zeros(4, bool)) == []

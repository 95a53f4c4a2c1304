"""Captured motion put on another body stands: feet on the floor, in place, nothing below it."""

import numpy as np
import pytest

from core_model.body.model import default_body
from core_model.body.skeleton import JOINT_INDEX, SMPL_TO_WORLD, forward_kinematics
from core_model.geometry.rotations import rotation_angle
from core_model.take import Take
from train.places import DEMO_FOLDER
from train.rendering.standing import Motion, sole_points, stand_on_floor, standing_points

BETAS = np.array([-1.2, 0.8, 0.0, 0.5, 0.0, 0.0, -0.5, 0.0, 0.0, 0.0])


@pytest.fixture(scope="module")
def motion() -> Motion:
    """The steps of the demo, whose legs are of another length than those of `BETAS`."""
    take = Take.load(DEMO_FOLDER / "demo_truth.npz")
    rotations = take.rotations()[:75]
    rotations[:, 0] = SMPL_TO_WORLD.T @ rotations[:, 0]
    hips = take.joints()[:75, [JOINT_INDEX["left_hip"], JOINT_INDEX["right_hip"]]].mean(axis=1)
    return Motion(rotations, hips @ SMPL_TO_WORLD + [0.0, 0.3, 0.0], 0.85)


@pytest.fixture(scope="module")
def stood(motion: Motion) -> tuple[np.ndarray, np.ndarray]:
    """Rotations and places of the pelvis; the fit takes its time."""
    return stand_on_floor(motion, default_body(), BETAS, 30)


def test_feet_stand_on_the_floor_where_they_were_put(
    stood: tuple[np.ndarray, np.ndarray],
) -> None:
    body, (rotations, pelvis) = default_body(), stood
    joints, turned = forward_kinematics(rotations, body.rest_joints(BETAS))
    joints = joints - joints[:, :1] + pelvis[:, None]
    carriers, offsets = sole_points(body, BETAS)
    soles = joints[:, carriers] + (turned[:, carriers] @ offsets[..., None])[..., 0]
    standing = standing_points(soles, 30)
    assert 0.3 < standing.mean() < 0.95
    assert soles[..., 1].min() > -0.012
    assert np.abs(soles[..., 1][standing]).mean() < 0.006
    both = standing[1:] & standing[:-1]
    moved = np.linalg.norm(np.diff(soles, axis=0)[..., [0, 2]], axis=-1)[both]
    assert np.median(moved) < 0.0005 and moved.mean() < 0.002


def test_only_the_legs_change_and_by_little(
    motion: Motion, stood: tuple[np.ndarray, np.ndarray]
) -> None:
    rotations, _ = stood
    angles = np.rad2deg(rotation_angle(rotations, motion.rotations))
    legs = [
        JOINT_INDEX[f"{side}_{part}"]
        for side in ("left", "right")
        for part in ("hip", "knee", "ankle", "foot")
    ]
    others = np.setdiff1d(np.arange(24), legs)
    assert angles[:, others].max() < 1e-3
    assert angles[:, legs].mean() < 4

"""Whoever stands is over their feet, and these on one floor, where up is known."""

from dataclasses import replace

import numpy as np
import torch
from scipy.spatial.transform import Rotation

from core_model.body.landmarks import place_landmarks
from core_model.body.model import default_body
from core_model.body.skeleton import JOINT_INDEX, SMPL_TO_CAMERA, forward_kinematics
from core_model.fit.optimise import Stretch
from core_model.fit.pieces import fit_to_landmarks
from core_model.fit.upright import Upright
from core_model.fit.weights import FitWeights
from core_model.geometry.camera import Camera

BODY, BETAS = default_body(), np.zeros(10)
CPU = torch.device("cpu")
TIMES = np.arange(45) / 30
CAMERA = Camera.assumed(1280, 720)
LOOKING_DOWN = Rotation.from_euler("x", 20, degrees=True).as_matrix()  # from a level camera's space
UP = LOOKING_DOWN @ [0.0, -1.0, 0.0]


def standing(
    lean: float = 0.0, lifted: float = 0.0, sunk: float = 0.0
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Return rotations, pelvis, landmarks and joints of somebody who stands, metres, camera space.

    `lean` degrees forward as a whole; one thigh `lifted` by degrees; one foot `sunk` by metres.
    """
    rotations = np.tile(np.eye(3), (len(TIMES), 24, 1, 1))
    leaning = Rotation.from_euler("x", lean, degrees=True).as_matrix()
    rotations[:, 0] = LOOKING_DOWN @ SMPL_TO_CAMERA @ leaning
    thigh = Rotation.from_euler("x", -lifted, degrees=True).as_matrix()
    rotations[:, JOINT_INDEX["left_hip"]] = thigh
    joints, turned = forward_kinematics(rotations, BODY.rest_joints(BETAS))
    pelvis = np.tile(LOOKING_DOWN @ [0.0, 0.3, 4.0], (len(TIMES), 1))
    shift = (pelvis - joints[:, 0])[:, None]
    points = place_landmarks(joints, turned, BODY.landmark_offsets(BETAS)) + shift
    left = [29, 31]
    points[:, left] -= sunk * UP
    return rotations, pelvis, points, joints + shift


def misfit(points: np.ndarray, joints: np.ndarray, weights: FitWeights = FitWeights()) -> float:
    upright = Upright(UP, np.ones((len(TIMES) - 1, 4)), TIMES, weights, CPU)
    feet, body = (torch.tensor(each, dtype=torch.float32) for each in (points, joints))
    return float(upright.misfit(feet, body, iteration=0, passed=1.0)) / len(TIMES)


def test_standing_is_likely_and_leaning_is_not() -> None:
    upright, leaning, further = (misfit(*standing(lean=angle)[2:]) for angle in (0, 8, 16))
    assert upright < 0.4 * leaning < 0.4 * further
    # Whoever surely falls is not held: it counts by no more than so much.
    assert misfit(*standing(lean=70)[2:]) < 2 * FitWeights().balance * 9.5


def test_a_step_is_a_step_and_a_lifted_leg_is_lifted() -> None:
    level = FitWeights(balance=0.0)
    flat = misfit(*standing()[2:], level)
    little, step, box = (misfit(*standing(sunk=height)[2:], level) for height in (0.04, 0.2, 0.4))
    assert flat < 0.3 * little
    assert step < 4 * little and box < 4 * little
    assert misfit(*standing(lifted=80)[2:], level) < 4 * little


def test_feet_seen_from_the_side_need_not_seem_level() -> None:
    """Of a lens at the height of the feet only errors of landmarks are seen."""
    _, _, points, joints = standing(sunk=0.04)
    level = FitWeights(balance=0.0)
    feet = points[:, 29:33].mean(axis=(0, 1))
    shift = (feet @ UP) * UP  # the lens comes down to them
    assert misfit(points - shift, joints - shift, level) < 0.1 * misfit(points, joints, level)


def test_a_figure_that_leans_along_the_line_of_sight_stands_up() -> None:
    _, _, points, truth = standing()
    rotations, pelvis, _, _ = standing(lean=14)
    # The back and the legs as the network errs about them, which the root alone cannot mend.
    rotations[:, JOINT_INDEX["spine1"]] = Rotation.from_euler("x", 8, degrees=True).as_matrix()
    stretches = []
    for seed in range(3):
        landmarks = np.concatenate((CAMERA.project(points), np.ones((len(TIMES), 33, 1))), axis=-1)
        # Landmarks err, each in a way of its own for as long as somebody stands there.
        landmarks[..., :2] += np.random.default_rng(seed).normal(0, 6.0, (33, 2))
        guess = Stretch(rotations, pelvis, BETAS, landmarks, TIMES)
        stretches += [guess, replace(guess, up=UP)]
    missed = []
    for found in fit_to_landmarks(stretches, CAMERA, BODY, CPU):
        joints, _ = forward_kinematics(found.rotations, BODY.rest_joints(found.betas))
        off = (joints - joints[:, :1]) - (truth - truth[:, :1])
        missed.append(float(np.linalg.norm(off, axis=-1).mean()))
    without, known = np.mean(missed[::2]), np.mean(missed[1::2])
    assert known < 0.92 * without

"""The mirror image of a figure is the figure's, seen in a mirror."""

import numpy as np
import torch

from core_model.body.landmarks import LANDMARK_INDEX
from core_model.body.model import default_body
from core_model.body.skeleton import JOINT_COUNT, MIRROR, forward_kinematics
from core_model.geometry.rotations import axis_angle_to_matrix
from core_model.network.mirror import mirrored_evidence, mirrored_rotations


def test_rotations_of_the_mirror_image_place_joints_where_a_mirror_shows_them():
    turns = np.random.default_rng(0).normal(size=(5, JOINT_COUNT, 3))
    rotations = torch.from_numpy(axis_angle_to_matrix(turns))
    rest = default_body().rest_joints(np.zeros(10))
    even = (rest + rest[list(MIRROR)] * [-1, 1, 1]) / 2
    joints, _ = forward_kinematics(rotations.numpy(), even)
    image, _ = forward_kinematics(mirrored_rotations(rotations).numpy(), even)
    # The pelvis stays where the body has it.
    shown = (joints - joints[:, :1])[:, list(MIRROR)] * [-1, 1, 1]
    np.testing.assert_allclose(image - image[:, :1], shown, atol=1e-6)
    twice = mirrored_rotations(mirrored_rotations(rotations))
    torch.testing.assert_close(twice, rotations)


def test_evidence_of_the_mirror_image_has_its_left_at_the_other_side():
    evidence = torch.rand(2, 3, 33, 3)
    image = mirrored_evidence(evidence)
    left, right = LANDMARK_INDEX["left_wrist"], LANDMARK_INDEX["right_wrist"]
    torch.testing.assert_close(image[:, :, left, 0], -evidence[:, :, right, 0])
    torch.testing.assert_close(image[:, :, left, 1:], evidence[:, :, right, 1:])
    torch.testing.assert_close(mirrored_evidence(image), evidence)

"""What is fitted when the default body is made holds for bodies that were not fitted on."""

import numpy as np
import pytest

from core_model.body.model import default_body
from core_model.body.skeleton import JOINT_INDEX
from train.default_body.regressor import regressor
from train.default_body.skin import bone_owners


@pytest.mark.parametrize("reach", [None, 0.15])
def test_points_are_told_from_the_vertices_of_any_shape(reach: float | None) -> None:
    body = default_body()
    shapes = np.random.default_rng(0).normal(0, 1, (30, 10))
    vertices = np.stack([body.rest_vertices(betas) for betas in shapes])[:, ::4]
    rows = [JOINT_INDEX[name] for name in ("left_knee", "right_wrist")]
    points = np.stack([body.rest_joints(betas)[rows] for betas in shapes])
    weights = regressor(vertices[:20], points[:20], reach)
    assert (weights >= 0).all()
    np.testing.assert_allclose(weights.sum(axis=1), 1, atol=1e-5)
    missed = np.einsum("nv,svc->snc", weights, vertices[20:]) - points[20:]
    assert np.linalg.norm(missed, axis=-1).max() < 0.004


def test_bones_go_to_the_joint_with_the_longest_name_that_fits() -> None:
    bones = ["upperleg01.L", "toe2-1.R", "finger1-2.L", "finger3-1.R", "spine05", "eye.L"]
    names = ["left_hip", "right_foot", "left_wrist", "right_hand", "pelvis", "head"]
    assert bone_owners(bones) == [JOINT_INDEX[name] for name in names]

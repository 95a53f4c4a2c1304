import numpy as np
import pytest

from core_model.body.model import default_body
from core_model.body.skeleton import forward_kinematics
from core_model.errors import MocapError
from core_model.fit.stature import check_height, set_stature, stature, with_stature
from core_model.geometry.camera import Camera
from core_model.geometry.rotations import axis_angle_to_matrix
from core_model.lifting.figure import Figure

SHAPE = np.array([0.3, -0.8, 0.5, 0.2, 0.0, 0.4, -0.3, 0.1, 0.2, 0.0])


def joints(figure):
    placed, _ = forward_kinematics(figure.rotations, default_body().rest_joints(figure.betas))
    return placed - placed[:, :1] + figure.pelvis[:, None]


@pytest.mark.parametrize("height", [1.3, 1.6, 1.95])
def test_a_body_becomes_as_tall_as_told_and_keeps_its_proportions(height):
    body = default_body()
    betas = with_stature(body, SHAPE, height)
    assert stature(body, betas) == pytest.approx(height, abs=1e-4)
    before, after = body.rest_joints(SHAPE), body.rest_joints(betas)
    grown = (before - before[0]) * height / stature(body, SHAPE)
    allowed = 0.02 + 0.1 * abs(height - stature(body, SHAPE))
    assert np.linalg.norm(after - after[0] - grown, axis=1).max() < allowed


def test_a_taller_figure_is_seen_where_it_was():
    random = np.random.default_rng(0)
    figure = Figure(
        first=0,
        seen=np.ones(5, bool),
        landmarks=np.zeros((5, 33, 3)),
        bbox=np.zeros((5, 4)),
        rotations=axis_angle_to_matrix(random.normal(0, 0.2, (5, 24, 3))),
        betas=SHAPE,
        pelvis=np.array([0.3, 0.1, 4.0]) + random.normal(0, 0.1, (5, 3)),
    )
    camera = Camera.assumed(1280, 720)
    before, depth = camera.project(joints(figure)), figure.pelvis[:, 2]
    set_stature(figure, default_body(), 1.9)
    assert np.linalg.norm(camera.project(joints(figure)) - before, axis=-1).max() < 6
    ratio = 1.9 / stature(default_body(), SHAPE)
    np.testing.assert_allclose(figure.pelvis[:, 2] / depth, ratio, rtol=0.01)


@pytest.mark.parametrize("height", [0.2, 178.0, float("nan"), -1.7])
def test_what_is_no_height_is_refused(height):
    with pytest.raises(MocapError, match="metres"):
        check_height(height)


def test_heights_of_people_are_accepted():
    for height in (None, 0.9, 1.78, 2.2):
        check_height(height)

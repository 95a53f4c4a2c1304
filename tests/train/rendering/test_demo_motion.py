"""The demo's motion obeys what a real one does, and its truth fits the clip beside it."""

import av
import numpy as np
import pytest

from core_model.body.model import default_body
from core_model.body.skeleton import JOINT_INDEX, PARENTS, SMPL_TO_WORLD
from core_model.take import Take
from train.places import DEMO_FOLDER
from train.rendering.clothes import HAIR, SHOES, SKIN, clothes
from train.rendering.demo_motion import DURATION, demo_take, foot_path
from train.rendering.leg_ik import Leg, solve_leg, turn

BETAS = np.array([0.5, -0.4, 0.6, 0.0, -0.5, 0.0, 0.0, 0.0, 0.0, 0.0])


@pytest.fixture(scope="module")
def take() -> Take:
    return demo_take(default_body(), BETAS)


def test_it_lasts_as_long_as_it_says_at_any_frame_rate(take: Take) -> None:
    assert len(take) == round(30 * DURATION)
    faster = demo_take(default_body(), BETAS, frame_rate=60)
    difference = faster.joints()[::2] - take.joints()
    assert np.abs(difference).max() < 0.02


def test_bones_keep_their_length(take: Take) -> None:
    joints = take.joints()
    bones = np.linalg.norm(joints[:, 1:] - joints[:, list(PARENTS[1:])], axis=-1)
    assert np.ptp(bones, axis=0).max() < 1e-9


def test_the_body_stands_on_the_floor_and_never_in_it(take: Take) -> None:
    posed = default_body().pose(take.rotations()[::10], BETAS)
    lowest = (posed + take.trans[::10, None])[..., 2].min(axis=1)
    assert lowest.min() > -0.002
    assert lowest.max() < 0.005


@pytest.mark.parametrize("side", ["left", "right"])
def test_a_standing_foot_does_not_slide(take: Take, side: str) -> None:
    body = default_body()
    rest = body.rest_joints(BETAS)
    path = foot_path(take.times, side, rest, float(body.rest_vertices(BETAS)[:, 1].min()))
    ball = take.joints()[:, JOINT_INDEX[f"{side}_foot"]]
    np.testing.assert_allclose(ball, path.ball @ SMPL_TO_WORLD.T, atol=1e-6)
    standing = ~path.moving[1:] & ~path.moving[:-1]
    assert standing.sum() > 50
    assert np.linalg.norm(np.diff(ball, axis=0), axis=-1)[standing].max() < 1e-6


def test_the_figure_turns_squats_and_raises_a_hand(take: Take) -> None:
    joints, turned = take.joints(), take.rotations()[:, 0]
    facing = turned @ np.array([0.0, 0.0, 1.0])
    angle = np.arctan2(facing[:, 0], -facing[:, 1])
    assert np.rad2deg(angle[-1] - angle[0]) == pytest.approx(60, abs=8)
    assert np.ptp(joints[:, 0, 2]) > 0.3
    above = joints[:, JOINT_INDEX["right_wrist"], 2] - joints[:, JOINT_INDEX["head"], 2]
    assert above.max() > 0.1


def test_neighbouring_frames_are_near_each_other(take: Take) -> None:
    steps = np.linalg.norm(np.diff(take.joints(), axis=0), axis=-1)
    assert steps.max() < 0.25  # a fast punch moves a hand at 6 m/s


def test_a_leg_reaches_what_it_can_and_stretches_towards_the_rest() -> None:
    leg = Leg(
        np.array([0.04, -0.4, 0.0]), np.array([-0.01, -0.42, -0.03]), np.array([0, -0.05, 0.1])
    )
    balls = np.array([[0.1, -0.8, 0.2], [0.0, -0.5, 0.3], [0.0, -2.0, 0.0]])
    yaw = np.array([0.0, 20.0, 0.0])
    upright, level = np.broadcast_to(np.eye(3), (3, 3, 3)), np.zeros(3)
    hip, knee, ankle, toes = np.moveaxis(
        solve_leg(leg, upright, np.zeros((3, 3)), balls, yaw, level), 1, 0
    )
    reached = hip @ leg.thigh + (hip @ knee) @ leg.shin + (hip @ knee @ ankle) @ leg.foot
    np.testing.assert_allclose(reached[:2], balls[:2], atol=1e-9)
    assert np.linalg.norm(reached[2] - leg.foot) == pytest.approx(leg.reach, rel=2e-3)
    np.testing.assert_allclose(hip @ knee @ ankle @ toes, turn(1, yaw), atol=1e-9)
    assert (knee[:2, 2, 1] > 0).all()  # shins go back, never forward


def test_the_body_is_dressed_from_head_to_foot() -> None:
    body = default_body()
    colors, height = clothes(body), body.v_template[:, 1]
    assert (colors[height > height.max() - 0.03] == HAIR).all()
    assert (colors[height < height.min() + 0.03] == SHOES).all()
    hands = np.abs(body.v_template[:, 0]) > 0.75
    assert (colors[hands] == SKIN).all()


def test_the_truth_lies_inside_the_clip_frame_by_frame(take: Take) -> None:
    truth = Take.load(DEMO_FOLDER / "demo_truth.npz")
    np.testing.assert_allclose(truth.poses, take.poses, atol=1e-6)
    np.testing.assert_allclose(truth.trans, take.trans, atol=1e-6)
    assert truth.camera is not None
    pixels = truth.camera.project(truth.camera_joints())
    assert (pixels > 0).all() and (pixels < truth.camera.size).all()
    with av.open(str(DEMO_FOLDER / "demo.mp4")) as container:
        stream = container.streams.video[0]
        frames = list(container.decode(stream))
        assert (stream.width, stream.height) == tuple(truth.camera.size)
    np.testing.assert_allclose([frame.time for frame in frames], truth.times, atol=1e-4)


def test_the_clip_shows_the_shirt_where_the_truth_has_the_chest() -> None:
    truth = Take.load(DEMO_FOLDER / "demo_truth.npz")
    assert truth.camera is not None
    chest = truth.camera.project(truth.camera_joints()[:, JOINT_INDEX["spine2"]])
    with av.open(str(DEMO_FOLDER / "demo.mp4")) as container:
        pictures = [frame.to_ndarray(format="rgb24") for frame in container.decode(video=0)]
    for picture, (x, y) in zip(pictures[::15], chest[::15], strict=True):
        red, green, blue = picture[int(y), int(x)].astype(int)
        assert red > 1.5 * max(green, blue)

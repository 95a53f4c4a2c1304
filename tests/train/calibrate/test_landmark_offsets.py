import numpy as np

from core_model.body.landmarks import DETECTOR_OFFSETS, LANDMARK_MIRROR, place_landmarks
from core_model.body.model import default_body
from core_model.body.skeleton import forward_kinematics
from core_model.take import Take
from train.calibrate.landmark_offsets import seen_and_true, solved_offsets
from train.places import RENDERED_FOLDER


def test_offsets_are_found_again_from_what_they_make_visible():
    body = default_body()
    take = Take.load(RENDERED_FOLDER / "cartwheel_01.npz")
    assert take.camera is not None
    joints, turned = forward_kinematics(take.rotations(), body.rest_joints(take.betas))
    points = place_landmarks(joints, turned, body.landmark_offsets(take.betas))
    points = points + take.trans[:, None]
    pixels = take.camera.project(take.camera.world_to_camera(points.reshape(-1, 3)))
    pixels = pixels.reshape(len(take), 33, 2) + np.random.default_rng(0).normal(
        0, 1, (len(take), 33, 2)
    )
    landmarks = np.concatenate((pixels, np.ones((len(take), 33, 1))), axis=-1)
    found = solved_offsets(*seen_and_true(take, np.arange(len(take)), landmarks, body))
    np.testing.assert_allclose(found, DETECTOR_OFFSETS, atol=0.003)
    mirrored = found[list(LANDMARK_MIRROR)] * [-1, 1, 1]
    np.testing.assert_allclose(found[1:], mirrored[1:], atol=1e-9)

import numpy as np
import pytest
import torch

from core_model.body.landmarks import LANDMARK_MIRROR, place_landmarks
from core_model.body.model import default_body
from core_model.body.skeleton import forward_kinematics
from core_model.lifting.lift import with_sides_right
from core_model.network.checkpoints import DEFAULT_WEIGHTS_PATH, load_weights
from core_model.take import Take
from core_model.tracking.tracks import Track
from tests.places import RENDERED

CLIP = RENDERED / "sneak_high_01.npz"


def truth_of(take):
    """Return the landmarks (T, 33, 3) that the camera of a take sees."""
    body = default_body()
    joints, turned = forward_kinematics(take.rotations(), body.rest_joints(take.betas))
    points = place_landmarks(joints, turned, body.landmark_offsets(take.betas))
    seen = take.camera.world_to_camera((points + take.trans[:, None]).reshape(-1, 3))
    pixels = take.camera.project(seen).reshape(len(take), 33, 2)
    return np.concatenate((pixels, np.ones((len(take), 33, 1))), axis=-1)


def put_right(take, landmarks):
    """Return landmarks (T, 33, 3) of a take as the lifting gets them."""
    track = Track(1, np.arange(len(take)), landmarks, take.bbox, np.ones(len(take)))
    network, device = load_weights(DEFAULT_WEIGHTS_PATH), torch.device("cpu")
    return with_sides_right(
        track, take.times, take.camera, network, device, default_body()
    ).landmarks


@pytest.mark.parametrize("share", [0.2, 0.8])
def test_sides_are_found_even_if_most_frames_were_exchanged(share):
    take = Take.load(CLIP)
    truth = truth_of(take)
    exchanged = np.arange(len(take)) % 50 < share * 50
    landmarks = np.where(exchanged[:, None, None], truth[:, list(LANDMARK_MIRROR)], truth)
    np.testing.assert_array_equal(put_right(take, landmarks), truth)


def test_legs_that_are_exchanged_alone_are_put_right():
    take = Take.load(CLIP)
    truth, landmarks = truth_of(take), truth_of(take)
    legs = [*range(25, 33)]
    landmarks[30:36, legs] = truth[30:36][:, [LANDMARK_MIRROR[leg] for leg in legs]]
    np.testing.assert_array_equal(put_right(take, landmarks), truth)

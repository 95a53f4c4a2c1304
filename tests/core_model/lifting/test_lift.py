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


@pytest.mark.parametrize("share", [0.2, 0.8])
def test_sides_are_found_even_if_most_frames_were_exchanged(share):
    take, body = Take.load(CLIP), default_body()
    assert take.camera is not None
    joints, turned = forward_kinematics(take.rotations(), body.rest_joints(take.betas))
    points = place_landmarks(joints, turned, body.landmark_offsets(take.betas))
    seen = take.camera.world_to_camera((points + take.trans[:, None]).reshape(-1, 3))
    pixels = take.camera.project(seen).reshape(len(take), 33, 2)
    truth = np.concatenate((pixels, np.ones((len(take), 33, 1))), axis=-1)
    exchanged = np.arange(len(take)) % 50 < share * 50
    landmarks = np.where(exchanged[:, None, None], truth[:, list(LANDMARK_MIRROR)], truth)
    frames = np.arange(len(take))
    track = Track(1, frames, landmarks, take.bbox, np.ones(len(take)))

    network = load_weights(DEFAULT_WEIGHTS_PATH)
    device = torch.device("cpu")
    restored = with_sides_right(track, take.times, take.camera, network, device, body)

    np.testing.assert_array_equal(restored.landmarks, truth)

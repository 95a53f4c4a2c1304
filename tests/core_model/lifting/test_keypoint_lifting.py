import numpy as np
import pytest
import torch

from core_model.geometry.camera import Camera
from core_model.geometry.rotations import rotation_angle
from core_model.lifting.keypoint_lifting import _windows, lift_track
from core_model.network import INTConfig, INTNetwork
from core_model.tracking.gaps import bridged, stretches


@pytest.fixture(scope="module")
def network():
    torch.manual_seed(0)
    return INTNetwork(INTConfig.keypoints()).eval().requires_grad_(False)


def track(count, rate):
    random = np.random.default_rng(0)
    landmarks = np.concatenate(
        (random.uniform(200, 400, (33, 2)), np.ones((33, 1))), axis=1
    ) + np.zeros((count, 1, 1))
    landmarks[..., :2] += (
        20 * np.sin(np.arange(count) / rate * 3)[:, None, None] * random.normal(size=(33, 2))
    )
    return landmarks, np.arange(count) / rate


@pytest.mark.parametrize("rate", [10, 23.976, 30, 60, 120])
@pytest.mark.parametrize("count", [1, 2, 31, 32, 33, 100])
def test_every_frame_is_covered_by_windows_of_the_trained_rate(count, rate):
    windows = _windows(np.arange(count) / rate, 32)
    covered = np.concatenate([targets[targets >= 0] for _, targets in windows])
    assert set(covered) == set(range(count))
    for places, targets in windows:
        assert len(places) == 32
        assert places.max() <= count - 1
        wanted = targets >= 0
        np.testing.assert_array_equal(places[wanted], targets[wanted])
        if count > 2:
            steps = np.diff(places)[np.diff(places) > 0] / rate
            assert (steps > 1 / 45).all() and (steps < 1 / 20).all()


@pytest.mark.parametrize("rate", [10, 30, 60])
def test_lifting_gives_rotations_for_any_length_and_rate(network, rate):
    for count in (1, 5, 70):
        landmarks, times = track(count, rate)
        lifted = lift_track(
            network, landmarks, times, Camera.assumed(640, 480), torch.device("cpu")
        )
        assert lifted.rotations.shape == (count, 24, 3, 3)
        identity = np.swapaxes(lifted.rotations, -1, -2) @ lifted.rotations
        np.testing.assert_allclose(identity, np.broadcast_to(np.eye(3), identity.shape), atol=1e-5)


def test_moving_the_figure_in_the_picture_turns_only_its_root(network):
    landmarks, times = track(40, 30)
    camera = Camera.assumed(640, 480)
    device = torch.device("cpu")
    there = lift_track(network, landmarks, times, camera, device).rotations
    # The same figure seen through a camera that is turned by 15 degrees.
    angle = np.radians(15)
    turn = np.array(
        [[np.cos(angle), 0, np.sin(angle)], [0, 1, 0], [-np.sin(angle), 0, np.cos(angle)]]
    )
    moved = landmarks.copy()
    moved[..., :2] = camera.project(camera.rays(landmarks[..., :2]) @ turn.T)
    here = lift_track(network, moved, times, camera, device).rotations
    # The picture also rolls a little at the edge, which the network may see; limbs hardly change.
    assert np.degrees(rotation_angle(here[:, 1:], there[:, 1:])).max() < 3
    assert np.degrees(rotation_angle(here[:, 0], turn @ there[:, 0])).max() < 12


def test_long_gaps_split_and_short_ones_are_bridged_without_trust():
    times = np.arange(100) / 30
    frames = np.concatenate((np.arange(0, 20), np.arange(25, 50), np.arange(80, 100)))
    pieces = stretches(frames, times)
    assert [(piece[0], piece[-1]) for piece in pieces] == [(0, 49), (80, 99)]
    values = np.ones((len(pieces[0]), 33, 3)) * pieces[0][:, None, None]
    filled = bridged(pieces[0], values, times)
    np.testing.assert_allclose(filled[:, 0, 0], np.arange(50), atol=1e-9)
    assert (filled[20:25, :, 2] == 0).all()
    assert (filled[1:20, :, 2] > 0).all()


@pytest.mark.parametrize("rate", [10, 25, 60])
def test_windows_that_share_frames_are_lifted_as_each_alone(network, rate, monkeypatch):
    landmarks, times = track(200, rate)
    given = (network, landmarks, times, Camera.assumed(640, 480), torch.device("cpu"))
    shared = lift_track(*given)
    monkeypatch.setattr("core_model.lifting.keypoint_lifting._WINDOWS_OF_TASK", 1)
    alone = lift_track(*given)
    np.testing.assert_allclose(shared.rotations, alone.rotations, atol=1e-5)
    np.testing.assert_allclose(shared.betas, alone.betas, atol=1e-5)

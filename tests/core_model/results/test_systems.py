"""Every system's file, made to its documented keys, becomes the motion that was written."""

import numpy as np
import pytest

from core_model.body.model import default_body
from core_model.body.skeleton import JOINT_INDEX
from core_model.results.reading import Found, ReadOptions, read_all
from core_model.take import Take
from tests.core_model.results.samples import SYSTEMS
from tests.core_model.results.seen import Sample

MILLIMETRE = 1e-3
RATE = 25.0


@pytest.fixture(params=SYSTEMS)
def sample(request, tmp_path) -> Sample:
    return SYSTEMS[request.param](tmp_path)


@pytest.fixture
def read(sample) -> Found:
    (found,), _ = read_all([sample.path], ReadOptions(frame_rate=RATE))
    return found


@pytest.fixture
def takes(read) -> list[Take]:
    return read.takes


def test_joints_are_where_they_were_written(sample, takes):
    assert len(takes) == len(sample.people)
    for take, (person, frames) in zip(takes, sample.people, strict=True):
        expected = person.joints() @ sample.to_world.T
        got = take.joints()[frames - frames[0]]
        away = got - expected
        if sample.grounded:
            away[..., 2] -= away[..., 2].mean()
        assert np.abs(away).max() < MILLIMETRE


def test_fingers_are_bent_as_they_were_written(sample, takes):
    for take, (person, frames) in zip(takes, sample.people, strict=True):
        if not sample.hands:
            assert take.poses_hands is None
            continue
        np.testing.assert_allclose(take.poses_hands[frames - frames[0]], person.hands, atol=1e-5)


def test_frames_keep_their_moments_and_the_missing_ones_stay_empty(sample, takes):
    rate = sample.rate or RATE
    for take, (_, frames) in zip(takes, sample.people, strict=True):
        assert len(take) == frames[-1] - frames[0] + 1
        np.testing.assert_allclose(take.times, np.arange(frames[0], frames[-1] + 1) / rate)
        assert np.flatnonzero(take.frame_valid).tolist() == (frames - frames[0]).tolist()


def test_people_stand_upright_on_the_floor_and_face_where_they_did(sample, takes):
    for take, (person, _) in zip(takes, sample.people, strict=True):
        joints = take.joints()[take.frame_valid]
        up = joints[:, JOINT_INDEX["head"]] - joints[:, JOINT_INDEX["pelvis"]]
        assert (up[:, 2] / np.linalg.norm(up, axis=1) > 0.9).all()
        across = joints[:, JOINT_INDEX["left_hip"]] - joints[:, JOINT_INDEX["right_hip"]]
        assert (across[:, 0] > 0.05).all()  # walks towards -Y, left is +X
        np.testing.assert_allclose(take.betas, person.betas, atol=1e-5)


def test_the_floor_is_at_zero(sample, takes):
    if not sample.grounded:
        return
    lowest = []
    for take in takes:
        some = np.flatnonzero(take.frame_valid)[::3]
        mesh = default_body().pose(take.rotations()[some], take.betas)
        lowest.append((mesh[..., 2].min(axis=1) + take.trans[some, 2]).min())
    assert -0.03 < min(lowest) < 0.02


def test_what_was_seen_in_a_video_is_cleaned_as_a_capture_is(sample, takes):
    assert {take.from_video for take in takes} == {sample.estimated}


def test_a_take_of_it_says_the_same_once_it_is_saved(takes, tmp_path):
    for take in takes:
        take.save(tmp_path / "saved.npz")
        again = Take.load(tmp_path / "saved.npz")
        np.testing.assert_allclose(again.joints(), take.joints(), atol=1e-6)
        assert again.from_video == take.from_video and again.source == take.source
        assert (again.frame_valid == take.frame_valid).all()

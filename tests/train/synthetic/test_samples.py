import numpy as np
import pytest
import torch

from core_model.body.landmarks import LANDMARK_JOINTS
from core_model.body.model import default_body
from core_model.body.skeleton import JOINT_INDEX, MIRROR
from core_model.geometry.rotations import axis_angle_to_matrix, rotation_angle
from train.databases.motion_library import MotionLibrary
from train.synthetic.landmark_noise import BENCHMARK_NOISE, NoiseConfig, disturb
from train.synthetic.motion_sampler import MotionSampler
from train.synthetic.samples import BodyTensors, CameraConfig, SampleSource

CPU = torch.device("cpu")


@pytest.fixture(scope="module")
def library():
    """Two made-up subjects who swing their limbs."""
    random = np.random.default_rng(0)
    clips = []
    for frames in (200, 150):
        phase = np.arange(frames)[:, None, None] / 30 * 2 * np.pi
        swing = 0.4 * random.normal(size=(24, 3)) * np.sin(phase)
        clips.append(axis_angle_to_matrix(swing))
    return MotionLibrary(
        np.concatenate(clips).astype(np.float32), ["a_01", "b_01"], np.array([0, 200, 350])
    )


def source(library, noise=None, seed=0):
    motions = MotionSampler(library, CPU, seed)
    return SampleSource(motions, BodyTensors(default_body(), CPU), CameraConfig(), noise, seed)


def test_same_seed_gives_the_same_samples(library):
    first, again, other = (
        source(library, NoiseConfig(), seed).draw(4, 8).evidence for seed in (5, 5, 6)
    )
    torch.testing.assert_close(first, again)
    assert (first - other).abs().max() > 0.1


def test_what_is_drawn_are_rotations(library):
    rotations = source(library).draw(6, 16).rotations
    identity = rotations.transpose(-1, -2) @ rotations
    torch.testing.assert_close(identity, torch.eye(3).expand_as(identity), atol=1e-4, rtol=0)
    torch.testing.assert_close(torch.det(rotations), torch.ones(6, 16, 24), atol=1e-4, rtol=0)


def test_windows_are_smooth_in_time(library):
    rotations = source(library).draw(8, 32).rotations
    steps = rotation_angle(rotations[:, 1:], rotations[:, :-1])
    assert torch.rad2deg(steps).max() < 40


def test_mirroring_twice_changes_nothing(library):
    sampler = MotionSampler(library, CPU, 0, augment=False)
    motion = sampler.draw(3, 4)
    signs = torch.tensor([[1.0, -1, -1], [-1, 1, 1], [-1, 1, 1]])
    mirrored = motion[:, :, list(MIRROR)] * signs
    torch.testing.assert_close(torch.det(mirrored), torch.ones(3, 4, 24), atol=1e-4, rtol=0)
    torch.testing.assert_close(mirrored[:, :, list(MIRROR)] * signs, motion)


def test_joints_and_evidence_agree_without_noise(library):
    samples = source(library).draw(32, 1)
    # Seen from the camera, landmarks of a limb lie where its joints are, up to scale.
    knees = [JOINT_INDEX["left_knee"], JOINT_INDEX["right_knee"]]
    ankles = [JOINT_INDEX["left_ankle"], JOINT_INDEX["right_ankle"]]
    bones = samples.joints[:, 0, ankles] - samples.joints[:, 0, knees]
    seen = samples.evidence[:, 0, [27, 28], :2] - samples.evidence[:, 0, [25, 26], :2]
    flat = bones[..., :2]
    cosine = (flat * seen).sum(-1) / flat.norm(dim=-1) / seen.norm(dim=-1)
    assert cosine[flat.norm(dim=-1) > 0.2].min() > 0.9


def test_noise_disturbs_and_hides(library):
    clean, noisy = source(library).draw(64, 8), source(library, NoiseConfig()).draw(64, 8)
    difference = (clean.evidence - noisy.evidence)[..., :2].norm(dim=-1)
    assert 0.02 < difference.median() < 0.2
    visibility = noisy.evidence[..., 2]
    assert 0.02 < (visibility < 0.7).float().mean() < 0.5
    assert (clean.evidence[..., 2] == 1).all()


def test_split_keeps_subjects_apart(library):
    seen, held_out = library.split({"b"})
    assert seen.names == ["a_01"] and held_out.names == ["b_01"]
    assert len(seen.rotations) == 200 and len(held_out.rotations) == 150


def disturbed(noise, windows=400):
    """Errors (B, T, 33) in units of the figure's spread, and visibility, of a standing figure."""
    body = default_body()
    joints = body.rest_joints(np.zeros(10))
    landmarks = joints[list(LANDMARK_JOINTS)] + body.landmark_offsets(np.zeros(10))
    true = torch.from_numpy(landmarks[:, :2] * [1, -1] / 4).float().expand(windows, 32, 33, 2)
    depths = torch.full((windows, 32, 33), 4.0)
    seen, visibility = disturb(true, depths, noise, torch.Generator().manual_seed(0))
    spread = (true[0, 0] - true[0, 0].mean(0)).square().sum(-1).mean().sqrt()
    return (seen - true).norm(dim=-1) / spread, visibility


def test_errors_are_as_large_as_those_of_blazepose():
    noise = NoiseConfig(weakest=1.3, strongest=1.3, side_swap=0.0, limb_swap=0.0)
    error, visibility = disturbed(noise)
    seen, hidden = error[visibility > 0.7], error[(visibility > 0) & (visibility < 0.7)]
    # Measured, see NoiseConfig; clothes and build are not in these.
    assert 0.015 < seen.median() < 0.035
    assert 0.04 < seen.quantile(0.95) < 0.1
    assert 0.3 < hidden.square().mean().sqrt() < 0.8
    doubtful = error[(visibility > 0) & (visibility < 0.2)]
    assert doubtful.square().mean() > hidden.square().mean()


def test_an_edge_of_the_picture_hides_all_that_lies_beyond():
    noise = NoiseConfig(limb_hidden=0.0, frame_hidden=0.0, cropped=1.0)
    error, visibility = disturbed(noise)
    feet, shoulders = (visibility[:, 0, part] < 0.2 for part in ([29, 30, 31, 32], [11, 12]))
    # The lower edge cuts seven of ten; who has no shoulders there has been cut from above.
    assert 0.5 < feet.all(1).float().mean() < 0.9
    assert shoulders.all(1).float().mean() < 0.3


def test_the_noise_of_the_benchmark_stays_as_it_is():
    random = torch.Generator().manual_seed(1)
    true = torch.rand((4, 32, 33, 2), generator=random)
    depths = 4 + torch.rand((4, 32, 33), generator=random)
    seen, visibility = disturb(true, depths, BENCHMARK_NOISE, random)
    found = [float(value.mean()) for value in ((seen - true).abs(), visibility)]
    np.testing.assert_allclose(found, [0.0250520, 0.7657652], rtol=1e-4)

"""Formulas of training and evaluation against the vectors of the reference implementation."""

import cv2
import numpy as np
import pytest
import torch

from core_model.geometry.rotations import (
    axis_angle_to_matrix,
    matrix_to_axis_angle,
    rot6d_to_matrix,
)
from core_model.lifting.crops import crop_matrix, cut_crop, smoothed_boxes
from train.evaluate.metrics import similarity_aligned
from train.losses import phase_losses
from train.losses.phase_losses import PhaseWeights, Prediction, Truth
from train.phases import augmentation
from train.phases.augmentation import CropDraw
from train.phases.chunks import chunks

PHASE_2 = PhaseWeights()
PHASE_3 = PhaseWeights(size=0.01, velocity=600.0)
OUR_NAMES = {
    "loss_kp_2d": "keypoints_2d",
    "loss_kp_3d": "joints_3d",
    "loss_temp_kp_3d": "velocity",
    "loss_shape": "betas",
    "loss_pose": "pose",
    "loss_norm": "size",
}


@pytest.fixture(scope="module")
def vectors(shared):
    with np.load(shared / "parity" / "int_parity.npz") as file:
        return {key[3:]: file[key] for key in file.files if key.startswith("fn/")}


def tensors(vectors, *names):
    return [torch.from_numpy(vectors[name]) for name in names]


@pytest.fixture(scope="module")
def said(vectors):
    theta, flat, joints = tensors(vectors, "loss_pred_theta", "loss_pred_kp_2d", "loss_pred_kp_3d")
    pose = theta[..., 3:75].unflatten(-1, (24, 3))
    return Prediction(flat, joints, axis_angle_to_matrix(pose), pose.norm(dim=-1), theta[..., 75:])


@pytest.fixture(scope="module")
def truth(vectors):
    d3 = Truth(
        *tensors(vectors, "loss_d3_kp_2d", "loss_d3_kp_3d", "loss_d3_theta", "loss_d3_w_smpl")
    )
    (flat,) = tensors(vectors, "loss_d2_kp_2d")
    d2 = Truth(flat, *(torch.zeros(1, *each.shape[1:]) for each in d3[1:]))
    return Truth(*(torch.cat(pair) for pair in zip(d2, d3, strict=True)))


def compare(vectors, prefix, terms):
    given = [key for key in vectors if key.startswith(f"{prefix}_loss_")]
    assert len(given) == len(terms) >= 5
    for key in given:
        ours = terms[OUR_NAMES[key.removeprefix(f"{prefix}_")]]
        np.testing.assert_allclose(ours, vectors[key], rtol=1e-5, err_msg=key)
    np.testing.assert_allclose(sum(terms.values()), vectors[f"{prefix}_total"], rtol=1e-5)


@pytest.mark.shared
@pytest.mark.parametrize(
    ("prefix", "weights"), [("loss_phase2", PHASE_2), ("loss_phase3", PHASE_3)]
)
def test_losses_of_clips(vectors, said, truth, prefix, weights):
    compare(vectors, prefix, phase_losses.clip_losses(said, truth, weights, only_2d=1))


@pytest.mark.shared
def test_losses_of_images(vectors, said, truth):
    first = Prediction(*(tensor[:, :1] for tensor in said))
    flat, d3, theta = truth.keypoints_2d[:, :1], truth.joints_3d, truth.theta
    images = Truth(
        flat,
        torch.stack((d3[1, 1:2], d3[1, :1], d3[2, :1])),
        torch.stack((theta[1, 1:2], theta[1, :1], theta[2, :1])),
        torch.tensor([[1.0], [1.0], [0.0]]),
    )
    compare(vectors, "loss_img", phase_losses.image_losses(first, images, PHASE_2))


@pytest.mark.shared
def test_acceleration_loss(vectors, said, truth):
    ours = phase_losses.acceleration_error(said.joints_3d[1:], truth.joints_3d[1:])
    np.testing.assert_allclose(ours, vectors["loss_accl_raw"], rtol=1e-5)


@pytest.mark.shared
def test_projection(vectors):
    ours = phase_losses.project(*tensors(vectors, "proj_joints", "proj_cam"))
    np.testing.assert_allclose(ours, vectors["proj_out"], rtol=1e-5, atol=1e-6)


@pytest.mark.shared
def test_angles_are_lengths_of_axis_angle_vectors(vectors):
    matrices = torch.from_numpy(vectors["rm2aa_in"])
    # Not the ones that are no rotations: zeros and parallel vectors.
    proper = torch.linalg.det(matrices) > 0.99
    lengths = np.linalg.norm(vectors["rm2aa_out"], axis=-1)
    ours = phase_losses.rotation_angles(matrices[proper])
    np.testing.assert_allclose(ours, lengths[proper.numpy()], atol=2e-3)


@pytest.mark.shared
def test_rotations(vectors):
    np.testing.assert_allclose(
        rot6d_to_matrix(vectors["rot6d_in"]), vectors["rot6d_rotmat"], atol=1e-6
    )
    np.testing.assert_allclose(
        axis_angle_to_matrix(vectors["rodrigues_aa"]), vectors["rodrigues_rotmat"], atol=1e-5
    )
    given = matrix_to_axis_angle(vectors["rm2aa_in"].astype(np.float64))
    proper = np.linalg.det(vectors["rm2aa_in"].astype(np.float64)) > 0.99
    np.testing.assert_allclose(
        axis_angle_to_matrix(given[proper]),
        axis_angle_to_matrix(vectors["rm2aa_out"][proper].astype(np.float64)),
        atol=2e-3,
    )


def turned_about_middle(matrix, degrees):
    turn = cv2.getRotationMatrix2D((112, 112), degrees, 1)
    return turn @ np.concatenate((matrix, [[0, 0, 1]]))


@pytest.mark.shared
def test_crops(vectors):
    boxes = vectors["cam_bbox"]
    ours = np.stack([crop_matrix(CropDraw(1.1).square(box)) for box in boxes])
    np.testing.assert_allclose(ours, vectors["crop_trans_s1.1"], rtol=1e-5, atol=1e-3)
    # This vector is also turned, which no phase does: by 20 degrees about the middle of the crop.
    ours = np.stack([crop_matrix(CropDraw(0.9, (0.1, -0.05)).square(box)) for box in boxes])
    turned = np.stack([turned_about_middle(matrix, 20) for matrix in ours])
    np.testing.assert_allclose(turned, vectors["crop_trans_s0.9_shift"], rtol=1e-4, atol=1e-2)
    corners = np.random.RandomState(101).randint(0, 256, (27, 48, 3))
    image = np.kron(corners, np.ones((40, 40, 1))).astype(np.uint8)
    for box, rows in zip(boxes[:3], vectors["crop_img_rows"], strict=True):
        crop = cut_crop(image, CropDraw(1.1).square(box))
        np.testing.assert_array_equal(crop[7::32, ::3], rows)
    matrix = crop_matrix(CropDraw(1.1).square(boxes[0]))
    ours = augmentation.cropped_keypoints(vectors["crop_kp_in"], matrix)
    np.testing.assert_allclose(ours, vectors["crop_kp_out"], atol=1e-4)


@pytest.mark.shared
def test_flips(vectors):
    poses = augmentation.mirrored_poses(vectors["flip_pose_in"], quirks=True)
    np.testing.assert_allclose(poses, vectors["flip_pose_out"], atol=1e-6)
    without = augmentation.mirrored_poses(vectors["flip_pose_in"])
    np.testing.assert_array_equal(without[:, :69], poses[:, :69])
    for name, function in (
        ("kp3d", augmentation.mirrored_joints),
        ("kp2d", augmentation.mirrored_keypoints),
    ):
        ours = function(vectors[f"flip_{name}_in"])
        np.testing.assert_allclose(ours, vectors[f"flip_{name}_out"], atol=1e-4)


@pytest.mark.shared
def test_windows(vectors):
    cases = [key for key in vectors if key.startswith("chunks_")]
    assert len(cases) == 6
    for key in cases:
        count, length, stride = (int(part[1:]) for part in key.split("_")[1:])
        frames, kept = chunks(count, stride, length)
        np.testing.assert_array_equal(frames, vectors[key])
        np.testing.assert_array_equal(kept, vectors[key.replace("chunks", "valid")])


@pytest.mark.shared
def test_boxes(vectors):
    boxes, first = smoothed_boxes(vectors["smooth_kps"])
    start, end = vectors["smooth_start_end"]
    theirs = (
        vectors["smooth_bbox"][first:]
        if len(boxes) != len(vectors["smooth_bbox"])
        else (vectors["smooth_bbox"])
    )
    assert (first, first + len(boxes)) == (start, end)
    ours = np.column_stack((boxes[:, :2], 150 / boxes[:, 2]))
    np.testing.assert_allclose(ours, theirs, rtol=1e-4)


@pytest.mark.shared
def test_alignment_and_accelerations(vectors):
    first, second = vectors["pa_S1"], vectors["pa_S2"]
    np.testing.assert_allclose(similarity_aligned(first, second), vectors["pa_S1_hat"], atol=1e-4)
    difference = np.linalg.norm(np.diff(first - second, 2, axis=0), axis=-1).mean(-1)
    np.testing.assert_allclose(difference, vectors["accel_err"], rtol=1e-4)
    own = np.linalg.norm(np.diff(first, 2, axis=0), axis=-1).mean(-1)
    np.testing.assert_allclose(own, vectors["accel"], rtol=1e-4)

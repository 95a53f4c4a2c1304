import numpy as np
import pytest
import torch

from core_model.lifting import crops


def scaled(boxes, scale):
    return boxes[:, :3].astype(float) * [1, 1, scale]


def test_crop_matrices_agree_with_the_reference(vectors):
    boxes = vectors["fn/cam_bbox"]
    plain = [crops.crop_matrix(square) for square in scaled(boxes, 1.1)]
    np.testing.assert_allclose(plain, vectors["fn/crop_trans_s1.1"], atol=5e-4)


def test_crops_agree_with_the_reference_to_the_last_pixel(vectors):
    colours = np.random.RandomState(101).randint(0, 256, (27, 48, 3))
    image = np.kron(colours, np.ones((40, 40, 1))).astype(np.uint8)
    squares = scaled(vectors["fn/cam_bbox"][:3], 1.1)
    cut = np.stack([crops.cut_crop(image, square)[7::32, ::3] for square in squares])
    np.testing.assert_array_equal(cut, vectors["fn/crop_img_rows"])


def test_keypoints_in_the_crop_agree_with_the_reference(vectors):
    matrix = crops.crop_matrix(scaled(vectors["fn/cam_bbox"], 1.1)[0])
    moved = vectors["fn/crop_kp_in"][:, :2] @ matrix[:, :2].T + matrix[:, 2]
    np.testing.assert_allclose(moved, vectors["fn/crop_kp_out"][:, :2], rtol=1e-6, atol=1e-4)


def test_smoothed_boxes_agree_with_the_reference(vectors):
    boxes, first = crops.smoothed_boxes(vectors["fn/smooth_kps"])
    start, end = vectors["fn/smooth_start_end"]
    assert (first, first + len(boxes)) == (start, end)
    expected = vectors["fn/smooth_bbox"][start:]
    np.testing.assert_allclose(boxes[:, :2], expected[:, :2], rtol=1e-6)
    np.testing.assert_allclose(150 / boxes[:, 2], expected[:, 2], rtol=1e-6)


@pytest.mark.parametrize("count", [1, 2, 3, 40])
@pytest.mark.parametrize("rate", [5, 30, 120])
def test_squares_of_a_person_who_stands_still_hold_all_joints(count, rate):
    joints = np.random.default_rng(0).uniform((100, 50), (200, 400), (12, 2))
    keypoints = np.tile(np.concatenate((joints, np.ones((12, 1))), axis=1), (count, 1, 1))
    squares = crops.squares_around(keypoints, rate)
    assert squares.shape == (count, 3)
    low, high = joints.min(axis=0), joints.max(axis=0)
    np.testing.assert_allclose(squares[:, :2], np.tile((low + high) / 2, (count, 1)))
    np.testing.assert_allclose(squares[:, 2], 1.21 * np.linalg.norm(high - low))


def test_squares_are_there_where_no_joint_is_sure():
    keypoints = np.zeros((30, 12, 3))
    keypoints[..., :2] = np.random.default_rng(0).uniform(100, 300, (12, 2))
    assert (crops.squares_around(keypoints, 30)[:, 2] > 100).all()
    keypoints[10:20, :, 2] = 1
    squares = crops.squares_around(keypoints, 30)
    assert len(squares) == 30
    np.testing.assert_allclose(squares[:10], np.tile(squares[10], (10, 1)))


def test_normalised_crops_have_the_statistics_of_the_training():
    values = crops.normalised(torch.full((2, 224, 224, 3), 255, dtype=torch.uint8))
    assert values.shape == (2, 3, 224, 224) and values.dtype == torch.float32
    assert values.is_contiguous(memory_format=torch.channels_last)
    expected = (1 - np.array([0.485, 0.456, 0.406])) / np.array([0.229, 0.224, 0.225])
    np.testing.assert_allclose(values[1, :, 5, 7], expected, rtol=1e-6)

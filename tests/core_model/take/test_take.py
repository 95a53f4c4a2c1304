from dataclasses import replace

import numpy as np
import pytest

from core_model.body.skeleton import JOINT_INDEX, SMPL_TO_WORLD
from core_model.errors import OutputError, TakeError
from core_model.geometry.camera import Camera
from core_model.geometry.rotations import axis_angle_to_matrix, matrix_to_axis_angle
from core_model.take import Take


def make_take(frames=20):
    random = np.random.default_rng(0)
    return Take(
        poses=random.normal(0, 0.3, (frames, 72)),
        trans=random.normal(0, 0.3, (frames, 3)),
        betas=random.normal(size=10),
        times=np.cumsum(random.uniform(0.01, 0.05, frames)),
        camera=Camera.assumed(640, 480),
        frame_valid=random.random(frames) > 0.2,
        source={"video": "clip.mp4"},
    )


def test_saving_and_loading_changes_nothing(tmp_path):
    take = make_take()
    take.save(tmp_path / "person_01.npz")
    loaded = Take.load(tmp_path / "person_01.npz")
    for name in ("poses", "trans", "betas", "times", "frame_valid"):
        np.testing.assert_array_equal(getattr(loaded, name), getattr(take, name))
    np.testing.assert_allclose(loaded.joints(), take.joints(), atol=1e-12)
    assert loaded.source == take.source
    assert loaded.camera is not None and take.camera is not None
    assert loaded.camera.focal == take.camera.focal
    assert [path.name for path in tmp_path.iterdir()] == ["person_01.npz"]


def test_upright_figure_stands_upright_in_the_world():
    root = matrix_to_axis_angle(SMPL_TO_WORLD)
    poses = np.zeros((1, 72))
    poses[0, :3] = root
    joints = Take(poses, np.zeros((1, 3)), np.zeros(10), np.zeros(1)).joints()[0]
    assert joints[JOINT_INDEX["head"], 2] > joints[JOINT_INDEX["pelvis"], 2] + 0.4
    assert joints[JOINT_INDEX["left_foot"], 1] < joints[JOINT_INDEX["left_ankle"], 1] - 0.05
    assert joints[JOINT_INDEX["left_wrist"], 0] > 0.5


def test_camera_joints_are_the_world_joints_seen_from_the_camera():
    take = make_take()
    to_world = np.eye(4)
    to_world[:3, :3] = np.array([[1, 0, 0], [0, 0, 1], [0, -1, 0]], float)
    to_world[:3, 3] = (1, -4, 1.5)
    take.camera = Camera(500.0, np.array([320, 240]), np.array([640, 480]), to_world)
    back = take.camera.camera_to_world(take.camera_joints())
    np.testing.assert_allclose(back, take.joints(), atol=1e-12)


def test_turns_of_the_camera_are_kept_and_lead_to_the_space_of_every_frame(tmp_path):
    still = make_take()
    random = np.random.default_rng(1)
    turns = axis_angle_to_matrix(random.normal(0, 0.3, (len(still), 3)))
    take = replace(still, camera_turns=turns)
    take.save(tmp_path / "person_01.npz")
    loaded = Take.load(tmp_path / "person_01.npz")
    np.testing.assert_array_equal(loaded.camera_turns, turns)
    for index in (0, 7):
        expected = still.camera_joints()[index] @ turns[index]
        np.testing.assert_allclose(loaded.camera_joints()[index], expected, atol=1e-12)
    with pytest.raises(TakeError, match="camera_turns"):
        replace(still, camera_turns=turns[:3])


def test_the_zoom_of_the_camera_is_kept_and_is_nothing_in_takes_of_before(tmp_path):
    still = make_take()
    still.camera = Camera(500.0, np.array([320, 240]), np.array([640, 480]))
    zoom = np.linspace(1, 1.6, len(still))
    still.save(tmp_path / "person_01.npz")
    assert Take.load(tmp_path / "person_01.npz").camera_zoom.size == 0
    assert still.lens_at(7) == still.camera
    replace(still, camera_zoom=zoom).save(tmp_path / "person_02.npz")
    loaded = Take.load(tmp_path / "person_02.npz")
    np.testing.assert_array_equal(loaded.camera_zoom, zoom)
    assert loaded.lens_at(7).focal == 500.0 * zoom[7]
    with pytest.raises(TakeError, match="camera_zoom"):
        replace(still, camera_zoom=zoom[:3])


def test_amass_files_of_smpl_h_are_read(tmp_path):
    poses = np.random.default_rng(0).normal(0, 0.3, (12, 156))
    np.savez(
        tmp_path / "amass.npz",
        poses=poses,
        trans=np.zeros((12, 3)),
        betas=np.zeros(16),
        gender="female",
        mocap_framerate=120.0,
    )
    take = Take.load(tmp_path / "amass.npz")
    np.testing.assert_array_equal(take.poses[:, :66], poses[:, :66])
    assert (take.poses[:, 66:] == 0).all()
    assert take.frame_rate == pytest.approx(120)
    assert take.frame_valid.all() and take.camera is None


@pytest.mark.parametrize("size", [0, 10, 200, 1500])
def test_damaged_takes_are_refused_with_a_sentence(tmp_path, size):
    make_take().save(tmp_path / "take.npz")
    path = tmp_path / "damaged.npz"
    path.write_bytes((tmp_path / "take.npz").read_bytes()[:size])
    with pytest.raises(TakeError, match="damaged or not a take"):
        Take.load(path)


def test_arrays_that_do_not_fit_are_refused(tmp_path):
    with pytest.raises(TakeError, match="shape"):
        Take(np.zeros((5, 72)), np.zeros((4, 3)), np.zeros(10), np.arange(5.0))
    with pytest.raises(TakeError, match="not numbers"):
        Take(np.full((5, 72), np.nan), np.zeros((5, 3)), np.zeros(10), np.arange(5.0))
    with pytest.raises(TakeError, match="do not increase"):
        Take(np.zeros((5, 72)), np.zeros((5, 3)), np.zeros(10), np.zeros(5))
    np.savez(tmp_path / "other.npz", values=np.zeros(3))
    with pytest.raises(TakeError, match="has no 'poses'"):
        Take.load(tmp_path / "other.npz")


def test_pickled_content_is_never_run(tmp_path):
    class Trap:
        def __reduce__(self):
            return (open, (str(tmp_path / "sprung"), "w"))

    np.savez(tmp_path / "trap.npz", poses=np.array([Trap()], dtype=object), trans=np.zeros(3))
    with pytest.raises(TakeError):
        Take.load(tmp_path / "trap.npz")
    assert not (tmp_path / "sprung").exists()


def test_a_file_in_place_of_the_folder_is_named(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError):
        make_take().save(tmp_path / "file" / "person_01.npz")


def test_fingers_are_kept_and_are_no_part_of_the_poses(tmp_path):
    take = make_take()
    hands = np.random.default_rng(1).normal(0, 0.5, (20, 90))
    with_hands = replace(take, poses_hands=hands, confidence_hands=np.full((20, 2), 0.25))
    with_hands.save(tmp_path / "hands.npz")
    loaded = Take.load(tmp_path / "hands.npz")
    assert loaded.poses.shape == (20, 72) and loaded.poses_hands is not None
    np.testing.assert_allclose(loaded.poses_hands, hands, atol=1e-6)
    assert (loaded.confidence_hands == 0.25).all()
    rotations = loaded.finger_rotations()
    assert rotations is not None
    np.testing.assert_allclose(rotations, axis_angle_to_matrix(hands.reshape(20, 30, 3)), atol=1e-6)


def test_a_take_whose_hands_nobody_looked_for_says_so(tmp_path):
    make_take().save(tmp_path / "body.npz")
    with np.load(tmp_path / "body.npz") as file:
        assert not [name for name in file.files if "hands" in name]
    loaded = Take.load(tmp_path / "body.npz")
    assert loaded.poses_hands is None and loaded.finger_rotations() is None
    assert not loaded.confidence_hands.any()


def test_hands_of_the_wrong_shape_are_refused():
    with pytest.raises(TakeError, match="poses_hands"):
        replace(make_take(), poses_hands=np.zeros((20, 45)))


@pytest.mark.parametrize(("width", "begin"), [(156, 66), (165, 75)])
def test_fingers_of_smpl_h_and_smpl_x_are_read(tmp_path, width, begin):
    poses = np.random.default_rng(2).normal(0, 0.3, (4, width))
    path = tmp_path / "amass.npz"
    np.savez(path, poses=poses, trans=np.zeros((4, 3)), mocap_framerate=60.0)
    take = Take.load(path)
    assert take.poses_hands is not None
    np.testing.assert_array_equal(take.poses_hands, poses[:, begin : begin + 90])
    np.testing.assert_array_equal(take.poses[:, :66], poses[:, :66])

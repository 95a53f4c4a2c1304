"""What a file leaves open, what belongs together, and what cannot be read is said."""

import pickle

import numpy as np
import pytest
import torch

from core_model.body.model import default_body
from core_model.errors import TakeError
from core_model.geometry.rotations import axis_angle_to_matrix, matrix_to_axis_angle
from core_model.results.reading import Found, ReadOptions, read_all
from core_model.take import Take
from tests.bake.motions import walking
from tests.core_model.results.joblib_writer import write_joblib
from tests.core_model.results.samples import SYSTEMS
from tests.core_model.results.seen import FRAMES, FROM_CAMERA, FROM_Y_UP, HEIGHT, WIDTH, seen


def _read(*paths, **options) -> tuple[Found, list[str]]:
    (found,), warnings = read_all(paths, ReadOptions(**options))
    return found, warnings


def test_a_rate_that_nobody_tells_is_thirty_and_said(tmp_path):
    path = SYSTEMS["gvhmr"](tmp_path).path
    found, warnings = _read(path)
    assert found.takes[0].frame_rate == pytest.approx(30)
    assert any("frames a second" in each and "--clip-fps" in each for each in warnings)
    found, warnings = _read(path, frame_rate=29.97)
    assert found.takes[0].frame_rate == pytest.approx(29.97) and warnings == []
    with pytest.raises(TakeError, match="5000 frames a second are not possible"):
        _read(path, frame_rate=5000)


def test_a_rate_that_a_file_tells_is_kept(tmp_path):
    path = SYSTEMS["smpl_codec"](tmp_path).path
    found, _ = _read(path, frame_rate=60)
    assert found.takes[0].frame_rate == pytest.approx(24)


def test_prompthmr_tells_its_rate_in_the_files_beside_it(tmp_path):
    sample = SYSTEMS["prompthmr"](tmp_path)
    SYSTEMS["smpl_codec"](tmp_path).path.rename(tmp_path / "subject-1.smpl")
    found, warnings = _read(tmp_path)
    assert found.source.path == sample.path and len(found.takes) == 2
    assert found.takes[0].frame_rate == pytest.approx(24) and warnings == []


def test_the_name_is_the_videos_where_every_file_has_the_same(tmp_path):
    for system, name in (("gvhmr", "dance"), ("tram", "jump"), ("phalp", "walk")):
        (tmp_path / name).mkdir()
        found, _ = _read(SYSTEMS[system](tmp_path / name).path)
        assert found.source.name == ("demo_dance" if system == "phalp" else name)


def test_people_of_tram_are_found_however_they_are_given(tmp_path):
    whole, _ = _read(SYSTEMS["tram"](tmp_path).path)
    tracks = sorted((tmp_path / "hps").iterdir())
    for given in ((tmp_path / "hps",), tracks):
        found, _ = _read(*given)
        assert len(found.takes) == 2
        np.testing.assert_array_equal(found.takes[1].trans, whole.takes[1].trans)
    with pytest.raises(TakeError, match="TRAM's camera"):
        _read(tmp_path / "camera.npy")
    (tmp_path / "camera.npy").unlink()
    _, warnings = _read(tmp_path)
    assert any("no camera.npy" in each for each in warnings)


def test_the_camera_of_another_video_is_refused(tmp_path):
    SYSTEMS["tram"](tmp_path)
    camera = {"world_cam_R": np.tile(np.eye(3), (9, 1, 1)), "world_cam_T": np.zeros((9, 3))}
    np.save(tmp_path / "camera.npy", np.array(camera, dtype=object))
    with pytest.raises(TakeError, match="different videos"):
        _read(tmp_path)


def test_everyone_of_wham_stands_on_the_floor(tmp_path):
    sample = SYSTEMS["wham"](tmp_path)
    content = {
        number: {
            "pose_world": one.poses,
            "trans_world": one.pelvis + [0, 3.0 * number, 0],
            "frame_ids": rows,
        }
        for number, (one, rows) in enumerate(sample.people)
    }
    found, warnings = _read(write_joblib(tmp_path / "wham_output.pkl", content))
    feet = [take.joints()[:, (10, 11), 2].min() for take in found.takes]
    assert np.ptp(feet) < 0.02
    assert any("do not share one space" in each for each in warnings)


def test_slahmr_says_how_sure_it_is_of_who_was_hidden(tmp_path):
    found, _ = _read(SYSTEMS["slahmr"](tmp_path).path)
    confidence = found.takes[1].confidence[:, 0]
    assert (confidence[14:19] < 0.5).all() and confidence[:14].min() == 1
    (tmp_path / "track_info.json").unlink()
    found, warnings = _read(tmp_path)
    assert len(found.takes[1]) == FRAMES and any("track_info.json" in each for each in warnings)


def test_a_camera_that_stood_still_sees_people_where_they_were_seen(tmp_path):
    sample = SYSTEMS["vibe"](tmp_path)
    found, _ = _read(sample.path)
    for take, (person, frames) in zip(found.takes, sample.people, strict=True):
        seen_there = take.camera_joints()[frames - frames[0]]
        np.testing.assert_allclose(seen_there, person.joints(), atol=1e-3)
        assert take.camera is not None
        assert take.camera.size.tolist() == [WIDTH, HEIGHT]


def test_the_floor_that_slahmr_found_is_level(tmp_path):
    sample = SYSTEMS["slahmr"](tmp_path)
    path = tmp_path / "dance_000120_world_results.npz"
    with np.load(path) as file:
        arrays = dict(file)
    turn = axis_angle_to_matrix(np.array([0.3, 0.0, 0.0]))
    roots = axis_angle_to_matrix(arrays["root_orient"])
    arrays["root_orient"] = matrix_to_axis_angle(turn @ roots)
    pelvis = [default_body().rest_joints(one.betas)[0] for one, _ in sample.people]
    for number, at in enumerate(pelvis):
        arrays["trans"][number] = (arrays["trans"][number] + at) @ turn.T - at
    level, _ = _read(path)
    np.savez(path, **arrays, floor_plane=(turn @ [0, -1.3, 0])[None])
    tilted, _ = _read(path)
    for a, b in zip(level.takes, tilted.takes, strict=True):
        np.testing.assert_allclose(a.joints(), b.joints(), atol=1e-6)


def test_romp_must_tell_who_is_who(tmp_path):
    path = SYSTEMS["romp"](tmp_path).path
    results = np.load(path, allow_pickle=True)["results"].item()
    for picture in results.values():
        del picture["track_ids"]
    np.savez(path, results=np.array(results, dtype=object))
    with pytest.raises(TakeError, match="who is who"):
        _read(path)
    alone = {name: each for name, each in results.items() if len(each["smpl_thetas"]) == 1}
    np.savez(path, results=np.array(alone, dtype=object))
    found, _ = _read(path)
    assert found.takes[0].frame_valid.sum() == len(alone)


def test_vibe_without_the_whole_picture_moves_on_the_spot(tmp_path):
    sample = SYSTEMS["vibe"](tmp_path)
    one, rows = sample.people[0]
    track = {"pose": one.poses, "betas": one.many(), "frame_ids": rows}
    track |= {"pred_cam": np.ones((FRAMES, 3)), "bboxes": np.ones((FRAMES, 4))}
    found, warnings = _read(write_joblib(tmp_path / "vibe_output.pkl", {1: track}))
    assert np.ptp(found.takes[0].trans, axis=0).max() < 1e-9
    assert any("moves on the spot" in each for each in warnings)


def test_frames_without_numbers_are_frames_in_which_nobody_was_seen(tmp_path):
    one = seen(FROM_CAMERA)
    rotations = one.matrices
    rotations[7] = np.nan
    transl = one.transl.copy()
    transl[20] = np.inf
    content = {"pred_thetas": rotations.reshape(-1, 216), "transl": transl}
    (tmp_path / "res.pk").write_bytes(pickle.dumps(content))
    found, _ = _read(tmp_path / "res.pk")
    assert np.flatnonzero(~found.takes[0].frame_valid).tolist() == [7, 20]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ({"pred_thetas": np.zeros((5, 216)), "transl": np.zeros((5, 3))}, "no rotations"),
        ({"pred_thetas": np.zeros((5, 144)), "transl": np.zeros((5, 3))}, "six numbers"),
        ({"poses": np.zeros((5, 144)), "trans": np.zeros((5, 3))}, "six numbers"),
        ({"poses": np.zeros((5, 69)), "trans": np.zeros((5, 3))}, "turn of the root"),
        ({"poses": np.zeros((5, 100)), "trans": np.zeros((5, 3))}, "100 numbers a frame"),
        ({"poses": np.zeros((5, 72)), "trans": np.zeros((4, 3))}, r"\(5, 3\) belongs"),
        ({"poses": np.full((5, 72), np.nan)}, "in which the person was seen"),
        ({"poses": np.zeros((5, 72)), "fps": 1e9}, "no frame rate"),
        ({"poses": np.array(["a"] * 5)}, "no numbers"),
        ({"smpl_params_global": {"global_orient": np.zeros((5, 3))}}, "no poses"),
        ({"smpl_params_global": 3}, "is no table"),
        ({"joints": np.zeros((5, 22, 3))}, "no motion that is known"),
        ([1, 2], "no motion that is known"),
        ("a text", "no motion that is known"),
    ],
)
def test_what_cannot_be_read_is_said(tmp_path, content, sentence):
    (tmp_path / "file.pkl").write_bytes(pickle.dumps(content))
    with pytest.raises(TakeError, match=sentence) as caught:
        _read(tmp_path / "file.pkl")
    assert str(caught.value).startswith(str(tmp_path / "file.pkl"))


def test_other_arrays_are_no_motion(tmp_path):
    np.save(tmp_path / "features.npy", np.zeros((60, 263), np.float32))
    with pytest.raises(TakeError, match="no motion that is known"):
        _read(tmp_path / "features.npy")


def test_other_skeletons_in_smpl_files_are_refused(tmp_path):
    path = tmp_path / "a.npz"
    np.savez(path, codecVersion=2, smplVersion=5, bodyPose=np.zeros((4, 46)), frameCount=4)
    with pytest.raises(TakeError, match="SKEL"):
        _read(path.rename(tmp_path / "a.smpl"))


def test_hands_of_a_few_numbers_are_left_out_and_said(tmp_path):
    one = seen(FROM_Y_UP)
    content = {
        "global_orient": torch.tensor(one.poses[:, :3]),
        "body_pose": torch.tensor(one.poses[:, 3:66]),
        "transl": torch.tensor(one.transl),
        "left_hand_pose": torch.zeros(FRAMES, 12),
        "right_hand_pose": torch.zeros(FRAMES, 12),
    }
    torch.save(content, tmp_path / "smplx.pt")
    found, warnings = _read(tmp_path / "smplx.pt", frame_rate=30)
    assert found.takes[0].poses_hands is None
    assert any("use_pca=False" in each for each in warnings)


def test_which_axis_is_up_can_be_said(tmp_path):
    path = SYSTEMS["smplx_without_rate"](tmp_path).path
    found, warnings = _read(path)
    head = found.takes[0].joints()[:, 15] - found.takes[0].joints()[:, 0]
    assert (head[:, 2] > 0.4).all() and any("Y up" in each for each in warnings)
    lying, _ = _read(path, up="z")
    head = lying.takes[0].joints()[:, 15] - lying.takes[0].joints()[:, 0]
    assert (head[:, 1] > 0.4).all()


def test_a_folder_gives_what_has_motion_and_names_the_rest(tmp_path):
    walking(frames=5).save(tmp_path / "person_01.npz")
    SYSTEMS["smpl_codec"](tmp_path)
    np.savez(tmp_path / "neutral_stagei.npz", betas=np.zeros(16))
    np.save(tmp_path / "boxes.npy", np.zeros((5, 4)))
    found, warnings = read_all([tmp_path])
    assert [each.source.path.name for each in found] == ["person_01.npz", "walk.smpl"]
    assert [each.as_it_is for each in found] == [True, False]
    assert len([each for each in warnings if "holds no motion and was left out" in each]) == 2


def test_takes_are_read_as_before(tmp_path):
    walking(frames=5).save(tmp_path / "person_01.npz")
    found, warnings = _read(tmp_path / "person_01.npz")
    before = Take.load(tmp_path / "person_01.npz")
    np.testing.assert_array_equal(found.takes[0].poses, before.poses)
    assert found.as_it_is and warnings == []


def test_units_of_aist_become_metres(tmp_path):
    one = seen(FROM_Y_UP, 3)
    content = {
        "smpl_poses": one.poses,
        "smpl_trans": 93.8 * one.transl,
        "smpl_scaling": np.array([93.8]),
    }
    (tmp_path / "gBR_sBM_c01.pkl").write_bytes(pickle.dumps(content))
    found, _ = _read(tmp_path / "gBR_sBM_c01.pkl", frame_rate=60)
    along = one.joints()[:, 0] @ FROM_Y_UP.T
    got = found.takes[0].joints()[:, 0]
    np.testing.assert_allclose(np.diff(got, axis=0), np.diff(along, axis=0), atol=1e-5)

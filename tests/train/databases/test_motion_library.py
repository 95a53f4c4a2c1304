"""Folders of AMASS as they are distributed, as motion to train on."""

import tarfile

import numpy as np
import pytest

from core_model.errors import MocapError
from core_model.geometry.rotations import axis_angle_to_matrix, matrix_to_axis_angle
from tests.bake.motions import walking
from train.databases.motion_library import load_motion_library


def _amass(path, take, rate=30.0):
    path.parent.mkdir(parents=True, exist_ok=True)
    poses = np.concatenate((take.poses[:, :66], np.zeros((len(take), 99))), axis=1)
    labels = np.array({"A": 1}, dtype=object)
    np.savez(path, poses=poses, trans=take.trans, mocap_frame_rate=rate, markers_latent_vids=labels)


def test_files_without_motion_are_left_out_and_named(tmp_path, capsys):
    _amass(tmp_path / "amass" / "s1" / "walk_stageii.npz", walking(frames=60))
    shape = tmp_path / "amass" / "s1" / "neutral_stagei.npz"
    np.savez(shape, betas=np.zeros(16), gender="neutral")
    library = load_motion_library([tmp_path / "amass"], tmp_path / "cache")
    assert library.names == ["s1_walk_stageii"] and len(library.rotations) == 60
    assert "neutral_stagei.npz holds no motion" in capsys.readouterr().err
    (tmp_path / "amass" / "s1" / "walk_stageii.npz").unlink()
    with pytest.raises(MocapError, match="No motion was found"):
        load_motion_library([tmp_path / "amass"], tmp_path / "cache_2")


def test_everybody_stands_whichever_axis_is_up_in_the_file(tmp_path):
    take = walking(frames=60)
    _amass(tmp_path / "amass" / "z" / "walk.npz", take)
    turned = take.rotations()[:, 0]
    y_up = walking(frames=60)
    y_up.trans = take.trans[:, [0, 2, 1]] * [1, 1, -1]
    quarter = axis_angle_to_matrix(np.array([[-np.pi / 2, 0, 0]]))[0]
    y_up.poses[:, :3] = matrix_to_axis_angle(quarter @ turned)
    _amass(tmp_path / "amass" / "y" / "walk.npz", y_up)
    library = load_motion_library([tmp_path / "amass"], tmp_path / "cache")
    first, second = (library.rotations[a : a + 60] for a in library.bounds[:2])
    np.testing.assert_allclose(first, second, atol=1e-6)
    assert (first[:, 0, 1, 1] > 0.9).all(), "the back points up along Y"


@pytest.mark.shared
def test_recordings_that_were_thinned_too_much_get_their_speed_back(shared, tmp_path):
    with tarfile.open(shared / "data" / "mocap" / "cmu_asfamc_30fps.tar.xz") as archive:
        wanted = [member for member in archive if "/90/" in member.name]
        archive.extractall(tmp_path / "cmu", wanted, filter="data")
    lengths = []
    for as_recorded in (True, False):
        library = load_motion_library([tmp_path / "cmu"], tmp_path / "cache", as_recorded)
        lengths.append(dict(zip(library.names, np.diff(library.bounds), strict=True)))
    assert lengths[0].keys() == lengths[1].keys()
    for name, frames in lengths[0].items():
        factor = 2 if name in ("90_08", "90_11") else 1
        assert abs(lengths[1][name] - factor * frames) <= 2

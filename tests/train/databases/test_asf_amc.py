import tarfile

import numpy as np
import pytest

from core_model.body.model import default_body
from core_model.body.skeleton import JOINT_INDEX, forward_kinematics
from core_model.errors import MocapError
from train.databases.asf_amc import bone_tails, read_amc, read_asf, smpl_rotations

ASF = """:version 1.10
:units
  length 0.45
:root
  order TX TY TZ RX RY RZ
  axis XYZ
  position 0 0 0
  orientation 0 0 0
:bonedata
  begin
    id 1
    name lhipjoint
    direction 0.6 -0.7 0.2
    length 2.4
    axis 0 0 0 XYZ
  end
  begin
    id 2
    name lfemur
    direction 0.3 -0.9 0
    length 7.1
    axis 0 0 20 XYZ
    dof rx ry rz
    limits (-160.0 20.0)
  end
:hierarchy
  begin
    root lhipjoint
    lhipjoint lfemur
  end
"""
AMC = """:FULLY-SPECIFIED
:DEGREES
1
root 9.3 17.8 -17.3 -2.2 -4.4 2.8
lfemur 1.5 -1.9 8.3
2
root 9.4 17.8 -17.2 -2.3 -4.3 2.9
lfemur 1.4 -1.8 8.1
"""


@pytest.fixture(scope="module")
def folder(shared, tmp_path_factory):
    target = tmp_path_factory.mktemp("cmu")
    with tarfile.open(shared / "data" / "mocap" / "cmu_asfamc_30fps.tar.xz") as archive:
        wanted = [m for m in archive if "/09/" in m.name or "/07/" in m.name]
        archive.extractall(target, wanted, filter="data")
    return target / "cmu_asfamc_30fps"


@pytest.fixture(scope="module", params=["07/07_05", "09/09_12"])
def motion(folder, request):
    path = folder / f"{request.param}.amc"
    bones = read_asf(next(path.parent.glob("*.asf")))
    root, turned = read_amc(path, bones)
    return bones, root, turned


@pytest.mark.shared
def test_skeleton_has_human_size_and_constant_bones(motion):
    bones, root, turned = motion
    tails = bone_tails(root, turned, bones)
    feet = np.stack((tails["ltoes"], tails["rtoes"]))[..., 1].min(axis=0)
    assert 1.4 < np.median(tails["head"][:, 1] - feet) < 1.8
    lengths = np.linalg.norm(tails["ltibia"] - tails["lfemur"], axis=1)
    assert np.ptp(lengths) < 1e-9
    # Directions are written with seven digits.
    np.testing.assert_allclose(lengths, bones["ltibia"].length, atol=1e-6)


@pytest.mark.parametrize(
    ("joint", "child", "start", "end"),
    [
        ("left_hip", "left_knee", "lhipjoint", "lfemur"),
        ("right_knee", "right_ankle", "rfemur", "rtibia"),
        ("left_shoulder", "left_elbow", "lclavicle", "lhumerus"),
        ("right_elbow", "right_wrist", "rhumerus", "rradius"),
    ],
)
@pytest.mark.shared
def test_limbs_point_where_the_captured_ones_do(motion, joint, child, start, end):
    bones, root, turned = motion
    tails = bone_tails(root, turned, bones)
    joints, _ = forward_kinematics(
        smpl_rotations(turned, bones), default_body().rest_joints(np.zeros(10))
    )
    ours = joints[:, JOINT_INDEX[child]] - joints[:, JOINT_INDEX[joint]]
    theirs = tails[end] - tails[start]
    cosine = (
        (ours * theirs).sum(-1) / np.linalg.norm(ours, axis=-1) / np.linalg.norm(theirs, axis=-1)
    )
    assert np.degrees(np.arccos(np.clip(cosine, -1, 1))).max() < 0.5


@pytest.mark.shared
def test_walkers_knees_bend_backwards(motion):
    bones, _, turned = motion
    joints, _ = forward_kinematics(
        smpl_rotations(turned, bones), default_body().rest_joints(np.zeros(10))
    )
    hip, knee, ankle = (joints[:, JOINT_INDEX[f"left_{n}"]] for n in ("hip", "knee", "ankle"))
    forward = turned["root"][:, :, 2]
    assert (((knee - (hip + ankle) / 2) * forward).sum(-1) > -0.03).all()


def test_other_files_are_refused(tmp_path):
    (tmp_path / "x.asf").write_text("hello")
    with pytest.raises(MocapError, match="not an ASF skeleton"):
        read_asf(tmp_path / "x.asf")


@pytest.mark.shared
def test_soles_lie_level_on_the_floor(motion):
    bones, root, turned = motion
    tails = bone_tails(root, turned, bones)
    rotations = smpl_rotations(turned, bones)
    _, whole = forward_kinematics(rotations, default_body().rest_joints(np.zeros(10)))
    for side in ("left", "right"):
        speed = np.linalg.norm(np.gradient(tails[f"{side[0]}foot"], axis=0), axis=1)
        standing = speed < np.quantile(speed, 0.2)
        # How much the sole's sideways axis rises: a foot on its edge is no standing foot.
        rise = whole[standing, JOINT_INDEX[f"{side}_ankle"]][:, 1, 0]
        assert abs(np.degrees(np.arcsin(rise)).mean()) < 10


@pytest.mark.parametrize(
    ("begin", "wrong"),
    [
        ("  name lfemur", "  name lfemor"),  # in the hierarchy, but nowhere described
        ("  axis 0 0 20 XYZ", "  axis 0 XYZ"),
        ("  direction 0.3 -0.9 0", "  direction 0.3 -0.9"),
        ("  direction 0.3 -0.9 0", "  direction 0 0 0"),
        ("  length 7.1", "  length"),
        ("  length 7.1", "  length nan"),
        ("  dof rx ry rz", "  dof rx rx rz"),
        ("    lhipjoint lfemur", "    rhipjoint lfemur"),
    ],
)
def test_a_damaged_skeleton_is_a_sentence(tmp_path, begin, wrong):
    path = tmp_path / "x.asf"
    path.write_text(ASF)
    assert set(read_asf(path)) == {"root", "lhipjoint", "lfemur"}
    assert begin in ASF
    path.write_text(ASF.replace(begin, wrong))
    with pytest.raises(MocapError, match="damaged"):
        read_asf(path)


@pytest.mark.parametrize(
    ("begin", "wrong"),
    [
        ("root 9.3", "rood 9.3"),  # one frame of it fewer than of the leg
        ("root", "rood"),
        ("-2.2", "up"),
        ("-2.2", "inf"),
        ("root 9.4 17.8", "root 17.8"),
        ("lfemur 1.4", "lfemur"),
        ("lfemur 1.4", "other 1.4"),
    ],
)
def test_a_damaged_motion_is_a_sentence(tmp_path, begin, wrong):
    skeleton, path = tmp_path / "x.asf", tmp_path / "x.amc"
    skeleton.write_text(ASF)
    bones = read_asf(skeleton)
    path.write_text(AMC)
    assert len(read_amc(path, bones)[0]) == 2
    assert begin in AMC
    path.write_text(AMC.replace(begin, wrong))
    with pytest.raises(MocapError, match="damaged"):
        read_amc(path, bones)

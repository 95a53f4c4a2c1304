import tarfile

import numpy as np
import pytest

from core_model.body.model import default_body
from core_model.body.skeleton import JOINT_COUNT, JOINT_NAMES, forward_kinematics
from core_model.errors import MocapError
from core_model.geometry.rotations import rotation_angle
from train.databases import asf_amc
from train.databases.daz_bvh import read_bvh, smpl_rotations
from train.databases.motion_library import load_motion_library

TWO_JOINTS = """HIERARCHY
ROOT hip
{
  OFFSET 0 0 0
  CHANNELS 6 Xposition Yposition Zposition Zrotation Yrotation Xrotation
  JOINT abdomen
  {
    OFFSET 0 20 0
    CHANNELS 3 Zrotation Xrotation Yrotation
    End Site
    {
      OFFSET 0 1 0
    }
  }
}
MOTION
Frames: 2
Frame Time: 0.0333333
1 2 3 90 0 0 0 90 0
1 2 4 0 0 0 0 0 90
"""


@pytest.fixture(scope="module")
def folder(shared, tmp_path_factory):
    target = tmp_path_factory.mktemp("cmu")
    for name, wanted in (
        ("cmu_asfamc_30fps.tar.xz", ("/05/05_02", "/05/05.asf", "/14/14_08", "/14/14.asf")),
        ("cmu_daz_bvh_30fps.tar.xz", ("/05_02.bvh", "/14_08.bvh", "/60_01.bvh")),
    ):
        with tarfile.open(shared / "data" / "mocap" / name) as archive:
            members = [m for m in archive if any(part in m.name for part in wanted)]
            archive.extractall(target, members, filter="data")
    return target


def test_turns_are_made_in_the_order_of_the_channels(tmp_path):
    path = tmp_path / "two.bvh"
    path.write_text(TWO_JOINTS)
    motion = read_bvh(path)
    turned = motion.global_rotations()
    # About Z by 90 degrees, then, in the turned frame, about X by 90: Y goes to Z.
    np.testing.assert_allclose(turned[0, 1] @ [0, 1, 0], [0, 0, 1], atol=1e-9)
    np.testing.assert_allclose(turned[0, 0] @ [0, 1, 0], [-1, 0, 0], atol=1e-9)
    np.testing.assert_allclose(motion.root[1], [1, 2, 4])
    assert abs(motion.frame_rate - 30) < 0.01 and motion.parents == [-1, 0]


@pytest.mark.shared
@pytest.mark.parametrize("clip", ["05_02", "14_08"])
def test_both_conversions_of_a_clip_agree(folder, clip):
    subject = clip[:2]
    asf = next(folder.rglob(f"{subject}.asf"))
    bones = asf_amc.read_asf(asf)
    theirs = asf_amc.smpl_rotations(asf_amc.read_amc(asf.parent / f"{clip}.amc", bones)[1], bones)
    ours = smpl_rotations(read_bvh(next(folder.rglob(f"{clip}.bvh"))))
    theirs = theirs[1:]  # the pose of calibration stands in place of the first frame
    assert len(ours) == len(theirs)
    rest = default_body().rest_joints(np.zeros(10))
    (joints, turned), (true_joints, true_turned) = (
        forward_kinematics(rotations, rest) for rotations in (ours, theirs)
    )
    angles = np.degrees(np.median(rotation_angle(turned, true_turned), axis=0))
    for joint in range(JOINT_COUNT):
        # Wrists, and toes for want of channels, are not in the BVH files.
        if not JOINT_NAMES[joint].endswith(("wrist", "hand", "foot")):
            assert angles[joint] < 8, (JOINT_NAMES[joint], angles[joint])
    assert np.linalg.norm(joints - true_joints, axis=-1).mean() < 0.03


@pytest.mark.shared
@pytest.mark.parametrize("clip", ["05_02", "14_08", "60_01"])
def test_nobody_jumps_out_of_the_pose_of_calibration(folder, clip):
    path = next(folder.rglob(f"{clip}.bvh"))
    motion = read_bvh(path)
    assert f"Frames: {len(motion.rotations) + 1}" in " ".join(path.read_text().split())
    turns = np.degrees(rotation_angle(motion.rotations[1:], motion.rotations[:-1])).max(axis=1)
    assert turns[0] < 2 * np.percentile(turns, 95)


@pytest.mark.shared
def test_a_clip_of_two_sources_is_read_once(folder, tmp_path):
    sources = [folder / "cmu_asfamc_30fps", folder / "cmu_daz_bvh_30fps"]
    library = load_motion_library(sources, tmp_path)
    assert sorted(library.names) == ["05_02", "14_08", "60_01"]
    first, _ = load_motion_library(sources[:1], tmp_path).split({"60"})
    both, _ = library.split({"60"})
    np.testing.assert_array_equal(first.rotations, both.rotations)


def test_other_files_are_refused(tmp_path):
    path = tmp_path / "two.bvh"
    path.write_text("hello")
    with pytest.raises(MocapError, match="not a BVH motion"):
        read_bvh(path)
    path.write_text(TWO_JOINTS + "1 2\n")
    with pytest.raises(MocapError, match="damaged"):
        read_bvh(path)
    path.write_text(TWO_JOINTS)
    with pytest.raises(MocapError, match="no Daz skeleton"):
        smpl_rotations(read_bvh(path))


@pytest.mark.parametrize(
    ("begin", "wrong"),
    [
        ("0 90 0\n", "0 90 up\n"),
        ("0 90 0\n", "0 90 nan\n"),
        ("Zrotation Xrotation Yrotation", "Zrotation Zrotation Yrotation"),
        ("Zrotation Xrotation Yrotation", "Wrotation Xrotation Yrotation"),
        ("Xposition", "Wposition"),
        ("OFFSET 0 20 0", "OFFSET 0 20"),
        ("OFFSET 0 20 0", "OFFSET 0 20 up"),
        ("JOINT abdomen", "JOINT"),
        ("0.0333333", "0.0"),
        ("0.0333333", "..1"),
    ],
)
def test_a_damaged_motion_is_a_sentence(tmp_path, begin, wrong):
    assert begin in TWO_JOINTS
    path = tmp_path / "two.bvh"
    path.write_text(TWO_JOINTS.replace(begin, wrong, 1))
    with pytest.raises(MocapError, match="damaged|not a BVH"):
        read_bvh(path)

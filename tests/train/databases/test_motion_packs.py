"""Clips of packs come out as SMPL rotations, whatever skeleton they were recorded on."""

import json
import tarfile
from typing import Any

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from core_model.body.model import default_body
from core_model.body.skeleton import JOINT_INDEX, forward_kinematics
from core_model.errors import MocapError
from core_model.geometry.rotations import rotation_angle
from train.databases import asf_amc
from train.databases.daz_bvh import BvhMotion
from train.databases.motion_library import load_motion_library
from train.databases.motion_packs import is_pack, read_pack
from train.databases.skeletons import bones_of

_SIDES = {"Left": 1, "Right": -1}
# A figure in a T-pose that looks along +Z: name, parent, offset from it.
_JOINTS = [
    ("Hips", "", (0, 0, 0)),
    ("Spine", "Hips", (0, 10, 0)),
    ("Spine1", "Spine", (0, 20, 0)),
    ("Neck", "Spine1", (0, 20, 0)),
    ("Head", "Neck", (0, 10, 0)),
]
for _side, _sign in _SIDES.items():
    _JOINTS += [
        (f"{_side}UpLeg", "Hips", (10 * _sign, -5, 0)),
        (f"{_side}Leg", f"{_side}UpLeg", (0, -45, 0)),
        (f"{_side}Foot", f"{_side}Leg", (0, -45, 0)),
        (f"{_side}ToeBase", f"{_side}Foot", (0, -5, 12)),
        (f"{_side}Shoulder", "Spine1", (5 * _sign, 15, 0)),
        (f"{_side}Arm", f"{_side}Shoulder", (12 * _sign, 0, 0)),
        (f"{_side}ForeArm", f"{_side}Arm", (28 * _sign, 0, 0)),
        (f"{_side}Hand", f"{_side}ForeArm", (26 * _sign, 0, 0)),
    ]
NAMES = [name for name, _, _ in _JOINTS]
PARENTS = [NAMES.index(parent) if parent else -1 for _, parent, _ in _JOINTS]
KNEE = NAMES.index("LeftLeg")


def write_pack(path, clips, skeleton="mb_0", **others):
    """Write clips (name, subject, angles (T, J, 3) in degrees about X, Y and Z, suspect, fps)."""
    records: list[dict[str, Any]] = []
    rot: list[np.ndarray] = []
    suspect: list[np.ndarray] = []
    for name, subject, angles, bad, fps in clips:
        records.append(
            {"name": name, "subject": subject, "skeleton": skeleton, "fps": fps}
            | {"frames": len(angles), "nrot": 3 * len(NAMES)}
            | {"rot_start": sum(each.size for each in rot)}
            | {"frame_start": sum(each.size for each in suspect)}
        )
        rot.append(np.round(100 * angles).astype(np.int16).ravel())
        suspect.append(np.asarray(bad, np.uint8))
    joints = {
        "type": "bvh",
        "names": NAMES,
        "parents": PARENTS,
        "offset": [offset for _, _, offset in _JOINTS],
        "channels": [["Xrotation", "Yrotation", "Zrotation"]] * len(NAMES),
        "unit_m": 0.01,
    }
    texts = {"clips": records, "skeletons": {skeleton: joints | others}}
    encoded = {
        name: np.frombuffer(json.dumps(text).encode(), np.uint8) for name, text in texts.items()
    }
    flat = {"rot": np.concatenate(rot), "suspect": np.concatenate(suspect), "pos": np.zeros(0)}
    np.savez(path, **encoded, **flat)


def still(frames=40, knee=0.0):
    angles = np.zeros((frames, len(NAMES), 3))
    angles[:, KNEE, 0] = knee
    return angles


def directions(rotations, start, end):
    joints, _ = forward_kinematics(rotations, default_body().rest_joints(np.zeros(10)))
    bone = joints[:, JOINT_INDEX[end]] - joints[:, JOINT_INDEX[start]]
    return bone / np.linalg.norm(bone, axis=1, keepdims=True)


def test_limbs_point_where_the_recorded_ones_do(tmp_path):
    write_pack(tmp_path / "p.npz", [("a_1", "a", still(knee=60.0), np.zeros(40), 30.0)])
    (clip,) = read_pack(tmp_path / "p.npz")
    sine, cosine = np.sin(np.radians(60)), np.cos(np.radians(60))
    for start, end, wanted in (
        ("left_hip", "left_knee", (0, -1, 0)),
        ("left_knee", "left_ankle", (0, -cosine, -sine)),
        ("right_knee", "right_ankle", (0, -1, 0)),
        ("left_shoulder", "left_elbow", (1, 0, 0)),
        ("right_elbow", "right_wrist", (-1, 0, 0)),
    ):
        got = directions(clip.rotations, start, end)
        np.testing.assert_allclose(got, np.tile(wanted, (40, 1)), atol=1e-3)


def test_clips_are_cut_where_a_joint_turned_too_fast_and_say_whose_they_are(tmp_path):
    bad = np.zeros(90)
    bad[[30, 50]] = 1
    clips = [
        ("a_1", "a", still(90), bad, 24.0),
        ("walk", "Open Male 1", still(30), bad[:30], 30.0),
    ]
    write_pack(tmp_path / "p.npz", clips)
    found = list(read_pack(tmp_path / "p.npz"))
    assert [clip.name for clip in found] == [
        "a_1_part0",
        "a_1_part1",
        "a_1_part2",
        "OpenMale1_walk",
    ]
    assert [len(clip.rotations) for clip in found] == [30, 19, 39, 30]
    assert found[0].frame_rate == 24 and found[0].body == "mb a"


def test_a_library_reads_packs_beside_each_other_at_one_rate(tmp_path):
    folder = tmp_path / "packs"
    folder.mkdir()
    write_pack(folder / "one.npz", [("a_1", "a", still(60), np.zeros(60), 60.0)])
    write_pack(folder / "two.npz", [("b_1", "b", still(40), np.zeros(40), 30.0)])
    library = load_motion_library([folder], tmp_path / "cache")
    assert library.names == ["a_1", "b_1"]
    assert np.diff(library.bounds).tolist() == [30, 40]
    assert library.split({"b"})[1].names == ["b_1"]


def test_a_rest_pose_may_be_somebody_who_stands_in_any_frame_of_reference():
    random = np.random.default_rng(0)
    joints = len(NAMES)
    # The same figure, each joint's own axes turned any way: bones and motion stay what they are.
    own = Rotation.random(joints, random_state=random.integers(100)).as_matrix()
    facing = Rotation.from_euler("y", 70, degrees=True).as_matrix()
    offsets = np.array([offset for _, _, offset in _JOINTS], float)
    rotations = np.empty((1, joints, 3, 3))
    turned_offsets = np.empty_like(offsets)
    for joint, parent in enumerate(PARENTS):
        before = facing if parent < 0 else own[parent]
        rotations[0, joint] = facing @ own[joint] if parent < 0 else own[parent].T @ own[joint]
        turned_offsets[joint] = before.T @ offsets[joint] if parent >= 0 else offsets[joint]
    motion = BvhMotion(NAMES, PARENTS, turned_offsets, rotations, np.zeros((1, 3)), 30.0)
    turned, pointing = bones_of(motion, motion.global_rotations()[0], standing=True)
    upright = asf_amc.from_bones(turned, pointing, level_feet=True)
    assert np.degrees(rotation_angle(upright[0, 0], np.eye(3))) < 1e-3
    np.testing.assert_allclose(
        directions(upright, "left_hip", "left_knee"), [[0, -1, 0]], atol=1e-6
    )
    _, whole = forward_kinematics(upright, default_body().rest_joints(np.zeros(10)))
    np.testing.assert_allclose(whole[0, JOINT_INDEX["left_ankle"]][:, 1], [0, 1, 0], atol=1e-6)


def test_unknown_joints_are_refused_and_other_files_are_no_packs(tmp_path):
    motion = BvhMotion(["a"], [-1], np.zeros((1, 3)), np.eye(3)[None, None], np.zeros((1, 3)), 30.0)
    with pytest.raises(MocapError, match="names that are not known"):
        bones_of(motion, np.eye(3)[None])
    (tmp_path / "x.npz").write_text("hello")
    np.savez(tmp_path / "y.npz", poses=np.zeros((3, 72)))
    assert not is_pack(tmp_path / "x.npz") and not is_pack(tmp_path / "y.npz")


@pytest.mark.shared
def test_a_packed_clip_is_what_its_own_files_say(shared, tmp_path):
    packed = next(read_pack(shared / "data" / "motion" / "cmu_motion.npz"))
    assert packed.name == "01_01"
    with tarfile.open(shared / "data" / "mocap" / "cmu_asfamc_30fps.tar.xz") as archive:
        wanted = [m for m in archive if m.name.endswith(("/01/01.asf", "/01/01_01.amc"))]
        archive.extractall(tmp_path, wanted, filter="data")
    bones = asf_amc.read_asf(next(tmp_path.rglob("01.asf")))
    _, turned = asf_amc.read_amc(next(tmp_path.rglob("01_01.amc")), bones)
    ours = asf_amc.smpl_rotations(turned, bones)[: len(packed.rotations)]
    assert np.degrees(rotation_angle(ours, packed.rotations)).max() < 0.05


@pytest.mark.shared
def test_dancers_of_a_z_up_source_stand_upright_and_lift_the_right_hand(shared):
    clips = {clip.name: clip for clip in read_pack(shared / "data" / "motion" / "fair_mit.npz")}
    wave = clips["fair1_fair_wave_hello"].rotations
    assert (directions(wave, "pelvis", "neck")[:, 1] > 0.95).all()
    knees = directions(wave, "left_hip", "left_knee") * directions(wave, "left_knee", "left_ankle")
    assert np.degrees(np.arccos(np.clip(knees.sum(axis=1), -1, 1))).max() < 12
    lifted = [
        directions(wave, f"{side}_elbow", f"{side}_wrist")[:, 1].max() for side in ("left", "right")
    ]
    assert lifted[1] > 0.3 > lifted[0]

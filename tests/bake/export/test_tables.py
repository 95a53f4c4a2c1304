"""Motion as numbers: takes, tables and markers hold what is seen in the scene."""

import csv
import struct
from pathlib import Path
from typing import Any

import bpy
import numpy as np
import pytest

from bake.bake_file import bake_file
from bake.bake_job import BakeJob
from bake.export.export import export
from bake.export.options import ExportOptions
from bake.retarget.maps.bone_map import BoneMap, JointBones
from core_model.body.fingers import FINGER_JOINT_COUNT
from core_model.body.skeleton import JOINT_NAMES
from core_model.geometry.rotations import rotation_angle
from core_model.take import Take
from tests.bake.export.reading_back import MILLIMETRE, heads
from tests.bake.motions import tumbling, walking

FRAMES = 31
NAMES = list(JOINT_NAMES)


@pytest.fixture(scope="module")
def baked(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Scenes of somebody who walks, and of one who tumbles, with hands that move."""
    folder = tmp_path_factory.mktemp("baked")
    takes = {"walk": walking(frames=FRAMES), "tumble": tumbling(frames=FRAMES)}
    takes["walk"].betas = np.linspace(-1, 1, 10)
    fingers = np.zeros((FRAMES, FINGER_JOINT_COUNT, 3))
    fingers[:, 3:6, 2] = np.linspace(0, 1, FRAMES)[:, None]
    takes["walk"].poses_hands = fingers.reshape(FRAMES, -1)
    takes["walk"].confidence_hands = np.ones((FRAMES, 2))
    for name, take in takes.items():
        take.save(folder / f"{name}.npz")
        job = BakeJob([folder / f"{name}.npz"], folder / f"{name}.blend", smoothing="none")
        bake_file(job, lambda _: None)
    return {name: folder / f"{name}.blend" for name in takes}


def opened(baked: dict[str, Path], name: str = "walk") -> Any:
    bpy.ops.wm.open_mainfile(filepath=str(baked[name]))
    return bpy.data.objects[name]


@pytest.mark.parametrize("name", ["walk", "tumble"])
def test_a_take_comes_back_as_it_was_baked(baked, tmp_path, name):
    armature = opened(baked, name)
    expected = {frame: heads(armature, NAMES, frame) for frame in range(1, FRAMES + 1, 10)}
    before = Take.load(baked[name].with_suffix(".npz"))
    export(tmp_path / "out.npz", [armature])
    after = Take.load(tmp_path / "out.npz")
    joints = after.joints()
    for frame, places in expected.items():
        assert np.abs(joints[frame - 1] - places).max() < MILLIMETRE
    assert np.degrees(rotation_angle(after.rotations(), before.rotations()).max()) < 1
    assert np.allclose(after.times, before.times, atol=1e-4)
    if before.poses_hands is not None:
        found, wanted = after.finger_rotations(), before.finger_rotations()
        assert found is not None and wanted is not None
        assert np.degrees(rotation_angle(found, wanted).max()) < 1


def test_a_figure_that_was_scaled_and_turned_is_a_take_of_its_place(baked, tmp_path):
    armature = opened(baked)
    armature.rotation_euler.z, armature.location = 1.2, (2, 1, 0)
    expected = heads(armature, NAMES, 11)
    export(tmp_path / "out.npz", [armature])
    joints = Take.load(tmp_path / "out.npz").joints()
    assert np.abs(joints[10] - expected).max() < MILLIMETRE


def test_a_table_has_a_row_for_each_frame(baked, tmp_path):
    armature = opened(baked)
    expected = heads(armature, NAMES, 21)
    export(tmp_path / "out.csv", [armature])
    with (tmp_path / "out.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert [int(row["frame"]) for row in rows] == list(range(1, FRAMES + 1))
    assert float(rows[-1]["seconds"]) == pytest.approx((FRAMES - 1) / 30)
    row = rows[20]
    found = [[float(row[f"{name}_{axis}"]) for axis in "xyz"] for name in NAMES]
    assert np.abs(np.array(found) - expected).max() < MILLIMETRE


def test_a_c3d_holds_the_joints_as_points(baked, tmp_path):
    armature = opened(baked)
    expected = heads(armature, NAMES, 21)
    export(tmp_path / "out.c3d", [armature])
    data = (tmp_path / "out.c3d").read_bytes()
    assert len(data) % 512 == 0
    block, key, points, analog, first, last = struct.unpack("<BBHHHH", data[:10])
    scale, start, _, rate = struct.unpack("<fHHf", data[12:24])
    assert (block, key, analog, first, last) == (2, 80, 0, 1, FRAMES)
    assert scale < 0 and rate == 30
    parameters = _parameters(data[512 : 512 * (start - 1)])
    labels = parameters["POINT", "LABELS"]
    width, count = labels[0], labels[1]
    names = [
        labels[2 + number * width : 2 + (number + 1) * width].decode().strip()
        for number in range(count)
    ]
    assert len(names) == points and set(NAMES) <= set(names)
    numbers = np.frombuffer(data[512 * (start - 1) :], "<f4")[: FRAMES * points * 4]
    places = numbers.reshape(FRAMES, points, 4)[20, [names.index(name) for name in NAMES], :3]
    assert np.abs(places / 1000 - expected).max() < MILLIMETRE


def _parameters(section: bytes) -> dict[tuple[str, str], bytes]:
    """Return sizes and data of each parameter, by group and name, following the steps between."""
    groups: dict[int, str] = {}
    found: dict[tuple[int, str], bytes] = {}
    place = 4
    while True:
        length, group = struct.unpack("<bb", section[place : place + 2])
        name = section[place + 2 : place + 2 + abs(length)].decode()
        at = place + 2 + abs(length)
        (step,) = struct.unpack("<H", section[at : at + 2])
        if group < 0:
            groups[-group] = name
        else:
            kind, dimensions = struct.unpack("<bB", section[at + 2 : at + 4])
            sizes = section[at + 4 : at + 4 + dimensions]
            size = abs(kind) * int(np.prod(np.frombuffer(sizes, np.uint8), dtype=int))
            found[group, name] = section[at + 4 : at + 4 + dimensions + size]
        if step == 0:
            return {(groups[group], name): data for (group, name), data in found.items()}
        place = at + step


@pytest.mark.parametrize("name", ["mixamo", "game_engine"])
def test_any_human_rig_becomes_a_take(empty_scene, tmp_path, name):
    """Limbs of the take point where those of the rig do, in every frame."""
    from tests.bake.retarget.rigs import load_rig
    from tests.bake.retarget.truth import TRUTH

    armature = load_rig(name)
    bones = {joint: mapped[0] for joint, mapped in TRUTH[name].items()}
    random = np.random.default_rng(5)
    for joint in ("left_shoulder", "right_elbow", "left_hip", "right_knee", "pelvis", "neck"):
        bone = armature.pose.bones[bones[joint]]
        bone.rotation_mode = "XYZ"
        for frame in (1, 11, 21):
            bone.rotation_euler = random.normal(0, 0.5, 3)
            bone.keyframe_insert("rotation_euler", frame=frame)
    ends = [("left_shoulder", "left_elbow"), ("right_elbow", "right_wrist")]
    ends += [("left_hip", "left_knee"), ("right_knee", "right_ankle")]
    names = sorted({bones[joint] for pair in ends for joint in pair})
    told = export(tmp_path / "out.npz", [armature])
    assert any("average body" in sentence for sentence in told)
    joints = Take.load(tmp_path / "out.npz").joints()
    for frame in (1, 6, 11, 21):
        there = dict(zip(names, heads(armature, names, frame), strict=True))
        for start, end in ends:
            wanted = there[bones[end]] - there[bones[start]]
            found = np.subtract(*(joints[frame - 1, NAMES.index(joint)] for joint in (end, start)))
            cosine = wanted @ found / np.linalg.norm(wanted) / np.linalg.norm(found)
            assert np.degrees(np.arccos(min(cosine, 1))) < 1, (frame, start)


def test_the_bone_map_that_an_animator_gave_counts(empty_scene, tmp_path):
    from tests.bake.retarget.rigs import load_rig
    from tests.bake.retarget.truth import TRUTH

    armature = load_rig("mixamo")
    truth = {joint: JointBones(tuple(mapped)) for joint, mapped in TRUTH["mixamo"].items()}
    bone = armature.pose.bones[truth["neck"].bones[0]]
    bone.rotation_mode = "XYZ"
    for frame, angle in ((1, 0.0), (11, 0.7)):
        bone.rotation_euler.x = angle
        bone.keyframe_insert("rotation_euler", frame=frame)
    turned = {}
    for name, joints in (
        ("found", None),
        ("given", {joint: bones for joint, bones in truth.items() if joint != "neck"}),
        ("of_another", {"pelvis": JointBones(("nobody",))}),
    ):
        maps = {armature.name: BoneMap("mine", joints)} if joints else {}
        path = tmp_path / f"{name}.npz"
        export(path, [armature], options=ExportOptions(maps=maps))
        rotations = Take.load(path).rotations()[10]
        turned[name] = np.degrees(rotation_angle(rotations[NAMES.index("neck")], np.eye(3)))
    assert turned["found"] > 30 and turned["of_another"] == turned["found"]
    # Nobody said what the neck does: it shares the turn that the head has.
    assert turned["given"] < 0.6 * turned["found"]

"""Bone maps as files."""

import json

import pytest

from bake.retarget.maps.bone_map import SCHEMA, VERSION, BoneMap, JointBones, LimbControls, Setting
from bake.retarget.maps.map_file import read_map, write_map
from core_model.errors import OutputError, RigError

FULL = BoneMap(
    name="Everything",
    joints={
        "pelvis": JointBones(("hips",)),
        "spine1": JointBones(("low", "high")),
        "left_shoulder": JointBones(("arm", "arm twist"), twist=0.5),
        "left_thumb1": JointBones(("thumb",), locked=True),
    },
    mover="cog",
    root="root",
    limbs={
        "left_arm": LimbControls(
            "hand_ik", "pole", "", (Setting("arm", "IK_FK", 0.0),), (Setting("arm", "IK_FK", 1.0),)
        )
    },
    settings=(Setting("torso", "head_follow", 1.0),),
    prefixes=("rig:",),
    certainty={"pelvis": 0.75},
)


def test_what_is_written_is_read_again(tmp_path):
    write_map(FULL, tmp_path / "map.json")
    assert read_map(tmp_path / "map.json") == FULL


def test_each_joint_has_a_line(tmp_path):
    write_map(FULL, tmp_path / "map.json")
    lines = (tmp_path / "map.json").read_text(encoding="utf-8").splitlines()
    assert '    "spine1": ["low", "high"],' in lines


def test_a_joint_may_be_one_name(tmp_path):
    path = _file(tmp_path, joints={"pelvis": "hips"})
    assert read_map(path).joints["pelvis"] == JointBones(("hips",))


def test_what_is_not_known_is_left_out(tmp_path):
    path = _file(tmp_path, joints={"pelvis": ["hips"]}, colour="red")
    assert read_map(path).joints == {"pelvis": JointBones(("hips",))}


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"version": VERSION + 1}, "update INT Mocap"),
        ({"version": "one"}, "without a version"),
        ({"schema": "something"}, "is no bone map"),
        ({"joints": {"tail": ["tail"]}}, "there is no joint tail"),
        ({"joints": {"pelvis": []}}, "pelvis has no bone"),
        ({"joints": {"pelvis": 3}}, "the bones of pelvis must be a list"),
        ({"joints": ["pelvis"]}, '"joints" must be a table'),
        ({"joints": {"pelvis": ["a"], "head": ["a"]}}, "a stands for pelvis and for head"),
        ({"joints": {"pelvis": {"bones": ["a"], "twist": 2}}}, "between 0 and 1"),
        ({"joints": {"pelvis": {"bones": ["a"], "locked": "no"}}}, "true or false"),
        ({"limbs": {"left_arm": {}}}, 'left_arm must have a "control"'),
        ({"limbs": {"tail": {"control": "a"}}}, "there is no limb tail"),
        ({"settings": [{"bone": "a"}]}, "a bone, a property and a value"),
        ({"certainty": {"pelvis": "high"}}, "the certainty of pelvis must be a number"),
        ({"prefixes": "rig:"}, "prefixes must be a list"),
        ({"root": 1}, '"root" of the map must be a text'),
    ],
)
def test_wrong_files_are_refused_in_a_sentence(tmp_path, fields, said):
    with pytest.raises(RigError, match=said) as refusal:
        read_map(_file(tmp_path, **fields))
    assert "map.json" in str(refusal.value) and "\n" not in str(refusal.value)


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\x00", b"[" * 100_000, b"name,bone\n", b"[]"])
def test_what_is_no_map_is_refused(tmp_path, content):
    path = tmp_path / "map.json"
    path.write_bytes(content)
    with pytest.raises(RigError, match="is no bone map"):
        read_map(path)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(RigError, match="nothing.json cannot be read: No such file"):
        read_map(tmp_path / "nothing.json")


def test_a_folder_is_no_map(tmp_path):
    with pytest.raises(RigError, match="cannot be read"):
        read_map(tmp_path)


def test_where_nothing_can_be_written(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(OutputError):
        write_map(FULL, tmp_path / "file" / "map.json")


def _file(folder, **fields):
    path = folder / "map.json"
    path.write_text(json.dumps({"schema": SCHEMA, "version": VERSION, "joints": {}} | fields))
    return path

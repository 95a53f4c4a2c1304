"""A motion for VRM avatars: by the specification, and the same motion as in Blender."""

from dataclasses import replace
from typing import Any

import bpy
import numpy as np
import pytest

from bake.export.export import export
from bake.export.options import ExportOptions
from bake.retarget.detection.detect import detect
from bake.retarget.in_blender.rigs import read_rig
from bake.retarget.maps.vrm_names import VRM1_NAMES
from core_model.errors import OutputError
from tests.bake.export.gltf_motion import GltfMotion, in_blender
from tests.bake.export.reading_back import MILLIMETRE, heads
from tests.bake.export.test_rigs import FRAMES, rig_that_turns

GAME_ENGINE = {
    "hips": "pelvis",
    "spine": "spine_01",
    "chest": "spine_02",
    "upperChest": "spine_03",
    "neck": "neck_01",
    "head": "head",
    "leftShoulder": "clavicle_l",
    "leftUpperArm": "upperarm_l",
    "leftLowerArm": "lowerarm_l",
    "leftHand": "hand_l",
    "leftThumbMetacarpal": "thumb_01_l",
    "leftIndexProximal": "index_01_l",
    "leftUpperLeg": "thigh_l",
    "rightLowerLeg": "calf_r",
    "rightFoot": "foot_r",
}


@pytest.fixture
def written(empty_scene: bpy.types.Scene, tmp_path: Any) -> tuple[Any, GltfMotion]:
    empty_scene.render.fps = 30
    armature = rig_that_turns("game_engine")
    export(tmp_path / "out.vrma", [armature], "blender")
    return armature, GltfMotion(tmp_path / "out.vrma")


def nodes_of(file: GltfMotion) -> dict[str, int]:
    extension = file.content["extensions"]["VRMC_vrm_animation"]
    assert extension["specVersion"] == "1.0"
    return {name: each["node"] for name, each in extension["humanoid"]["humanBones"].items()}


def test_it_is_what_the_specification_says(written):
    _, file = written
    content, nodes = file.content, nodes_of(file)
    assert content["asset"]["version"] == "2.0"
    assert content["extensionsUsed"] == ["VRMC_vrm_animation"]
    assert set(nodes) <= set(VRM1_NAMES.values()) and len(set(nodes.values())) == len(nodes)
    assert [animation["name"] for animation in content["animations"]] == ["wave"]
    channels = [each["target"] for each in content["animations"][0]["channels"]]
    moved = [each["node"] for each in channels if each["path"] == "translation"]
    assert moved == [nodes["hips"]]
    assert {each["path"] for each in channels} == {"translation", "rotation"}
    assert file.times() == pytest.approx(np.arange(21) / 30, abs=1e-6)


def test_at_rest_it_stands_in_the_t_pose(written):
    _, file = written
    nodes, rest = nodes_of(file), file.matrices(animated=False)[0]
    assert np.allclose(rest[:, :3, :3], np.eye(3))
    places = {name: rest[node, :3, 3] for name, node in nodes.items()}

    def way(one: str, other: str) -> np.ndarray:
        step = places[other] - places[one]
        return np.asarray(step / np.linalg.norm(step))

    for side, out in (("left", 1.0), ("right", -1.0)):
        for one, other in (("UpperArm", "LowerArm"), ("LowerArm", "Hand")):
            assert way(f"{side}{one}", f"{side}{other}") == pytest.approx((out, 0, 0), abs=1e-6)
        for one, other in (("UpperLeg", "LowerLeg"), ("LowerLeg", "Foot")):
            assert way(f"{side}{one}", f"{side}{other}") == pytest.approx((0, -1, 0), abs=1e-6)
        toes = way(f"{side}Foot", f"{side}Toes")
        assert toes[2] > 0.5 and abs(toes[0]) < 1e-6
        finger = way(f"{side}IndexProximal", f"{side}IndexIntermediate")
        assert finger == pytest.approx((out, 0, 0), abs=1e-6)
        thumb = way(f"{side}ThumbProximal", f"{side}ThumbDistal")
        assert thumb == pytest.approx((out * 0.5**0.5, 0, 0.5**0.5), abs=1e-6)
        # The palm is down: the index finger in front, the little one behind.
        across = places[f"{side}LittleProximal"] - places[f"{side}IndexProximal"]
        assert across[2] < -0.02 and abs(across[1]) < 0.01
    assert 0 < places["leftFoot"][1] < 0.2 and 0.8 < places["hips"][1] < 1.2


def test_it_moves_as_the_figure_does(written):
    armature, file = written
    nodes, posed = nodes_of(file), in_blender(file.matrices()[..., :3, 3])
    columns = [nodes[name] for name in GAME_ENGINE]
    # The bones of this rig lie turned otherwise and in an A-pose: only the motion is the same.
    for frame in FRAMES:
        expected = heads(armature, list(GAME_ENGINE.values()), frame)
        found = posed[frame - 1, columns]
        shift = found[0] - expected[0]
        assert np.abs(shift).max() < 0.02
        assert np.abs(found - expected - shift).max() < MILLIMETRE, frame


def test_a_figure_without_what_avatars_need_is_refused(empty_scene, tmp_path):
    armature = rig_that_turns("game_engine")
    found = detect(read_rig(armature))
    less = {joint: each for joint, each in found.joints.items() if joint != "head"}
    options = ExportOptions(maps={armature.name: replace(found, joints=less)})
    with pytest.raises(OutputError, match="lacks bones that every VRM avatar has: head"):
        export(tmp_path / "out.vrma", [armature], options=options)
    assert not list(tmp_path.iterdir())

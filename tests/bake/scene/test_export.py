"""Blender's own exporters, as they come, write one animation for each person and nothing else."""

import json
import re
import struct
from pathlib import Path
from typing import Any

import bpy
import numpy as np
import pytest

from bake.bake_file import bake_file
from bake.bake_job import BakeJob
from bake.scene.animation.action import all_holders
from core_model.body.skeleton import JOINT_NAMES
from core_model.geometry.rotations import axis_angle_to_matrix
from tests.bake.motions import filmed_from_the_front, walking

FRAMES = 90
MILLIMETRE = 1e-3
PEOPLE = ["street_person_01", "street_person_02"]


@pytest.fixture
def street(tmp_path: Path) -> Path:
    """Two people in a file, one of them away for a second, before a camera that turns."""
    take = walking(frames=FRAMES, camera=filmed_from_the_front())
    take.source = {"video": "street.mp4"}
    pan = np.linspace(-0.4, 0.5, FRAMES)
    take.camera_turns = axis_angle_to_matrix(pan[:, None] * np.array([0.1, 1.0, 0.05]))
    (tmp_path / "street").mkdir()
    take.save(tmp_path / "street" / "person_01.npz")
    take.trans[:, 0] += 1.5
    take.frame_valid[30:60] = False
    take.save(tmp_path / "street" / "person_02.npz")
    return tmp_path / "street"


def _bake(street: Path, root: str = "origin") -> None:
    output = street.with_suffix(".blend")
    bake_file(BakeJob([street], output, root_bone=root), lambda line: None)
    bpy.ops.wm.open_mainfile(filepath=str(output))


def _select(name: str) -> None:
    for thing in bpy.data.objects:
        thing.select_set(thing.name.startswith(name))


def _heads(frame: int) -> dict[str, np.ndarray]:
    """Return where the joints (24, 3) of each armature are in the world."""
    bpy.data.scenes[0].frame_set(frame)
    graph = bpy.context.evaluated_depsgraph_get()
    found = {}
    for thing in bpy.data.scenes[0].objects:
        if thing.type == "ARMATURE":
            posed: Any = thing.evaluated_get(graph)
            place, bones = posed.matrix_world, posed.pose.bones
            found[thing.name] = np.array([place @ bones[name].head for name in JOINT_NAMES])
    return found


def _compare(expected: dict[int, dict[str, np.ndarray]], shift: int) -> None:
    for frame, people in expected.items():
        found = _heads(frame + shift)
        assert found.keys() == people.keys()
        for name, heads in people.items():
            error = np.linalg.norm(found[name] - heads, axis=1).max()
            assert error < MILLIMETRE, (frame, name, error)


def _said(capfd: pytest.CaptureFixture[str]) -> str:
    out, err = capfd.readouterr()
    lines = re.findall(r".*(?:warning|error).*", out + err, flags=re.IGNORECASE)
    # Blender's Python module comes without what compresses meshes.
    return "\n".join(line for line in lines if "library could not be found" not in line)


def glb_animations(path: Path) -> dict[str, tuple[set[str], float]]:
    """Return what each animation of a .glb moves, and how many seconds it lasts."""
    data = path.read_bytes()
    (length,) = struct.unpack("<I", data[12:16])
    content = json.loads(data[20 : 20 + length])
    nodes, accessors = content["nodes"], content["accessors"]
    return {
        each["name"]: (
            {nodes[channel["target"]["node"]]["name"] for channel in each["channels"]},
            max(accessors[sampler["input"]]["max"][0] for sampler in each["samplers"])
            - min(accessors[sampler["input"]]["min"][0] for sampler in each["samplers"]),
        )
        for each in content.get("animations", [])
    }


def fbx_animations(path: Path) -> list[str]:
    """Return the names of the animation stacks of an .fbx."""
    names = re.findall(rb"([^\x00-\x1f]+)\x00\x01AnimStack", path.read_bytes())
    return sorted({name.decode() for name in names})


@pytest.mark.parametrize("root", ["origin", "hips"])
def test_glb_holds_one_animation_for_each_person(street, root, capfd):
    _bake(street, root)
    expected = {frame: _heads(frame) for frame in (1, 20, 75, FRAMES)}
    capfd.readouterr()
    path = street.with_suffix(".glb")
    bpy.ops.export_scene.gltf(filepath=str(path))
    assert _said(capfd) == ""
    animations = glb_animations(path)
    assert sorted(animations) == PEOPLE
    for moved, seconds in animations.values():
        assert moved <= {"root", *JOINT_NAMES} and {"pelvis", "left_knee"} <= moved
        assert seconds == pytest.approx((FRAMES - 1) / 30, abs=1e-3)
    bpy.ops.wm.read_homefile(use_factory_startup=True, use_empty=True)
    bpy.data.scenes[0].render.fps = 30
    bpy.ops.import_scene.gltf(filepath=str(path))
    for thing in bpy.data.objects:
        # Blender lists animations that it reads, and plays the first.
        data: Any = thing.animation_data
        if data and data.nla_tracks:
            (track,) = data.nla_tracks
            data.action = track.strips[0].action
            if bpy.app.version >= (4, 4, 0):
                data.action_slot = data.action.slots[0]
    _compare(expected, 0)


@pytest.mark.parametrize("root", ["origin", "hips"])
def test_fbx_holds_one_animation_for_each_person(street, root, capfd):
    _bake(street, root)
    expected = {frame: _heads(frame) for frame in (1, 20, 75, FRAMES)}
    capfd.readouterr()
    path = street.with_suffix(".fbx")
    # The exporter drops keys as it comes: feet are then off by 5 mm, however they were smoothed.
    bpy.ops.export_scene.fbx(filepath=str(path), bake_anim_simplify_factor=0.0)
    assert _said(capfd) == ""
    assert fbx_animations(path) == [f"{name}|{name}" for name in PEOPLE]
    bpy.ops.wm.read_homefile(use_factory_startup=True, use_empty=True)
    bpy.data.scenes[0].render.fps = 30
    bpy.ops.import_scene.fbx(filepath=str(path))
    moving = {}
    for action in bpy.data.actions:
        paths = {curve.data_path for holder in all_holders(action) for curve in holder.fcurves}
        if paths & {"location", "rotation_euler", "rotation_quaternion"}:
            moving[action.name] = action.frame_range[1] - action.frame_range[0]
    # Of a camera, the exporter writes the lens into every animation, whether it changes or not.
    assert moving == {f"{name}|{name}|{name}": FRAMES - 1 for name in PEOPLE}
    _compare(expected, 0)


def test_one_person_alone_has_one_animation(street, capfd):
    _bake(street)
    _select(PEOPLE[0])
    path = street.with_suffix(".fbx")
    capfd.readouterr()
    bpy.ops.export_scene.fbx(filepath=str(path), use_selection=True)
    assert _said(capfd) == "" and fbx_animations(path) == [f"{PEOPLE[0]}|{PEOPLE[0]}"]


def test_a_body_that_is_away_is_exported_all_the_same(street):
    _bake(street)
    bpy.data.scenes[0].frame_set(45)
    path = street.with_suffix(".fbx")
    bpy.ops.export_scene.fbx(filepath=str(path))
    bpy.ops.wm.read_homefile(use_factory_startup=True, use_empty=True)
    bpy.ops.import_scene.fbx(filepath=str(path))
    meshes: list[Any] = [thing for thing in bpy.data.objects if thing.type == "MESH"]
    assert sorted(thing.name for thing in meshes) == [f"{name}_body" for name in PEOPLE]
    assert all(len(thing.data.vertices) > 10_000 for thing in meshes)

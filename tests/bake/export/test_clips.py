"""A character with take after take in NLA strips leaves with an animation for each of them."""

from typing import Any

import bpy
import numpy as np
import pytest

from bake.export.export import export
from bake.export.options import ExportOptions
from bake.retarget.in_blender.actions import put_strips
from bake.retarget.settings import RetargetSettings
from tests.bake.export.reading_back import MILLIMETRE, first_frame, heads, read_back
from tests.bake.export.test_untouched import ROWS, state
from tests.bake.retarget.rigs import build_rig
from tests.bake.scene.test_export import fbx_animations, glb_animations

BONES = [row[0] for row in ROWS]
LENGTHS = {"walk": 10, "jump": 6, "sit": 14}
AXES = {"walk": 0, "jump": 1, "sit": 2}


def motion(armature: Any, name: str, angle: float = 1.0) -> Any:
    """Let a rig turn about an axis of its own, and return the action."""
    data = armature.animation_data or armature.animation_data_create()
    data.action = None
    bone = armature.pose.bones["hips"]
    bone.rotation_mode = "XYZ"
    for frame, turn in ((1, 0.2), (1 + LENGTHS.get(name, 10), angle)):
        bone.rotation_euler = (0, 0, 0)
        bone.rotation_euler[AXES.get(name, 0)] = turn
        bone.keyframe_insert("rotation_euler", frame=frame)
    action, data.action = data.action, None
    action.name = name
    bone.rotation_euler = (0, 0, 0)
    return action


@pytest.fixture
def moves(empty_scene: bpy.types.Scene) -> dict[str, dict[int, np.ndarray]]:
    """Put three motions into strips of `figure`; return where its bones are in each by itself."""
    empty_scene.render.fps = 30
    armature = build_rig("figure", ROWS)
    actions = [motion(armature, name) for name in LENGTHS]
    seen = {}
    for action in actions:
        armature.animation_data.action = action
        if bpy.app.version >= (4, 4, 0):
            armature.animation_data.action_slot = action.slots[0]
        seen[action.name] = {
            frame: heads(armature, BONES, 1 + frame)
            for frame in range(0, LENGTHS[action.name] + 1, 2)
        }
    armature.animation_data.action = None
    put_strips(armature, actions, RetargetSettings(blend_in=3, blend_out=3))
    empty_scene.frame_set(5)
    return seen


def figure() -> Any:
    return bpy.data.objects["figure"]


def animations(path: Any) -> list[str]:
    return sorted(glb_animations(path)) if path.suffix == ".glb" else fbx_animations(path)


def compare(path: Any, expected: dict[str, dict[int, np.ndarray]]) -> None:
    """Play every animation that a file brought, and see whether it is the one of its name."""
    (found,) = read_back(path)
    data = found.animation_data
    for track in list(data.nla_tracks):
        data.nla_tracks.remove(track)
    for name, places in expected.items():
        (action,) = [
            each
            for each in bpy.data.actions
            if name in each.name.replace("|", "_").replace(".", "_").split("_")
        ]
        data.action = action
        if bpy.app.version >= (4, 4, 0):
            data.action_slot = action.slots[0]
        ends: Any = action.frame_range
        first, last = ends
        assert last - first == pytest.approx(max(places), abs=1e-3), name
        for frame, there in places.items():
            error = np.abs(heads(found, BONES, first + frame) - there).max()
            assert error < MILLIMETRE, (name, frame)


@pytest.mark.parametrize(("suffix", "preset"), [(".fbx", "unreal"), (".glb", "godot")])
def test_each_strip_is_an_animation_without_its_blends(moves, tmp_path, suffix, preset):
    before = state()
    export(tmp_path / f"out{suffix}", [figure()], preset)
    assert state() == before
    assert animations(tmp_path / f"out{suffix}") == sorted(LENGTHS)
    compare(tmp_path / f"out{suffix}", moves)


def test_strips_over_each_other_do_not_mix(moves, tmp_path):
    track = figure().animation_data.nla_tracks.new()
    track.name = "over"
    strip = track.strips.new("sit", 4, bpy.data.actions["sit"])
    strip.name = "sit again"
    if bpy.app.version >= (4, 4, 0):
        strip.action_slot = strip.action.slots[0]
    export(tmp_path / "out.glb", [figure()], "unity")
    # One action in two strips: they go by the names of the strips.
    names = animations(tmp_path / "out.glb")
    assert names == ["jump", "sit", "sit again", "walk"]
    compare(tmp_path / "out.glb", {name: moves[name] for name in ("walk", "jump")})


def test_the_active_action_over_strips_is_one_of_them(moves, tmp_path):
    action = motion(figure(), "wave", -1.0)
    data = figure().animation_data
    data.action = action
    if bpy.app.version >= (4, 4, 0):
        data.action_slot = action.slots[0]
    wave = {frame: heads(figure(), BONES, 1 + frame) for frame in (0, 4, 10)}
    bpy.data.scenes[0].frame_set(5)
    before = state()
    export(tmp_path / "out.glb", [figure()], "unity")
    assert state() == before
    assert animations(tmp_path / "out.glb") == sorted([*LENGTHS, "wave"])
    compare(tmp_path / "out.glb", moves | {"wave": wave})


def test_a_layer_is_part_of_every_motion_below_it(moves, tmp_path):
    layer = motion(figure(), "lean", 0.2)
    track = figure().animation_data.nla_tracks.new()
    strip = track.strips.new("lean", 1, layer)
    strip.blend_type, strip.frame_end = "ADD", 40
    if bpy.app.version >= (4, 4, 0):
        strip.action_slot = layer.slots[0]
    export(tmp_path / "out.glb", [figure()], "unity")
    assert animations(tmp_path / "out.glb") == sorted(LENGTHS)
    (found,) = read_back(tmp_path / "out.glb")
    assert np.abs(heads(found, BONES, 8) - moves["walk"][8]).max() > 0.02


@pytest.mark.parametrize("suffix", [".bvh", ".csv", ".c3d"])
def test_formats_for_one_motion_become_a_file_each(moves, tmp_path, suffix):
    told = export(tmp_path / f"out{suffix}", [figure()], "blender")
    names = sorted(f"out_{name}{suffix}" for name in LENGTHS)
    assert sorted(path.name for path in tmp_path.iterdir()) == names
    assert f"walk is in out_walk{suffix}." in told
    if suffix == ".csv":
        rows = (tmp_path / "out_jump.csv").read_text().splitlines()[1:]
        assert len(rows) == LENGTHS["jump"] + 1


@pytest.mark.parametrize(
    "options", [ExportOptions(each_strip=False), ExportOptions(frames=(1, 20))]
)
def test_as_one_they_are_what_is_seen(moves, tmp_path, options):
    export(tmp_path / "out.glb", [figure()], "unity", options)
    ((_, seconds),) = glb_animations(tmp_path / "out.glb").values()
    frames = sum(LENGTHS.values()) + 2 if options.frames is None else 19
    assert seconds == pytest.approx(frames / 30, abs=1e-3)


@pytest.mark.parametrize(("suffix", "preset"), [(".fbx", "maya"), (".usdc", "blender")])
def test_programs_with_a_timeline_get_the_scene_s(moves, tmp_path, suffix, preset):
    export(tmp_path / f"out{suffix}", [figure()], preset)
    expected = {frame: heads(figure(), BONES, frame) for frame in (1, 9, 16, 30)}
    (found,) = read_back(tmp_path / f"out{suffix}")
    names = [name.replace(".", "_") if suffix == ".usdc" else name for name in BONES]
    for frame, places in expected.items():
        there = heads(found, names, first_frame(found) + frame - 1)
        assert np.abs(there - places).max() < MILLIMETRE

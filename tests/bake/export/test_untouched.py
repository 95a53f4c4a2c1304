"""An export leaves no trace in the scene, whatever state that is in and however it ends."""

from pathlib import Path
from typing import Any

import bpy
import numpy as np
import pytest

from bake.export.export import export
from bake.export.options import ExportOptions
from bake.scene.animation.action import all_holders
from core_model.errors import OutputError
from tests.bake.retarget.rigs import build_rig

ROWS = [
    ("root", "", (0, 0, 0), (0, 0.3, 0), 0.0),
    ("hips", "root", (0, 0, 1), (0, 0, 1.3), 0.0),
    ("leg.L", "hips", (0.1, 0, 1), (0.1, 0, 0.0), 0.0),
    ("leg.R", "hips", (-0.1, 0, 1), (-0.1, 0, 0.0), 0.0),
]


@pytest.fixture
def figure(empty_scene: bpy.types.Scene) -> Any:
    """Return a rig that turns, with a mesh that nobody may select, beside things of the user's."""
    armature = build_rig("figure", ROWS)
    mesh = bpy.data.meshes.new("skin")
    mesh.from_pydata([(0, 0, 1), (0, 0, 1.3), (0.1, 0, 0)], [], [(0, 1, 2)])
    body = bpy.data.objects.new("skin", mesh)
    empty_scene.collection.objects.link(body)
    body.parent, body.hide_select = armature, True
    for name, vertices in (("hips", [0, 1]), ("leg.L", [2])):
        body.vertex_groups.new(name=name).add(vertices, 1.0, "REPLACE")
    modifier: Any = body.modifiers.new("Armature", "ARMATURE")
    modifier.object = armature
    bone = armature.pose.bones["hips"]
    for frame, angle in ((3, 0.0), (13, 1.0)):
        bone.rotation_mode = "XYZ"
        bone.rotation_euler.x = angle
        bone.keyframe_insert("rotation_euler", frame=frame)
    armature.animation_data.action.name = "bow"
    empty_scene.collection.objects.link(
        bpy.data.objects.new("lamp", bpy.data.lights.new("l", "SUN"))
    )
    empty_scene.frame_set(7)
    _context().view_layer.objects.active = armature
    return armature


def _context() -> Any:
    return bpy.context


def _modifiers(thing: Any) -> Any:
    return thing.modifiers


def _posed() -> Any:
    return bpy.data.objects["figure"].pose


def state() -> dict[str, Any]:
    """Return all that a user sees or could miss."""
    layer: Any = _context().view_layer
    return {
        "scene": _context().window.scene.name,
        "scenes": [(each.name, each.frame_current, len(each.objects)) for each in bpy.data.scenes],
        "mode": bpy.context.mode,
        "active": layer.objects.active and layer.objects.active.name,
        "blocks": sorted((type(block).__name__, block.name) for block in bpy.data.user_map()),
        "users": sorted((block.name, block.users) for block in bpy.data.user_map()),
        "things": [
            (
                thing.name,
                thing.select_get(view_layer=layer) if thing.name in layer.objects else None,
                thing.hide_select,
                thing.hide_viewport,
                thing.hide_render,
                thing.hide_get() if thing.name in layer.objects else None,
                thing.mode,
                np.array(thing.matrix_world).round(6).tolist(),
                [
                    (each.name, each.object.name)
                    for each in _modifiers(thing)
                    if each.type == "ARMATURE"
                ],
                _animation(thing),
            )
            for thing in bpy.data.objects
        ],
        "pose": [np.array(bone.matrix_basis).round(6).tolist() for bone in _posed().bones],
        "keys": {
            action.name: [
                (curve.data_path, [tuple(key.co) for key in curve.keyframe_points])
                for holder in all_holders(action)
                for curve in holder.fcurves
            ]
            for action in bpy.data.actions
        },
    }


def _animation(thing: Any) -> Any:
    data = thing.animation_data
    if data is None:
        return None
    tracks = [
        (track.name, track.mute, track.is_solo, track.lock)
        + tuple(
            (strip.name, strip.mute, strip.frame_start, strip.frame_end) for strip in track.strips
        )
        for track in data.nla_tracks
    ]
    return data.action and data.action.name, data.use_nla, tracks


def _edit(figure: Any) -> None:
    figure.select_set(True)
    bpy.ops.object.mode_set(mode="EDIT")
    figure.data.edit_bones["leg.L"].select = True


def _pose(figure: Any) -> None:
    bpy.ops.object.mode_set(mode="POSE")


def _paint(figure: Any) -> None:
    _context().view_layer.objects.active = bpy.data.objects["skin"]
    bpy.ops.object.mode_set(mode="WEIGHT_PAINT")


def _hidden(figure: Any) -> None:
    figure.hide_viewport = True
    bpy.data.objects["skin"].hide_viewport = True
    bpy.data.objects["skin"].hide_set(True)


def _strips(figure: Any) -> None:
    data = figure.animation_data
    track = data.nla_tracks.new()
    track.name = "below"
    track.strips.new("bow", 3, data.action)
    data.action = None
    other = data.nla_tracks.new()
    other.name, other.mute = "muted", True


def _resting(figure: Any) -> None:
    figure.data.pose_position = "REST"


def _away(figure: Any) -> None:
    """Nothing active, and the figure in a collection that is left out of the view layer."""
    apart = bpy.data.collections.new("apart")
    _context().scene.collection.children.link(apart)
    for thing in (figure, bpy.data.objects["skin"]):
        apart.objects.link(thing)
        _context().scene.collection.objects.unlink(thing)
    _context().view_layer.layer_collection.children["apart"].exclude = True


STATES = (None, _edit, _pose, _paint, _hidden, _strips, _resting, _away)


@pytest.mark.parametrize("change", STATES)
@pytest.mark.parametrize("suffix", [".fbx", ".glb", ".usdc", ".abc", ".bvh"])
def test_all_is_as_before(figure, tmp_path, change, suffix):
    if change:
        change(figure)
    before = state()
    export(tmp_path / f"out{suffix}", [figure], "unity")
    assert state() == before


@pytest.mark.parametrize("change", [_edit, _hidden, _strips, _away])
def test_what_is_exported_does_not_depend_on_it(figure, tmp_path, change):
    export(tmp_path / "one.csv", [figure])
    export(tmp_path / "one.glb", [figure])
    change(figure)
    export(tmp_path / "two.csv", [figure])
    export(tmp_path / "two.glb", [figure])
    assert (tmp_path / "one.csv").read_text() == (tmp_path / "two.csv").read_text()
    rows = (tmp_path / "one.csv").read_text().splitlines()
    assert len(rows) == 12 and len(set(row.partition(",")[2] for row in rows)) == 12
    sizes = [(tmp_path / name).stat().st_size for name in ("one.glb", "two.glb")]
    assert sizes[0] == sizes[1]


def test_what_is_lost_is_told_by_the_figure_s_own_name(figure, tmp_path):
    figure.data.bones["leg.L"].bbone_segments = 4
    (told,) = export(tmp_path / "out.fbx", [figure])
    assert told.startswith("Bendy bones of figure are straight")


@pytest.mark.parametrize("suffix", [".fbx", ".glb", ".usdc"])
def test_a_failure_leaves_neither_traces_nor_files(figure, tmp_path, suffix, monkeypatch):
    def break_down(*_: Any, **__: Any) -> None:
        raise RuntimeError("Error: no space left")

    from bake.export import formats

    for name in ("write_fbx", "write_gltf", "write_usd"):
        monkeypatch.setattr(formats, name, break_down)
    _pose(figure)
    before = state()
    with pytest.raises(OutputError, match="no space left"):
        export(tmp_path / f"out{suffix}", [figure])
    assert state() == before
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_was_there_stays_when_the_new_one_fails(figure, tmp_path):
    path: Path = tmp_path / "out.abc"
    path.write_bytes(b"mine")
    with pytest.raises(OutputError):
        export(path, [figure], options=ExportOptions(with_meshes=False))
    assert path.read_bytes() == b"mine"

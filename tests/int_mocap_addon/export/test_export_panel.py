"""The panel Export: from the button to the file, and why it is grey."""

import json
from pathlib import Path
from typing import Any

import bpy
import numpy as np
import pytest

from tests.bake.motions import walking
from tests.bake.scene.test_export import fbx_animations, glb_animations

FRAMES = 12


@pytest.fixture
def two(mocap: Any, tmp_path: Path) -> list[Any]:
    """Return the takes of two people who walk."""
    for name in ("anna", "bert"):
        walking(frames=FRAMES).save(tmp_path / f"{name}.npz")
        bpy.ops.int_mocap.load_takes(filepath=str(tmp_path / f"{name}.npz"))
    bpy.ops.int_mocap.bake(all_takes=True)
    return list(mocap.takes)


def select(*things: Any) -> None:
    for each in bpy.data.objects:
        each.select_set(each in things)
    bpy.context.view_layer.objects.active = things[0] if things else None


def reason(name: str) -> str:
    """Return why a button is grey, as its tooltip says."""
    from int_mocap_addon.export import ops

    cls = getattr(ops, name)
    with pytest.raises(RuntimeError) as raised:
        getattr(bpy.ops.int_mocap, cls.bl_idname.partition(".")[2])()
    return str(raised.value)


def test_formats_of_the_panel_are_those_that_can_be_written():
    from bake.__main__ import ENDINGS
    from bake.export.formats import FORMATS
    from int_mocap_addon.export import properties

    listed = [suffix for suffix, *_ in properties.FORMATS]
    assert set(listed) | {".usda"} == set(FORMATS)
    assert set(ENDINGS) == {".blend", *FORMATS}
    bodies = {suffix for suffix in listed if not FORMATS[suffix].one_figure}
    assert set(properties.WITH_MESHES) == bodies - {".abc"}


def test_selected_figures_are_exported_with_their_bodies(two, mocap, tmp_path):
    mocap.export.preset, mocap.export.format = "GODOT", ".glb"
    select(two[1].armature)
    assert bpy.ops.int_mocap.export(filepath=str(tmp_path / "out")) == {"FINISHED"}
    assert list(glb_animations(tmp_path / "out.glb")) == ["bert"]
    select(two[0].body)
    assert bpy.ops.int_mocap.export(filepath=str(tmp_path / "body.glb")) == {"FINISHED"}
    assert list(glb_animations(tmp_path / "body.glb")) == ["anna"]


def test_all_figures_become_a_file_each_for_unreal(two, mocap, tmp_path):
    select()
    mocap.export.figures = "ALL"
    assert bpy.ops.int_mocap.export(filepath=str(tmp_path / "street.fbx")) == {"FINISHED"}
    assert fbx_animations(tmp_path / "street_anna.fbx") == ["anna"]
    assert fbx_animations(tmp_path / "street_bert.fbx") == ["bert"]
    from int_mocap_addon import tasks

    assert "2 figures into 2 files" in tasks.last_outcome("Export").text


def test_options_of_the_panel_count(two, mocap, tmp_path):
    from int_mocap_addon.export.properties import options_of

    mocap.export.root, mocap.export.scene_range = "ADD", True
    bpy.context.scene.frame_start, bpy.context.scene.frame_end = 3, 8
    found = options_of(bpy.data.scenes[0])
    assert found.root is True and found.frames == (3, 8) and found.with_meshes
    mocap.export.format = ".glb"
    select(two[0].armature)
    bpy.ops.int_mocap.export(filepath=str(tmp_path / "part.glb"))
    assert glb_animations(tmp_path / "part.glb")["anna"][1] == pytest.approx(5 / 30, abs=1e-3)


def test_a_grey_button_says_why(mocap, tmp_path):
    assert "Select a figure" in reason("INT_MOCAP_OT_export")
    mocap.export.figures = "ALL"
    assert "bake a take first" in reason("INT_MOCAP_OT_export")
    assert "Save the file first" in reason("INT_MOCAP_OT_mark_assets")
    bpy.ops.wm.save_as_mainfile(filepath=str(tmp_path / "empty.blend"))
    assert "bake a take first" in reason("INT_MOCAP_OT_mark_assets")


def test_a_file_that_cannot_be_written_is_a_sentence(two, mocap, tmp_path):
    (tmp_path / "file").touch()
    select(two[0].armature)
    with pytest.raises(RuntimeError, match="Cannot write"):
        bpy.ops.int_mocap.export(filepath=str(tmp_path / "file" / "out.fbx"))


def test_motions_become_assets(two, mocap, tmp_path):
    bpy.ops.wm.save_as_mainfile(filepath=str(tmp_path / "moves.blend"))
    settings = bpy.context.scene.int_mocap.export
    settings.figures, settings.catalogue, settings.tags = "ALL", "Mocap/Walks", "walk, slow"
    assert bpy.ops.int_mocap.mark_assets() == {"FINISHED"}
    assert bpy.ops.int_mocap.mark_assets() == {"FINISHED"}  # again changes nothing
    bpy.ops.wm.save_mainfile()
    bpy.ops.wm.open_mainfile(filepath=str(tmp_path / "moves.blend"))
    (line,) = [
        line
        for line in (tmp_path / "blender_assets.cats.txt").read_text().splitlines()
        if ":" in line
    ]
    identifier, path, _ = line.split(":")
    assert path == "Mocap/Walks"
    for name in ("anna", "bert"):
        action: Any = bpy.data.actions[name]
        assert action.asset_data.catalog_id == identifier
        assert sorted(tag.name for tag in action.asset_data.tags) == ["slow", "walk"]
        assert action.use_frame_range and tuple(action.frame_range) == (1, FRAMES)
        pixels = np.empty(len(action.preview.image_pixels_float), np.float32)
        action.preview.image_pixels_float.foreach_get(pixels)
        alpha = pixels.reshape(*action.preview.image_size, 4)[..., 3]
        # The figure is in the middle, and there is air around it.
        assert alpha[96:160, 96:160].max() > 0.9
        assert not (alpha[0].any() or alpha[-1].any() or alpha[:, 0].any() or alpha[:, -1].any())


def test_a_second_blender_does_what_the_plan_says(two, mocap, tmp_path):
    from int_mocap_addon.export import second_blender

    mocap.export.preset, mocap.export.format = "GODOT", ".glb"
    plan = {
        "scene": bpy.data.scenes[0].name,
        "figures": [each.armature.name for each in two],
        "path": str(tmp_path / "out.glb"),
        "preset": "godot",
    }
    (tmp_path / "plan.json").write_text(json.dumps(plan))
    bpy.ops.wm.save_as_mainfile(filepath=str(tmp_path / "copy.blend"), copy=True)
    assert second_blender.run_copy(tmp_path) == 0
    assert sorted(glb_animations(tmp_path / "out.glb")) == ["anna", "bert"]
    said = [json.loads(line) for line in (tmp_path / "said.jsonl").read_text().splitlines()]
    shares = [each["done"] for each in said if "done" in each]
    assert shares == sorted(shares) and len(shares) > FRAMES and said[-1] == {"told": []}
    plan["figures"] = ["nobody"]
    (tmp_path / "plan.json").write_text(json.dumps(plan))
    assert second_blender.run_copy(tmp_path) == 1
    assert "nobody" in (tmp_path / "said.jsonl").read_text().splitlines()[-1]

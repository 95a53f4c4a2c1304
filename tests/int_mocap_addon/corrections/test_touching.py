"""What touches is said with a button, kept in the file, and baked."""

from pathlib import Path
from typing import Any

import bpy
import numpy as np
import pytest

from core_model.corrections.file import load_corrections
from core_model.corrections.records import Contact


def hand_steps(take: Any, first: int, last: int) -> np.ndarray:
    """Return millimetres that the head of the left wrist's bone moves each frame."""
    scene = bpy.context.scene
    places = []
    for frame in range(first, last + 1):
        scene.frame_set(frame)
        places.append(np.array(take.armature.pose.bones["left_wrist"].head))
    return 1000 * np.linalg.norm(np.diff(places, axis=0), axis=1)


def test_a_hand_that_touches_stays(mended):
    scene = bpy.context.scene
    settings = scene.int_mocap.corrections
    assert hand_steps(mended, 6, 12).max() > 1
    scene.use_preview_range = True
    scene.frame_preview_start, scene.frame_preview_end = 6, 12
    settings.touching, settings.surface = "left_hand", "FOUND"
    assert bpy.ops.int_mocap.touches() == {"FINISHED"}
    item = mended.corrections[0]
    assert (item.kind, item.part, item.found) == ("TOUCHES", "left_hand", True)
    assert bpy.ops.int_mocap.solve_again() == {"FINISHED"}
    mended = scene.int_mocap.takes[0]
    assert hand_steps(mended, 6, 12).max() < 1
    said = load_corrections(Path(mended.path).with_name("corrections.json"))
    assert said.contacts == (Contact(1, item.time, item.end, "left_hand", height=None),)


def test_heights_are_those_above_the_figures_floor(mended):
    scene = bpy.context.scene
    settings = scene.int_mocap.corrections
    mended.armature.location.z = 1.0
    bpy.context.view_layer.update()
    scene.frame_set(20)
    settings.touching, settings.surface = "seat", "CURSOR"
    scene.cursor.location = (3.0, 2.0, 1.45)
    bpy.ops.int_mocap.touches()
    assert mended.corrections[0].values[0] == pytest.approx(0.45, abs=1e-6)
    assert mended.corrections[0].end - mended.corrections[0].time == pytest.approx(0.5, abs=1e-3)
    settings.surface = "OBJECT"
    with pytest.raises(RuntimeError, match="Choose the object"):
        bpy.ops.int_mocap.touches()
    mesh = bpy.data.meshes.new("table")
    mesh.from_pydata([(0, 0, 0), (1, 0, 0), (0, 1, 0.3)], [], [(0, 1, 2)])
    table = bpy.data.objects.new("table", mesh)
    scene.collection.objects.link(table)
    table.location.z = 1.2
    bpy.context.view_layer.update()
    settings.surface_object = table
    scene.frame_set(22)
    bpy.ops.int_mocap.touches()
    kept = [(i.enabled, round(i.values[0], 4)) for i in mended.corrections]
    assert kept == [(False, 0.45), (True, 0.5)], "what says otherwise is switched off"
    bpy.ops.int_mocap.lifts()
    assert [(i.kind, i.enabled) for i in mended.corrections if i.enabled] == [("LIFTS", True)]


def test_a_contact_begins_and_ends_where_it_is_told(mended):
    scene = bpy.context.scene
    scene.frame_set(20)
    assert bpy.ops.int_mocap.touches() == {"FINISHED"}
    item = mended.corrections[0]
    scene.frame_set(17)
    assert bpy.ops.int_mocap.bound_contact(edge="START") == {"FINISHED"}
    scene.frame_set(31)
    assert bpy.ops.int_mocap.bound_contact(edge="END") == {"FINISHED"}
    assert (item.end - item.time) * mended.baked_rate == pytest.approx(14, abs=0.01)
    scene.frame_set(40)
    with pytest.raises(RuntimeError, match="end before it begins"):
        bpy.ops.int_mocap.bound_contact(edge="START")
    scene.frame_set(4000)
    with pytest.raises(RuntimeError, match="has no frame there"):
        bpy.ops.int_mocap.bound_contact(edge="END")

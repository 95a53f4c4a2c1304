"""What touches is said with a button, kept in the file, and baked."""

import json
from pathlib import Path
from typing import Any

import bpy
import numpy as np
import pytest

from core_model.corrections.file import load_corrections
from core_model.corrections.records import Contact
from int_mocap_addon.corrections.stances import said_of as said
from int_mocap_addon.corrections.strips import strips_of


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
    (item,) = said(mended)
    assert (item.kind, item.part, item.found) == ("TOUCHES", "left_hand", True)
    assert bpy.ops.int_mocap.solve_again() == {"FINISHED"}
    mended = scene.int_mocap.takes[0]
    assert hand_steps(mended, 6, 12).max() < 1
    there = load_corrections(Path(mended.path).with_name("corrections.json"))
    assert there.contacts == (Contact(1, item.time, item.end, "left_hand", height=None),)


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
    bpy.ops.int_mocap.lifts()
    kept = [(i.kind, i.enabled) for i in said(mended)]
    assert kept == [("TOUCHES", False), ("LIFTS", True)], "what says otherwise is switched off"


def slab(name: str, corners: list[tuple[float, float, float]]) -> Any:
    mesh = bpy.data.meshes.new(name)
    mesh.from_pydata(corners, [], [tuple(range(len(corners)))])
    thing = bpy.data.objects.new(name, mesh)
    bpy.context.scene.collection.objects.link(thing)
    bpy.context.view_layer.update()
    return thing


def test_a_foot_stands_on_an_object_as_it_is(mended):
    scene = bpy.context.scene
    settings = scene.int_mocap.corrections
    scene.use_preview_range, scene.frame_preview_start, scene.frame_preview_end = True, 6, 30
    settings.touching, settings.surface = "left_foot", "OBJECT"
    rise = 0.2
    ramp = slab("ramp", [(-3, -3, 0), (3, -3, 6 * rise), (3, 3, 6 * rise), (-3, 3, 0)])
    settings.surface_object = ramp
    scene.frame_set(10)
    ankle = mended.armature.pose.bones["left_ankle"].head
    ramp.location.z = -(ankle.x + 3) * rise + 0.1
    bpy.context.view_layer.update()
    assert bpy.ops.int_mocap.touches() == {"FINISHED"}
    (item,) = said(mended)
    assert (item.kind, item.thing) == ("TOUCHES", ramp)
    assert np.array(json.loads(item.surface)).shape == (2, 3, 3)
    assert bpy.ops.int_mocap.solve_again() == {"FINISHED"}
    mended = scene.int_mocap.takes[0]
    scene.frame_set(18)
    body = mended.body.evaluated_get(bpy.context.evaluated_depsgraph_get())
    to_world = np.array(body.matrix_world)
    mesh = body.to_mesh()
    points = np.array([v.co for v in mesh.vertices]) @ to_world[:3, :3].T + to_world[:3, 3]
    body.to_mesh_clear()
    ankle = np.array(mended.armature.matrix_world @ mended.armature.pose.bones["left_ankle"].head)
    foot = points[np.linalg.norm(points - ankle, axis=1) < 0.14]
    normal = np.array([-rise, 0, 1]) / np.hypot(1, rise)
    away = 1000 * ((foot - [-3, 0, ramp.location.z]) @ normal).min()
    assert abs(away) < 5, away
    # The file beside the take knows it, for a batch, and a reloaded take does.
    (said_there,) = load_corrections(Path(mended.path).with_name("corrections.json")).contacts
    assert said_there.surface is not None and said_there.surface.shape == (2, 3, 3)
    # What was moved counts where it is when it is solved again.
    ramp.location.z += 0.05
    bpy.context.view_layer.update()
    assert bpy.ops.int_mocap.solve_again() == {"FINISHED"}
    (moved,) = load_corrections(Path(mended.path).with_name("corrections.json")).contacts
    assert np.allclose(moved.surface - said_there.surface, [0, 0, 0.05], atol=1e-4)


def test_what_is_far_away_or_has_no_surface_is_said(mended):
    scene = bpy.context.scene
    settings = scene.int_mocap.corrections
    settings.touching, settings.surface = "left_hand", "OBJECT"
    scene.frame_set(20)
    settings.surface_object = slab("far", [(40, 0, 0), (41, 0, 0), (41, 1, 0)])
    with pytest.raises(RuntimeError, match="m away from the left hand there"):
        bpy.ops.int_mocap.touches()
    empty = bpy.data.objects.new("bare", bpy.data.meshes.new("bare"))
    scene.collection.objects.link(empty)
    settings.surface_object = empty
    with pytest.raises(RuntimeError, match="has no surface"):
        bpy.ops.int_mocap.touches()
    assert not said(mended)


def test_what_the_bake_found_is_listed_taken_over_and_denied(mended):
    found = [i for i in mended.corrections if i.kind == "STANDS"]
    assert {i.part for i in found} == {"left_foot", "right_foot"}
    strips = strips_of(bpy.data.scenes[0])
    assert len(strips) == len(found) and not any(each.said for each in strips)
    assert all(1 <= each.first < each.last <= 48.1 for each in strips)
    assert not mended.solved and not said(mended)
    # Taken over, it is in the list as one's own and stays there through a bake.
    index = next(n for n, i in enumerate(mended.corrections) if i.part == "left_foot")
    span = mended.corrections[index].time, mended.corrections[index].end
    assert bpy.ops.int_mocap.take_over_contact(index=index) == {"FINISHED"}
    (item,) = said(mended)
    assert (item.kind, item.rolls, item.time, item.end) == ("TOUCHES", True, *span)
    # The other one is none.
    mended.active_correction = next(
        n for n, i in enumerate(mended.corrections) if i.kind == "STANDS" and i.part == "right_foot"
    )
    denied = mended.corrections[mended.active_correction]
    assert not denied.found or denied.values[0] == 0
    assert bpy.ops.int_mocap.delete_correction() == {"FINISHED"}
    assert sorted(i.kind for i in said(mended)) == ["LIFTS", "TOUCHES"]
    left = len(found) - 2
    assert bpy.ops.int_mocap.solve_again() == {"FINISHED"}
    mended = bpy.context.scene.int_mocap.takes[0]
    after = [i for i in mended.corrections if i.kind == "STANDS"]
    assert len(after) == left, "they are not found again"
    assert sorted(i.kind for i in said(mended)) == ["LIFTS", "TOUCHES"]
    said_there = load_corrections(Path(mended.path).with_name("corrections.json")).contacts
    assert sorted((each.touches, each.rolls) for each in said_there) == [
        (False, False),
        (True, True),
    ]
    own = {each.limb: each for each in strips_of(bpy.data.scenes[0]) if each.said}
    assert own["left_foot"].touches and not own["right_foot"].touches
    # Deleted, it is found again.
    while said(mended):
        mended.active_correction = 0
        assert bpy.ops.int_mocap.delete_correction() == {"FINISHED"}
    assert bpy.ops.int_mocap.solve_again() == {"FINISHED"}
    mended = bpy.context.scene.int_mocap.takes[0]
    assert len([i for i in mended.corrections if i.kind == "STANDS"]) == len(found)


def test_what_was_found_is_taken_over_when_it_is_let_begin_elsewhere(mended):
    index = next(n for n, i in enumerate(mended.corrections) if i.kind == "STANDS")
    part, end = mended.corrections[index].part, mended.corrections[index].end
    mended.active_correction = index
    bpy.context.scene.frame_set(20)
    assert bpy.ops.int_mocap.bound_contact(edge="START") == {"FINISHED"}
    (item,) = said(mended)
    assert (item.part, item.rolls, item.end) == (part, True, end)
    with pytest.raises(RuntimeError, match="Select in the list what stands by itself"):
        bpy.ops.int_mocap.take_over_contact()


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

"""Sides, identities, nobody; and what becomes of corrections when a clip is captured again."""

from pathlib import Path
from typing import Any

import bpy
import numpy as np
import pytest

from core_model.corrections.file import load_corrections, save_corrections
from core_model.corrections.records import Corrections, Exchange, Swap
from core_model.take import Take
from int_mocap_addon.corrections.keeping import save_beside
from int_mocap_addon.corrections.stances import said_of
from tests.core_model.solving.clips import true_take
from tests.int_mocap_addon.corrections.conftest import SHOULDER, capture_of, pose_as


@pytest.fixture
def two(mocap: Any, tmp_path: Path) -> Any:
    """Return the list with the two people of a capture, not baked."""
    takes = [true_take("crossing_01", 20), true_take("crossing_02", 20)]
    folder = capture_of(tmp_path / "clip", takes)
    bpy.ops.int_mocap.load_takes(filepath=str(folder))
    return mocap


def test_two_people_are_exchanged_from_a_frame_on_and_back(two):
    bpy.context.scene.frame_set(11)
    mocap, first = two, two.takes[0]
    two.active_take = 0
    assert bpy.ops.int_mocap.swap_people(other=mocap.takes[1].uid) == {"FINISHED"}
    assert first.corrections[0].other == mocap.takes[1].uid
    assert bpy.ops.int_mocap.solve_again() == {"FINISHED"}
    one, other = bpy.context.scene.int_mocap.takes
    before = Take.load(Path(bpy.path.abspath(one.path)))
    after = Take.load(Path(bpy.path.abspath(one.solved)))
    apart_from_other = np.linalg.norm(
        after.trans - Take.load(Path(bpy.path.abspath(other.path))).trans, axis=1
    )
    assert other.solved and np.linalg.norm(after.trans - before.trans, axis=1)[:5].max() < 0.05
    # They stand 3 m apart here, and go from one place to the other from one frame to the next.
    assert apart_from_other[10:].max() < 0.1, "the other goes on as this one"
    assert np.linalg.norm(after.trans - before.trans, axis=1)[:10].max() < 1e-9
    assert bpy.ops.int_mocap.bake(all_takes=True) == {"FINISHED"}
    one = bpy.context.scene.int_mocap.takes[0]
    places = []
    for frame in range(1, 21):
        bpy.context.scene.frame_set(frame)
        places.append(np.array(one.armature.pose.bones["pelvis"].head))
    steps = np.linalg.norm(np.diff(places, axis=0), axis=1)
    assert steps.argmax() == 9 and steps[9] > 2 and np.delete(steps, 9).max() < 0.2


def test_nobody_is_hidden_and_can_be_taken_back(two):
    bpy.ops.int_mocap.bake(all_takes=True)
    bpy.context.view_layer.objects.active = two.takes[1].armature
    bpy.ops.int_mocap.not_a_person()
    bpy.ops.int_mocap.solve_again()
    one, other = bpy.context.scene.int_mocap.takes
    assert other.armature.hide_viewport and not one.armature.hide_viewport
    other.corrections[0].enabled = False
    bpy.ops.int_mocap.solve_again()
    other = bpy.context.scene.int_mocap.takes[1]
    assert not other.armature.hide_viewport


def test_sides_are_said_of_the_preview_range(two):
    scene = bpy.context.scene
    take = two.takes[two.active_take]
    scene.use_preview_range = True
    scene.frame_preview_start, scene.frame_preview_end = 4, 8
    two.corrections.limbs = "legs"
    assert bpy.ops.int_mocap.swap_sides() == {"FINISHED"}
    item = take.corrections[0]
    times = Take.load(Path(take.path)).times
    inside = np.flatnonzero((times >= item.time) & (times <= item.end))
    assert (item.limbs, inside.tolist()) == ("legs", [3, 4, 5, 6, 7])
    scene.frame_preview_start, scene.frame_preview_end = 400, 500
    with pytest.raises(RuntimeError, match="has no frame there"):
        bpy.ops.int_mocap.swap_sides()


def test_corrections_survive_another_capture_of_the_clip(mended, truth, tmp_path):
    """The people are in another order then, and on another floor."""
    from int_mocap_addon.corrections.surviving import carry_over, said_of_clip
    from int_mocap_addon.scenes import SceneOfTask

    pose_as(mended, 20, truth)
    bpy.ops.int_mocap.pin()
    settings = bpy.context.scene.int_mocap.corrections
    settings.what = "PLACE"
    bpy.context.scene.frame_set(8)
    for bone in mended.armature.pose.bones:
        holder = bone if hasattr(bone, "select") else bone.bone
        holder.select = bone.name == "pelvis"
    bpy.ops.int_mocap.pin()
    bpy.ops.int_mocap.swap_sides()
    bpy.ops.int_mocap.touches()
    clip = Path(mended.clip)
    earlier = said_of_clip(bpy.data.scenes["Scene"], clip)
    again = Take.load(Path(mended.path))
    again.trans = again.trans + [0.0, 0.0, 0.25]
    again.camera.to_world[2, 3] += 0.25
    stranger = true_take("crossing_02", 20)
    for take in (again, stranger):
        take.bbox = np.tile([10.0, 10, 50, 80], (len(take), 1))
    stranger.bbox[:, 0] += 200
    old = Take.load(Path(mended.path))
    old.bbox = np.tile([14.0, 8, 50, 80], (len(old), 1))
    old.save(Path(mended.path))
    folder = capture_of(tmp_path / "again", [stranger, again])
    bpy.ops.int_mocap.load_takes(filepath=str(folder))
    takes = bpy.context.scene.int_mocap.takes
    new = [each for each in takes if Path(each.path).parent == folder]
    steps = carry_over(SceneOfTask("Scene"), earlier, [each.uid for each in new])
    while True:
        try:
            next(steps)
        except StopIteration as end:
            assert "corrections carried over" in end.value[0]
            break
    assert not said_of(new[0])
    kinds = {(item.kind, item.part) for item in said_of(new[1])}
    assert {("ROTATION", SHOULDER), ("PLACE", "pelvis"), ("SIDES", "")} <= kinds
    assert ("TOUCHES", "left_foot") in kinds
    heights = [
        next(i.values[2] for i in each.corrections if i.part == "pelvis")
        for each in (takes[0], new[1])
    ]
    assert abs(heights[1] - heights[0] - 0.25) < 1e-4


def test_what_lies_beside_a_take_is_listed_with_it(mended, truth):
    pose_as(mended, 20, truth)
    bpy.ops.int_mocap.pin()
    bpy.ops.int_mocap.swap_sides()
    save_beside(bpy.data.scenes["Scene"], mended)
    path = mended.path
    bpy.context.scene.int_mocap.takes.clear()
    bpy.ops.int_mocap.load_takes(filepath=path)
    items = bpy.context.scene.int_mocap.takes[0].corrections
    assert [(i.kind, i.part) for i in items] == [("SIDES", ""), ("ROTATION", SHOULDER)]
    Path(path).with_name("corrections.json").write_text("{")
    bpy.context.scene.int_mocap.takes.clear()
    bpy.ops.int_mocap.load_takes(filepath=path)
    assert len(bpy.context.scene.int_mocap.takes) == 1, "the take itself is none the worse"


def test_what_was_said_of_people_who_are_not_listed_stays_beside_the_takes(two):
    scene, first = bpy.data.scenes["Scene"], two.takes[0]
    beside = Path(first.path).with_name("corrections.json")
    second = Corrections(swaps=(Swap(2, 0.1, 0.3),), exchanges=(Exchange((1, 2), 0.4),))
    save_corrections(beside, second.together_with(Corrections(dropped=(3,))))
    two.takes.remove(1)
    two.active_take = 0
    assert bpy.ops.int_mocap.swap_sides() == {"FINISHED"}
    for _ in range(2):
        save_beside(scene, first)
        found = load_corrections(beside)
        assert [swap.person for swap in found.swaps] == [1, 2], "nothing is lost or said twice"
        assert found.exchanges == second.exchanges
        assert found.dropped == (), "there is no third person in the folder"
    beside.write_text("{ by hand, and a comma too many, }")
    with pytest.raises(RuntimeError, match="move it away"):
        bpy.ops.int_mocap.solve_again()
    assert beside.read_text() == "{ by hand, and a comma too many, }"

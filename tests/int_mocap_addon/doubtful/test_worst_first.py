"""The worst range first, ticked as seen or mended in the way that fits it."""

from typing import Any

import bpy
import pytest

from int_mocap_addon.corrections.stances import said_of
from tests.int_mocap_addon.doubtful.test_going_there import listed, selected


@pytest.fixture
def baked(walk: Any) -> Any:
    assert bpy.ops.int_mocap.bake() == {"FINISHED"}
    take = bpy.context.scene.int_mocap.takes[0]
    begin = take.clip_start
    listed(
        take,
        ("Left Arm", begin + 0.2, begin + 0.5),
        ("Left and Right", begin + 0.8, begin + 1.2),
        ("Head", begin + 1.4, begin + 1.6),
    )
    for item, kind, severity in zip(
        take.doubtful, ("unsure", "sides", "unsure"), (0.2, 1.2, 0.4), strict=True
    ):
        item.kind, item.severity = kind, severity
    return take


def test_the_worst_is_gone_to_first_then_the_next_and_what_was_seen_no_more(baked):
    scene: Any = bpy.context.scene
    visited = []
    for _ in range(3):
        assert bpy.ops.int_mocap.worst_doubtful() == {"FINISHED"}
        visited.append(baked.active_doubtful)
    assert visited == [1, 2, 0]
    baked.doubtful[1].seen = True
    scene.frame_set(1)
    bpy.ops.int_mocap.worst_doubtful()
    assert baked.active_doubtful == 2
    for item in baked.doubtful:
        item.seen = True
    assert bpy.ops.int_mocap.worst_doubtful() == {"CANCELLED"}


def test_its_bones_are_selected(baked):
    bpy.context.view_layer.objects.active = baked.armature
    bpy.ops.object.mode_set(mode="POSE")
    bpy.ops.int_mocap.show_doubtful(index=0)
    assert selected(baked.armature) == {"left_shoulder", "left_elbow", "left_wrist", "left_hand"}
    bpy.ops.object.mode_set(mode="OBJECT")


def test_each_kind_is_mended_in_its_own_way(baked):
    for index in range(3):
        baked.active_doubtful = index
        assert bpy.ops.int_mocap.mend_doubtful() == {"FINISHED"}
    found = [(item.kind, item.part.split(",")[0]) for item in said_of(baked)]
    assert found == [("FILL", "left_shoulder"), ("SIDES", ""), ("FILL", "neck")]
    assert all(item.seen for item in baked.doubtful)
    fill = baked.corrections[0]
    assert abs(fill.time - baked.doubtful[0].start) < 1e-4 and fill.end < baked.doubtful[0].end


def test_what_was_seen_is_seen_after_a_solve_too(baked):
    from bake.motion.doubtful import DoubtfulRange
    from int_mocap_addon.takes.listing import read_facts, show_facts, take_file

    baked.doubtful[1].seen = True
    start = baked.doubtful[1].start
    facts = read_facts(take_file(baked))
    same = DoubtfulRange("Left and Right", start + 0.05, start + 0.3, 0.5, "sides", 1.0)
    other = DoubtfulRange("Head", start, start + 0.3, 0.5, "unsure", 1.0)
    object.__setattr__(facts, "doubtful", (same, other))
    show_facts(baked, facts)
    assert [(item.name, item.seen) for item in baked.doubtful] == [
        ("Left and Right", True),
        ("Head", False),
    ]

"""Reduced keys in Blender itself."""

import bpy
import numpy as np
import pytest

from bake.reduction.bezier import evaluate, held_by_keys, keys_with_slopes
from bake.reduction.key_reduction import Tolerance
from bake.scene.animation.action import baked_action, write_keys
from bake.scene.animation.curves import Keying
from core_model.body.skeleton import JOINT_NAMES
from tests.bake.conftest import curves_of
from tests.bake.motions import walking
from tests.bake.written import written

FLOAT = 2e-6
REDUCED = Keying(Tolerance())


def _lengths(
    frames: np.ndarray, width: int, random: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Return lengths of handles, a third of the way for half of the spans, that never overlap."""
    spans = np.diff(frames)[:, None]
    begin = random.uniform(0.01, 0.95, (len(spans), width))
    end = random.uniform(0.01, 1 - begin)
    plain = random.random((len(spans), 1)) < 0.5
    begin, end = (np.where(plain, 1 / 3, each) * spans for each in (begin, end))
    outer = np.ones((1, width))
    return np.concatenate((outer, end)), np.concatenate((begin, outer))


def test_blender_plays_keys_as_we_evaluate_them(empty_scene):
    random = np.random.default_rng(0)
    frames = np.unique(random.integers(1, 200, 40))
    count = len(frames)
    slopes_in = random.normal(0, 0.1, (count, 3))
    slopes_out = np.where(random.random((count, 1)) < 0.5, slopes_in, -slopes_in)
    last = random.random(count) < 0.1
    reaches = _lengths(frames, 3, random)
    values = random.normal(size=(count, 3))
    keys = keys_with_slopes(frames, values, slopes_in, slopes_out, last, reaches)
    cube = bpy.data.objects.new("cube", None)
    empty_scene.collection.objects.link(cube)
    _, holder = baked_action("moves", cube)
    write_keys(holder, "location", "Moves", keys)
    at = np.arange(-3, 210, 0.25)
    keys = held_by_keys(keys)
    expected = evaluate(keys, at)
    for index, curve in enumerate(holder.fcurves):
        found = np.array([curve.evaluate(frame) for frame in at])
        assert np.abs(found - expected[:, index]).max() < 5 * FLOAT
        kinds = [point.handle_right_type for point in curve.keyframe_points]
        assert kinds == ["ALIGNED" if smooth else "FREE" for smooth in keys.smooth]
        points = curve.keyframe_points
        assert not any(p.select_control_point or p.select_left_handle for p in points)


@pytest.mark.parametrize("rotation", ["QUATERNION", "XYZ"])
def test_a_reduced_figure_is_the_exact_one_within_the_tolerance(empty_scene, rotation):
    take = walking(frames=90)
    worst, counts, heads = 0.0, [], []
    for keying in (Keying(None, rotation), Keying(Tolerance(), rotation)):
        person = written(take, empty_scene, with_body=False, keying=keying)
        counts.append(sum(len(each.keyframe_points) for each in curves_of(person.armature).fcurves))
        bones = person.armature.pose.bones
        assert {bones[name].rotation_mode for name in JOINT_NAMES} == {rotation}
        places = []
        for frame in person.keys.frames:
            empty_scene.frame_set(int(frame))
            posed = person.armature.evaluated_get(bpy.context.evaluated_depsgraph_get())
            places.append([posed.pose.bones[name].head[:] for name in JOINT_NAMES])
        heads.append(np.array(places))
    worst = np.linalg.norm(heads[0] - heads[1], axis=2).max()
    assert worst <= 0.00201
    assert counts[1] < 0.25 * counts[0]


def test_all_parts_of_a_turn_have_their_keys_on_the_same_frames(empty_scene):
    person = written(walking(), empty_scene, with_body=False, keying=REDUCED)
    frames: dict[str, set[tuple[float, ...]]] = {}
    for curve in curves_of(person.armature).fcurves:
        at = tuple(point.co.x for point in curve.keyframe_points)
        frames.setdefault(curve.data_path, set()).add(at)
        if curve.data_path.startswith("pose.bones"):
            assert curve.keyframe_points[-1].interpolation == "BEZIER"
    assert all(len(different) == 1 for different in frames.values())

"""Results of other systems, baked into a scene as captures are."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import bpy
import numpy as np
import pytest

from bake.bake_file import bake_file
from bake.bake_job import BakeJob
from bake.clips import find_clips
from bake.motion.resample import Timeline, rate_of
from bake.scene.animation.curves import Keying
from bake.scene.animation.motion import motion_of
from core_model.body.skeleton import JOINT_NAMES
from core_model.results.reading import ReadOptions, read_all
from tests.core_model.results.samples import SYSTEMS
from tests.core_model.results.seen import FRAMES, Sample


def _bake(sample: Sample, output: Path, **options: Any) -> list[Any]:
    """Bake a file at 30 frames a second; return the armatures by name."""
    job = BakeJob([sample.path], output, reading=ReadOptions(frame_rate=30.0), **options)
    bake_file(job, report=lambda _: None)
    bpy.ops.wm.open_mainfile(filepath=str(output))
    found = [one for one in bpy.data.objects if one.type == "ARMATURE"]
    return sorted(found, key=lambda one: one.name)


def _joints(armature: Any, frame: int) -> np.ndarray:
    bpy.data.scenes[0].frame_set(frame)
    bones = armature.pose.bones
    return np.array([armature.matrix_world @ bones[name].head for name in JOINT_NAMES])


@pytest.mark.parametrize("system", ["gvhmr", "tram"])
def test_joints_in_the_scene_are_where_they_were_written(tmp_path, system):
    sample = SYSTEMS[system](tmp_path)
    exact = {"smoothing": "none", "keying": Keying(tolerance=None), "with_body": False}
    armatures = _bake(sample, tmp_path / "out.blend", **exact)
    assert len(armatures) == len(sample.people)
    for armature, (person, frames) in zip(armatures, sample.people, strict=True):
        for row in (0, 7, len(frames) - 1):
            away = _joints(armature, 1 + int(frames[row])) - person.joints()[row] @ (
                sample.to_world.T
            )
            away[:, 2] -= away[:, 2].mean()
            assert np.abs(away).max() < 1e-3


@pytest.mark.parametrize(
    ("system", "root_motion", "feet"),
    [("wham", "ground", "auto"), ("phalp", "ground", "auto"), ("smpl_codec", "free", "never")],
)
def test_what_a_video_showed_is_grounded_and_pinned_by_itself(tmp_path, system, root_motion, feet):
    (found,), _ = read_all([SYSTEMS[system](tmp_path).path])
    take = found.takes[0]
    timeline = Timeline(rate_of(take.times), take.times[0])
    by_itself = motion_of(take, timeline).keys
    asked_for = motion_of(take, timeline, root_motion=root_motion, feet=feet).keys
    np.testing.assert_array_equal(by_itself.positions, asked_for.positions)
    np.testing.assert_array_equal(by_itself.quaternions, asked_for.quaternions)
    assert np.isfinite(by_itself.positions).all()


def test_a_floor_that_was_missed_is_found_in_the_bake(tmp_path):
    (found,), _ = read_all([SYSTEMS["gvhmr"](tmp_path).path])
    take = found.takes[0]
    lifted = replace(take, trans=take.trans + [0, 0, 0.3])
    timeline = Timeline(rate_of(take.times))
    heights = [motion_of(each, timeline).keys.positions[:, 2] for each in (take, lifted)]
    np.testing.assert_allclose(heights[1], heights[0], atol=0.01)


def test_people_of_one_file_are_one_clip(tmp_path):
    (clip,), _ = find_clips([SYSTEMS["slahmr"](tmp_path).path])
    assert list(clip.people) == ["person_01", "person_02"]
    assert clip.start == 0 and len(clip.people["person_01"]) == FRAMES

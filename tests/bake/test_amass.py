"""Files of AMASS as they are found in the world, baked into a scene."""

from pathlib import Path
from typing import Any

import bpy
import numpy as np
import pytest

from bake.bake_file import bake_file
from bake.bake_job import BakeJob
from bake.scene.animation.curves import Keying
from core_model.body.skeleton import JOINT_NAMES
from core_model.errors import TakeError
from core_model.results.reading import ReadOptions
from core_model.take import Take
from tests.bake.conftest import curves_of
from tests.bake.motions import filmed_from_the_front, walking


def _bake(tmp_path: Path, *inputs: Path, **options: Any) -> tuple[Any, list[str]]:
    output = tmp_path / "out.blend"
    exact = Keying(tolerance=None)
    job = BakeJob(inputs, output, smoothing="none", with_body=False, keying=exact, **options)
    warnings = bake_file(job, report=lambda _: None)
    bpy.ops.wm.open_mainfile(filepath=str(output))
    return bpy.data.scenes[0], warnings


def _armatures() -> list[Any]:
    return [one for one in bpy.data.objects if one.type == "ARMATURE"]


def _amass(path: Path, take: Take, rate: float) -> Path:
    poses = np.concatenate((take.poses[:, :66], np.zeros((len(take), 90))), axis=1)
    np.savez(path, poses=poses, trans=take.trans, betas=np.zeros(16), mocap_framerate=rate)
    return path


@pytest.mark.parametrize(
    ("rate", "fps", "base"), [(150.0, 150, 1.0), (16.0, 16, 1.0), (59.9, 60, 60 / 59.9)]
)
def test_every_sample_of_a_constant_rate_is_a_key(tmp_path, rate, fps, base):
    take = walking(frames=30, rate=rate)
    scene, warnings = _bake(tmp_path, _amass(tmp_path / "walk_poses.npz", take, rate))
    assert warnings == []
    assert (scene.render.fps, scene.render.fps_base) == (fps, pytest.approx(base, rel=1e-6))
    assert (scene.frame_start, scene.frame_end) == (1, 30)
    (armature,) = _armatures()
    turned = np.empty((30, 3))
    for frame in range(1, 31):
        scene.frame_set(frame)
        turned[frame - 1] = (
            armature.matrix_world @ armature.pose.bones["pelvis"].matrix
        ).translation
    np.testing.assert_allclose(turned, take.joints()[:, 0], atol=1e-5)


@pytest.mark.shared
@pytest.mark.parametrize(("case", "fps"), [("amass_rate_150", 150), ("amass_rate_16", 16)])
def test_rates_that_no_camera_has(shared, tmp_path, case, fps):
    scene, _ = _bake(tmp_path, shared / "cases" / case / "walk_poses.npz")
    assert (scene.render.fps, scene.render.fps_base, scene.frame_end) == (fps, 1.0, 30)
    (armature,) = _armatures()
    (curve, *_) = curves_of(armature).fcurves
    assert [point.co.x for point in curve.keyframe_points] == list(range(1, 31))


@pytest.mark.shared
def test_a_clip_of_an_unusual_rate_stays_in_step_behind_the_camera(shared, tmp_path):
    take = walking(frames=40, rate=16, camera=filmed_from_the_front())
    take.source = {"video": str(shared / "cases" / "constant_16_fps" / "clip.mp4")}
    take.save(tmp_path / "person_01.npz")
    scene, warnings = _bake(tmp_path, tmp_path / "person_01.npz")
    assert (scene.render.fps, scene.render.fps_base, scene.frame_end) == (16, 1.0, 40)
    assert not [each for each in warnings if "drifts" in each]


@pytest.mark.shared
def test_a_pickled_member_is_never_read(shared, tmp_path):
    scene, warnings = _bake(tmp_path, shared / "cases" / "amass_object_member" / "walk_stageii.npz")
    assert (scene.render.fps, scene.frame_end, warnings) == (30, 30, [])


@pytest.mark.shared
def test_the_folder_of_a_subject_is_baked_without_its_shape(shared, tmp_path):
    scene, warnings = _bake(tmp_path, shared / "cases" / "amass_subject_folder" / "subject")
    assert sorted(one.name for one in _armatures()) == ["run_stageii", "walk_stageii"]
    assert scene.frame_end == 30
    assert len(warnings) == 1 and "neutral_stagei.npz holds no motion" in warnings[0]


@pytest.mark.shared
@pytest.mark.parametrize(("up", "stands"), [("auto", True), ("y", True), ("z", False)])
def test_a_figure_of_a_world_with_y_up_stands(shared, tmp_path, up, stands):
    case = shared / "cases" / "amass_y_up" / "walk_poses.npz"
    scene, warnings = _bake(tmp_path, case, reading=ReadOptions(up=up))
    (armature,) = _armatures()
    assert set(JOINT_NAMES) <= set(armature.pose.bones.keys())
    for frame in (1, 15, 30):
        scene.frame_set(frame)
        head, pelvis = (armature.pose.bones[name].head.z for name in ("head", "pelvis"))
        assert (head > pelvis + 0.4) == stands
    assert any("has Y up" in each and "--up" in each for each in warnings) == (up == "auto")


@pytest.mark.shared
def test_numbers_beyond_all_measure_bake_nothing(shared, tmp_path):
    with pytest.raises(TakeError, match="'trans' holds 1e\\+300"):
        _bake(tmp_path, shared / "cases" / "take_overflow" / "walk_poses.npz")
    assert list(tmp_path.iterdir()) == []

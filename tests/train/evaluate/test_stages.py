"""What the stages are measured by: made-up motion whose every error is known."""

from dataclasses import replace

import numpy as np
import pytest

from core_model.body.model import default_body
from core_model.geometry.rotations import axis_angle_to_matrix, matrix_to_axis_angle
from core_model.take import Take
from train.evaluate.aligned import align
from train.evaluate.benchmarks import demo_clip
from train.evaluate.cli import TRUTH, rows_of
from train.evaluate.scores import COLUMNS, Row
from train.evaluate.smoothing_table import wrist_peaks
from train.evaluate.stages import WORLD, cleaned, levelled_take
from train.evaluate.tables import pose_table, rotation_table, row_table
from train.places import DEMO_FOLDER

CLIP = demo_clip()


@pytest.fixture
def truth() -> Take:
    return Take.load(DEMO_FOLDER / "demo_truth.npz")


def row(take: Take) -> dict[str, float]:
    found = rows_of(CLIP, {WORLD: align(CLIP, take)})[WORLD]
    assert isinstance(found, Row)
    return dict(zip(COLUMNS, found.values(), strict=True))


def test_the_truth_has_no_error_at_all(truth: Take) -> None:
    values = row(truth)
    kept = values.pop("frames"), values.pop("jitter")
    assert kept[0] == 150 and kept[1] > 1
    assert max(values.values()) < 0.02  # mm: its feet settle by so much


def test_a_turned_joint_costs_a_twenty_third_of_its_angle(truth: Take) -> None:
    poses = truth.poses.copy()
    elbow = axis_angle_to_matrix(poses[:, 54:57]) @ axis_angle_to_matrix(
        np.radians(np.array([0.0, 23.0, 0.0]))
    )
    poses[:, 54:57] = matrix_to_axis_angle(elbow)
    values = row(replace(truth, poses=poses))
    assert values["rot"] == pytest.approx(1.0, abs=1e-3)
    assert values["root"] < 1e-3 < values["PA"]


def test_a_figure_that_hovers_and_one_that_glides(truth: Take) -> None:
    values = row(replace(truth, trans=truth.trans + [0.0, 0.0, 0.05]))
    assert values["float"] == pytest.approx(50, abs=0.1) and values["sink"] == 0
    gliding = np.arange(150)[:, None] * np.array([0.002, 0.0, 0.0])
    values = row(replace(truth, trans=truth.trans + gliding))
    assert values["slide"] == pytest.approx(2.0, abs=0.01)
    assert values["drift"] > 50 and values["MPJPE"] < 0.01


def test_a_level_camera_is_wrong_by_its_pitch_and_leaves_the_picture_as_it_is(truth: Take) -> None:
    level = levelled_take(truth, default_body())
    np.testing.assert_allclose(level.camera_joints(), truth.camera_joints(), atol=1e-9)
    assert truth.camera is not None
    pitch = np.degrees(np.arccos(-truth.camera.to_world[2, 1]))
    assert row(level)["tilt"] == pytest.approx(pitch, abs=1e-3)


def test_clean_up_without_smoothing_changes_nothing_and_smoothing_little(truth: Take) -> None:
    body = default_body()
    same = cleaned(truth, body, feet=False, smoothing="none")
    np.testing.assert_allclose(same.joints(), truth.joints(), atol=1e-6)
    smooth = row(cleaned(truth, body, feet=False))
    assert 0 < smooth["MPJPE"] < 10


def test_a_punch_that_is_flattened_shows(truth: Take) -> None:
    whole = align(CLIP, truth)
    slow = replace(whole, joints=whole.joints.copy())
    for _ in range(3):
        slow.joints[1:-1] = (slow.joints[:-2] + slow.joints[1:-1] + slow.joints[2:]) / 3
    peaks = wrist_peaks(CLIP, [whole, slow])
    assert peaks[0] == pytest.approx(peaks[1]) and peaks[0] > 4
    assert peaks[2] < 0.9 * peaks[1]


def test_tables_have_a_line_for_every_method_and_clip(truth: Take) -> None:
    rows = rows_of(CLIP, {WORLD: align(CLIP, truth)})
    silent = {name: None if name.startswith("Media") else one for name, one in rows.items()}
    both = {"demo": rows, "alone": silent}
    lines = row_table(both, each=True).splitlines()
    assert len(lines) == 1 + 3 + 2 + 2 * 3
    assert lines[1].split()[-1] == lines[-1].split()[-1] == "150"
    assert TRUTH in lines[1]
    assert len(pose_table(both).splitlines()) == 3
    assert len(rotation_table(both).splitlines()) == 25

"""Evaluation on made-up takes: the right person, the right frames, the right numbers."""

from pathlib import Path

import numpy as np
import pytest

from core_model.take import Take
from train.evaluate import cli as evaluate
from train.evaluate.benchmarks import BenchmarkClip, BenchmarkError, demo_clip, pose2sim_clips
from train.places import DEMO_FOLDER


@pytest.fixture(scope="module")
def truth() -> Take:
    return Take.load(DEMO_FOLDER / "demo_truth.npz")


@pytest.fixture(scope="module")
def clip() -> BenchmarkClip:
    return demo_clip()


def part(take: Take, rows: slice | np.ndarray) -> Take:
    """Return some frames of a take."""
    return Take(
        poses=take.poses[rows],
        trans=take.trans[rows],
        betas=take.betas,
        times=take.times[rows],
        bbox=take.bbox[rows],
        camera=take.camera,
    )


def test_the_truth_scores_zero_and_mediapipe_does_not(clip: BenchmarkClip, truth: Take) -> None:
    errors = evaluate.score(clip, [truth])
    assert list(errors) == [evaluate.BASELINE, evaluate.OURS]
    ours, baseline = errors[evaluate.OURS], errors[evaluate.BASELINE]
    assert ours.mpjpe < 1e-6 and ours.pa_mpjpe < 1e-6 and ours.acceleration < 1e-6
    assert 30 < baseline.pa_mpjpe < baseline.mpjpe < 200
    assert ours.frames == baseline.frames == np.isfinite(clip.baseline[:, 0, 0]).sum()


def test_where_the_figure_stands_in_the_world_does_not_matter(
    clip: BenchmarkClip, truth: Take
) -> None:
    moved = part(truth, slice(None))
    moved.trans = moved.trans + [0.3, 0.2, 0.0]
    assert evaluate.score(clip, [moved])[evaluate.OURS].mpjpe < 1e-6


def test_frames_are_matched_by_time(clip: BenchmarkClip, truth: Take) -> None:
    late = part(truth, slice(30, 120))
    late.frame_valid[:10] = False
    errors = evaluate.score(clip, [late])
    assert errors[evaluate.OURS].mpjpe < 1e-6
    assert errors[evaluate.OURS].frames == errors[evaluate.BASELINE].frames == 80
    every_other = part(truth, np.arange(0, len(truth), 2))
    assert evaluate.score(clip, [every_other])[evaluate.OURS].mpjpe < 1e-6


def test_the_person_who_covers_the_truth_is_scored(clip: BenchmarkClip, truth: Take) -> None:
    other = part(truth, slice(None))
    other.poses = np.zeros_like(other.poses)
    other.bbox = other.bbox + [300.0, 0.0, 0.0, 0.0]
    for takes in ([truth, other], [other, truth]):
        assert evaluate.score(clip, takes)[evaluate.OURS].mpjpe < 1e-6
    assert evaluate.score(clip, [other])[evaluate.OURS].mpjpe > 100


def test_no_common_frame_is_said(clip: BenchmarkClip, truth: Take) -> None:
    nobody = part(truth, slice(None))
    nobody.frame_valid[:] = False
    with pytest.raises(BenchmarkError, match="No frame of demo.mp4"):
        evaluate.score(clip, [nobody])


def test_the_command_prints_a_row_for_each_method(
    truth: Take, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    truth.save(tmp_path / "demo" / "person_01.npz")
    assert evaluate.main(["demo", "--takes", str(tmp_path)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert "MPJPE" in lines[1]
    assert [line[10:37].strip() for line in lines[2:4]] == [evaluate.BASELINE, evaluate.OURS]
    assert lines[3].split()[-1] == "150"


def test_missing_takes_and_data_are_one_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert evaluate.main(["demo", "--takes", str(tmp_path)]) == 1
    assert "There is no take" in capsys.readouterr().err
    assert evaluate.main(["pose2sim", "--data", str(tmp_path)]) == 1
    assert "Name the data folder with --data" in capsys.readouterr().err


@pytest.mark.shared
def test_pose2sim_truth_projects_onto_the_person(shared: Path) -> None:
    clips = pose2sim_clips(shared / "data")
    assert [clip.name for clip in clips] == ["cam01", "cam02", "cam03", "cam04"]
    for clip in clips:
        assert clip.video.exists()
        assert clip.truth.shape == clip.baseline.shape == (100, 12, 3)
        assert (clip.truth[..., 2] > 1).all()
        assert (clip.boxes[:, :2] > 0).all() and (clip.boxes[:, 3] > 400).all()

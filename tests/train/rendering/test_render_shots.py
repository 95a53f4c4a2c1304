"""The rendered clips: truth that obeys what motion does, and pictures that show it."""

import itertools
from pathlib import Path

import numpy as np
import pytest

from core_model.body.model import default_body
from core_model.body.skeleton import JOINT_INDEX
from core_model.take import Take
from core_model.video.clip import open_video
from train.databases.straight_limbs import bends_backwards
from train.evaluate.benchmarks import BenchmarkClip, rendered_clips
from train.evaluate.floor_metrics import foot_slide, sole_heights
from train.places import RENDERED_FOLDER, WITHHELD_FOLDER
from train.rendering.shot import Shot
from train.rendering.shots import SHOTS
from train.rendering.staging import placed_camera
from train.rendering.withheld_shots import WITHHELD_SHOTS

CLIPS = [*rendered_clips(), *rendered_clips(WITHHELD_FOLDER)]
BALLS = [JOINT_INDEX["left_foot"], JOINT_INDEX["right_foot"]]


SETS = [(SHOTS, RENDERED_FOLDER), (WITHHELD_SHOTS, WITHHELD_FOLDER)]


@pytest.mark.parametrize(("shots", "folder"), SETS, ids=["rendered", "withheld"])
def test_every_clip_of_the_list_is_there_with_its_truth(
    shots: tuple[Shot, ...], folder: Path
) -> None:
    assert len(shots) >= 12
    assert {path.stem for path in folder.glob("*.mp4")} == {shot.name for shot in shots}
    assert len(rendered_clips(folder)) == sum(len(shot.actors) for shot in shots)
    for shot in shots:
        for number in range(1, len(shot.actors) + 1):
            take = Take.load(folder / f"{shot.name}_{number:02d}.npz")
            assert len(take) == shot.frames
            assert take.camera is not None and tuple(take.camera.size) == shot.size


@pytest.mark.parametrize("clip", CLIPS, ids=lambda clip: clip.name)
def test_nobody_sinks_in_and_standing_feet_do_not_slide(clip: BenchmarkClip) -> None:
    assert clip.take is not None and clip.standing is not None
    balls = clip.take.joints()[:, BALLS]
    assert sole_heights(balls, clip.take.betas, default_body()).min() > -0.01
    slides = foot_slide(balls, clip.standing, 30)
    assert len(slides) == 0 or slides.mean() < 1.2
    steps = np.linalg.norm(np.diff(clip.take.joints(), axis=0), axis=-1)
    assert steps.max() < 0.6  # a hand of somebody who turns a cartwheel or hits


def test_feet_stand_in_most_clips() -> None:
    shares = [clip.standing.any(axis=1).mean() for clip in CLIPS if clip.standing is not None]
    assert sum(share > 0.3 for share in shares) >= 23


@pytest.mark.parametrize("clip", CLIPS, ids=lambda clip: clip.name)
def test_nobody_bends_their_elbows_backwards(clip: BenchmarkClip) -> None:
    assert clip.take is not None
    assert not bends_backwards(clip.take.rotations())


@pytest.mark.parametrize("clip", CLIPS, ids=lambda clip: clip.name)
def test_people_stay_in_the_picture(clip: BenchmarkClip) -> None:
    assert clip.take is not None and clip.take.camera is not None
    pixels = clip.take.camera.project(clip.take.camera_joints())
    assert (pixels > 0).all() and (pixels < clip.take.camera.size).all()


def test_mediapipe_saw_most_of_them_where_they_are() -> None:
    followed = [clip for clip in CLIPS if np.isfinite(clip.baseline).any()]
    assert len(followed) >= len(SHOTS) + len(WITHHELD_SHOTS)
    seen = [np.isfinite(clip.baseline[:, 0, 0]).mean() for clip in followed if clip.people == 1]
    assert np.mean(seen) > 0.9


def test_a_clip_has_a_frame_for_every_moment_of_its_truth() -> None:
    clip = next(clip for clip in CLIPS if clip.name == "punch")
    assert clip.take is not None
    times = [frame.time for frame in open_video(clip.video)]
    np.testing.assert_allclose(times, clip.take.times, atol=1e-4)


def test_cameras_look_from_all_around_and_from_above_and_below() -> None:
    views = [shot.view for shot in SHOTS]
    quarters = {round((view.azimuth % 360) / 90) % 4 for view in views}
    assert quarters == {0, 1, 2, 3}
    assert min(view.elevation for view in views) < -5 < 20 < max(view.elevation for view in views)
    assert max(view.focal for view in views) > 2 * min(view.focal for view in views)


def test_the_camera_is_as_near_as_the_picture_allows() -> None:
    rng = np.random.default_rng(0)
    joints = rng.uniform((-0.5, -0.5, 0.0), (0.5, 0.5, 1.8), (30, 24, 3))
    for shot, other in itertools.pairwise(SHOTS[:4]):
        camera = placed_camera(joints, shot)
        pixels = camera.project(camera.world_to_camera(joints))
        share = np.abs(pixels / camera.size * 2 - 1).max()
        assert 0.6 * shot.view.fill < share < shot.view.fill
        assert not np.allclose(placed_camera(joints, other).to_world, camera.to_world)

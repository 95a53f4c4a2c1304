"""One motion and the cameras out of what two views show, nearer to the truth than either."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from core_model.body.skeleton import forward_kinematics
from core_model.errors import ViewsError
from core_model.geometry.rotations import rotation_angle
from core_model.take import Take
from core_model.views.agreement import agreed
from core_model.views.clips import ClipMotion
from core_model.views.placing import place_clips
from core_model.views.together import Together, explain_together, same_stature
from tests.core_model.views.filming import BODY, around, at_origin, between, filmed
from train.places import RENDERED_FOLDER

CPU = torch.device("cpu")
PUNCH = at_origin(RENDERED_FOLDER / "punch_01.npz", slice(20, 60))
FIRST, SECOND = around(0), around(85, distance=3.4, height=1.3)


def _fitted(clips: list[ClipMotion], late: float) -> Together:
    placed = place_clips(clips, BODY, [late], [None])
    same_stature(clips, placed.people, BODY, None)
    together = explain_together(clips, placed, BODY, CPU, lambda share: None)
    return agreed(clips, placed, together, BODY)[0]


def _missed(together: Together, take: Take) -> float:
    figure = together.figures[0]
    joints, _ = forward_kinematics(figure.rotations, BODY.rest_joints(figure.betas))
    joints = joints - joints[:, :1]
    truth = FIRST.world_to_camera(take.joints(BODY))[figure.first : figure.first + len(joints)]
    return float(np.linalg.norm(joints - (truth - truth[:, :1]), axis=-1).mean())


@pytest.fixture(scope="module")
def together() -> tuple[list[ClipMotion], Together]:
    clips = [
        filmed([PUNCH], FIRST, blur=0.15, seed=5),
        filmed([PUNCH], SECOND, late=0.2, blur=0.15, seed=6, name="b.mp4"),
    ]
    return clips, _fitted(clips, 0.2)


def test_two_views_are_nearer_to_the_truth_than_one(
    together: tuple[list[ClipMotion], Together],
) -> None:
    clips, found = together
    alone = clips[0].figures[0]
    by_itself = Together([alone], [], found.cameras, [{0: 0}])
    assert _missed(found, PUNCH) < 0.5 * _missed(by_itself, PUNCH)


def test_the_second_camera_is_found(together: tuple[list[ClipMotion], Together]) -> None:
    placed = together[1].cameras[1]
    rotation, translation = between(FIRST, SECOND)
    assert np.degrees(rotation_angle(placed.rotation, rotation)) < 3
    away = np.linalg.norm(translation)
    assert np.linalg.norm(placed.translation - translation) < 0.08 * away


def test_a_lens_that_nobody_told_is_found_from_who_walks_past() -> None:
    """Depth that the other camera shows tells how far away the first one's people are."""
    walk = at_origin(RENDERED_FOLDER / "walk_side_01.npz", slice(0, 60))
    lens = FIRST.focal
    clips = [filmed([walk], FIRST, seed=7), filmed([walk], SECOND, seed=8, name="b.mp4")]
    clips[0].camera = replace(FIRST, focal=0.8 * lens)
    clips[0].figures[0].pelvis[:, 2] *= 0.8
    clips[0].focal_spread, clips[1].focal_spread = 0.3, 0.02
    placed = place_clips(clips, BODY, [0.0], [None])
    rotation, _ = between(FIRST, SECOND)
    placed.cameras[1] = replace(placed.cameras[1], rotation=rotation, turn_spread=0.01)
    found = explain_together(clips, placed, BODY, CPU, lambda share: None)
    assert abs(found.cameras[0].camera.focal / lens - 1) < 0.03


def test_figures_cover_what_any_clip_shows(together: tuple[list[ClipMotion], Together]) -> None:
    figure = together[1].figures[0]
    assert figure.first == 0 and len(figure.seen) == len(PUNCH) and figure.seen.all()
    assert together[1].confidences[0].shape == (len(PUNCH), 24)


def test_a_camera_that_was_moved_is_noticed() -> None:
    clips = [
        filmed([PUNCH], FIRST, seed=7),
        filmed([PUNCH], SECOND, seed=8, name="b.mp4"),
    ]
    moved = filmed([PUNCH], around(-70), seed=9).figures[0]
    half = len(PUNCH) // 2
    second = clips[1].figures[0]
    for name in ("landmarks", "rotations", "pelvis"):
        getattr(second, name)[half:] = getattr(moved, name)[half:]
    with pytest.raises(ViewsError, match=r"b\.mp4 and clip\.mp4 .* moved"):
        _fitted(clips, 0.0)


def test_who_is_in_one_clip_only_is_captured_from_it_in_the_same_world() -> None:
    other = at_origin(RENDERED_FOLDER / "limp_pillar_01.npz", slice(0, len(PUNCH)))
    other.trans[:, 0] += 1.0
    other.times = PUNCH.times
    clips = [
        filmed([PUNCH], FIRST, blur=0.05, seed=10),
        filmed([PUNCH, other], SECOND, blur=0.05, seed=11, name="b.mp4"),
    ]
    found = _fitted(clips, 0.0)
    assert found.people == [{0: 0, 1: 0}, {1: 1}]
    alone = found.figures[1]
    assert not alone.landmarks.any() and alone.seen.all()
    truth = FIRST.world_to_camera(other.joints(BODY))[:, 0]
    assert np.median(np.linalg.norm(alone.pelvis - truth, axis=1)) < 0.5


def test_clips_that_share_nobody_for_three_frames_leave_the_cameras_as_they_are() -> None:
    clips = [filmed([PUNCH], FIRST, seed=12), filmed([PUNCH], SECOND, seed=13, name="b.mp4")]
    placed = place_clips(clips, BODY, [0.0], [None])
    placed.people = [{0: 0}]
    together = explain_together(clips, placed, BODY, CPU, lambda share: None)
    assert len(together.figures) == 1 and together.cameras == placed.cameras


def test_who_could_never_be_placed_is_nobody() -> None:
    clips = [filmed([PUNCH], FIRST, seed=14), filmed([PUNCH, PUNCH], SECOND, seed=15)]
    clips[1].figures[0].seen[:] = False
    placed = place_clips(clips, BODY, [0.0], [None])
    assert placed.people == [{0: 0, 1: 1}]
    together = explain_together(clips, placed, BODY, CPU, lambda share: None)
    assert len(together.figures) == len(together.people) == 1

"""Two clips are put together by how people move, whatever is known of clocks and cameras."""

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from core_model.body.skeleton import JOINT_INDEX
from core_model.errors import ViewsError
from core_model.geometry.rotations import rotation_angle
from core_model.views.matching import matches
from core_model.views.placing import place_clips
from core_model.views.sound import HeardOffset
from tests.core_model.views.filming import BODY, around, at_origin, between, filmed
from train.places import RENDERED_FOLDER

PUNCH = at_origin(RENDERED_FOLDER / "punch_01.npz")


@pytest.mark.parametrize("angle", [60, 90, 150, 180])
@pytest.mark.parametrize("late", [0.0, 0.7])
def test_clock_and_camera_are_found(angle: float, late: float) -> None:
    first, second = around(0), around(angle, distance=3.0, height=1.2)
    found, *_ = matches(
        filmed([PUNCH], first, blur=0.1, seed=1),
        filmed([PUNCH], second, late=late, blur=0.1, seed=2),
        BODY,
    )
    rotation, translation = between(first, second)
    assert abs(found.offset - late) < 0.025
    # A first guess: each capture alone errs about where somebody faces, and the fit mends it.
    assert np.degrees(rotation_angle(found.rotation, rotation)) < 25
    assert np.linalg.norm(found.translation - translation) < 2.0
    assert found.pairs == [(0, 0)] and found.sure > 0.1


def test_an_offset_on_either_side_of_the_best_is_no_other_answer() -> None:
    """Somebody squats for seconds: a sixth of a second sooner or later is nearly as good."""
    squat = at_origin(RENDERED_FOLDER / "squat_high_01.npz")
    found = matches(
        filmed([squat], around(0), blur=0.1, seed=1),
        filmed([squat], around(75), late=0.35, blur=0.1, seed=2),
        BODY,
    )
    assert len(found) == 1
    assert 0.3 < found[0].sure < 1


def test_a_moment_in_which_one_camera_is_wrong_hides_no_offset() -> None:
    """Clips that overlap for half a second agree at many offsets in a row, one good one is worse.

    Of a kick one camera sees the wrong leg for half a second.
    """
    first, second = around(0), around(180)
    one = filmed([PUNCH], first, blur=0.1, seed=1)
    other = filmed([PUNCH], second, late=0.47, blur=0.1, seed=2)
    astray = other.figures[0].rotations[15:33]
    for joint in ("left_hip", "right_hip", "left_shoulder", "right_shoulder"):
        astray[:, JOINT_INDEX[joint]] @= Rotation.from_euler("x", 100, degrees=True).as_matrix()
    found, *_ = matches(one, other, BODY)
    assert abs(found.offset - 0.47) < 0.05 and found.gain > 1.2


def test_people_are_known_again_in_another_order() -> None:
    walking = at_origin(RENDERED_FOLDER / "limp_pillar_01.npz", slice(0, len(PUNCH)))
    walking.trans[:, 0] += 1.2
    walking.times = PUNCH.times
    first, second = around(10), around(110)
    found, *_ = matches(
        filmed([PUNCH, walking], first, blur=0.08, seed=3),
        filmed([walking, PUNCH], second, late=0.4, blur=0.08, seed=4),
        BODY,
    )
    assert sorted(found.pairs) == [(0, 1), (1, 0)]
    assert abs(found.offset - 0.4) < 0.025


def test_a_clip_of_nobody_who_moves_alike_is_refused() -> None:
    still = at_origin(RENDERED_FOLDER / "limp_pillar_01.npz", slice(0, 12))
    with pytest.raises(ViewsError, match=r"other\.mp4 does not show the same performance"):
        place_clips(
            [filmed([PUNCH], around(0)), filmed([still], around(90), name="other.mp4")],
            BODY,
            [None],
            [None],
        )


def test_less_than_a_second_that_agrees_joins_clips_only_where_the_offset_is_given() -> None:
    short = at_origin(RENDERED_FOLDER / "punch_01.npz", slice(20, 38))
    clips = [filmed([PUNCH], around(0)), filmed([short], around(90), name="short.mp4", blur=0.1)]
    with pytest.raises(ViewsError, match=r"short\.mp4 does not show the same performance"):
        place_clips(clips, BODY, [None], [None])
    assert place_clips(clips, BODY, [20 / 30], [None]).people == [{0: 0, 1: 0}]


def test_an_offset_that_is_given_is_taken() -> None:
    clips = [filmed([PUNCH], around(0)), filmed([PUNCH], around(90), late=0.5)]
    placed = place_clips(clips, BODY, [0.5], [HeardOffset(0.1, 9.0, 1.001)])
    assert placed.cameras[1].rate == 1.0
    assert placed.cameras[1].offset == 0.5 and placed.told_by == ["you"]
    assert not placed.cameras[1].clock_free
    by_sound = place_clips(clips, BODY, [None], [HeardOffset(0.48, 9.0, 1.0001)])
    assert by_sound.told_by == ["sound"] and by_sound.cameras[1].rate == 1.0001


def test_who_is_in_one_clip_only_is_a_person_of_their_own() -> None:
    walking = at_origin(RENDERED_FOLDER / "limp_pillar_01.npz", slice(0, len(PUNCH)))
    walking.trans[:, 0] += 1.2
    walking.times = PUNCH.times
    clips = [filmed([PUNCH], around(0), blur=0.05), filmed([walking, PUNCH], around(90), blur=0.05)]
    assert place_clips(clips, BODY, [None], [None]).people == [{0: 0, 1: 1}, {1: 0}]

from dataclasses import replace

import numpy as np
import pytest

from core_model.errors import CorrectionError
from core_model.solving.identities import cuts_of, end_to_end, exchanged, rows_of
from core_model.take import Take
from tests.core_model.solving.clips import BODY, apart, true_take


@pytest.fixture(scope="module")
def people() -> tuple[Take, Take]:
    one, other = true_take("crossing_01", 40), true_take("crossing_02", 40)
    return one, replace(other, betas=one.betas + 0.5)


def some(take: Take, part: slice) -> Take:
    names = ("poses", "trans", "times", "confidence", "keypoints2d", "bbox", "frame_valid")
    arrays = {name: getattr(take, name)[part] for name in names}
    return replace(take, **arrays, confidence_hands=np.empty(0))


def test_people_go_on_as_each_other_with_their_own_shape(people):
    one, other = people
    first, second = exchanged(one, other, float(one.times[25]), BODY)
    np.testing.assert_array_equal(first.poses[:25], one.poses[:25])
    np.testing.assert_array_equal(first.poses[25:], other.poses[25:])
    np.testing.assert_array_equal(second.keypoints2d[25:], one.keypoints2d[25:])
    np.testing.assert_array_equal(first.betas, one.betas)
    assert apart(first, other)[25:, 0].max() < 1e-6  # the pelvis is where it was seen


def test_who_goes_on_elsewhere_is_cut_there_and_nobody_else(people):
    one, other = people
    time = float(one.times[25])
    first, second = exchanged(one, other, time, BODY)
    assert cuts_of(first) == cuts_of(second) == [25]  # they stand three metres apart
    assert cuts_of(exchanged(first, second, time, BODY)[0]) == []
    near = replace(other, trans=one.trans + [0.0, 0.2, 0.0])
    assert cuts_of(exchanged(one, near, time, BODY)[0]) == []
    early, late = rows_of(first, np.arange(25)), rows_of(first, np.arange(25, 40))
    whole = end_to_end([early, late])
    np.testing.assert_array_equal(whole.poses, first.poses)
    np.testing.assert_array_equal(whole.keypoints2d, first.keypoints2d)
    for wrong in ("no list", [None, "x"], [-5.0, 99.0]):
        assert cuts_of(replace(one, source={"cuts": wrong})) == []


def test_exchanged_twice_is_nothing(people):
    time = float(people[0].times[25])
    one, other = people
    first, second = exchanged(one, other, time, BODY)
    again = exchanged(first, second, time, BODY)
    for before, after in zip(people, again, strict=True):
        np.testing.assert_allclose(after.trans, before.trans, atol=1e-12)
        np.testing.assert_array_equal(after.poses, before.poses)


def test_a_pause_between_them_is_filled_with_frames_that_nobody_saw(people):
    one, other = people
    early, late = some(one, slice(0, 15)), some(other, slice(22, 40))
    found, _ = exchanged(early, some(other, slice(10, 40)), float(one.times[22]), BODY)
    assert len(found) == 40
    assert not found.frame_valid[15:22].any() and found.frame_valid[22:].all()
    np.testing.assert_allclose(np.diff(found.times), np.diff(one.times), atol=1e-5)
    np.testing.assert_array_equal(found.poses[22:], late.poses)


def test_nobody_is_left_without_a_frame(people):
    one, other = people
    early, late = some(one, slice(0, 10)), some(other, slice(20, 40))
    with pytest.raises(CorrectionError, match="Nobody would be left"):
        exchanged(late, early, float(one.times[15]), BODY)

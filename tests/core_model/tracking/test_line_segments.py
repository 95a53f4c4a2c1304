"""Straight edges are found behind people, in a few pictures spread over a clip."""

import cv2
import numpy as np

from core_model.tracking.line_segments import LineSegments
from core_model.video.clip import Frame

WIDTH, HEIGHT = 640, 360


def picture() -> np.ndarray:
    image = np.full((HEIGHT, WIDTH, 3), 90, np.uint8)
    cv2.rectangle(image, (60, 50), (200, 300), (200, 180, 160), -1)
    cv2.rectangle(image, (400, 120), (560, 250), (20, 40, 60), -1)
    return image


def looks_at(image: np.ndarray, *boxes: list[float], seconds: float = 0.0) -> LineSegments:
    lines = LineSegments()
    for time in np.arange(0, seconds + 1e-9, 0.1):
        lines.update(Frame(float(time), image), [np.array(box) for box in boxes])
    return lines


def test_edges_of_boxes_are_found_where_they_are() -> None:
    (look,) = looks_at(picture()).take_out()
    left = look.ends[(np.abs(look.ends[..., 0] - 60) < 2).all(axis=1)]
    assert len(left) == 1
    assert np.ptp(left[0, :, 1]) > 240
    assert len(look.ends) >= 8


def test_what_is_of_a_person_is_left_out() -> None:
    (look,) = looks_at(picture(), [380, 100, 200, 170]).take_out()
    assert (look.ends[..., 0] < 210).all() and len(look.ends) >= 4


def test_black_bars_and_the_picture_itself_are_left_out() -> None:
    image = picture()
    image[:40] = image[-40:] = 0
    (look,) = looks_at(image).take_out()
    flat = np.abs(look.ends[:, 0, 1] - look.ends[:, 1, 1]) < 1
    long = np.abs(look.ends[:, 0, 0] - look.ends[:, 1, 0]) > 0.8 * WIDTH
    assert not (flat & long).any()


def test_between_bars_the_same_edges_are_found_as_without() -> None:
    (plain,) = looks_at(picture(), [380, 100, 200, 170]).take_out()
    for black in (0, 16):
        framed = cv2.copyMakeBorder(
            picture(), 300, 300, 0, 0, cv2.BORDER_CONSTANT, value=[black] * 3
        )
        (look,) = looks_at(framed, [380, 400, 200, 400]).take_out()
        assert look.shown == (0, 300, WIDTH, 300 + HEIGHT)
        np.testing.assert_allclose(look.ends - [0, 300], plain.ends, atol=0.1)
    assert plain.shown == (0, 0, WIDTH, HEIGHT)


def test_a_new_shot_is_looked_at_as_a_clip_that_begins() -> None:
    lines, image = LineSegments(), picture()
    for index in range(120):
        lines.update(Frame(index / 10, image), [], anew=index == 90)
    after = [look.time - 9.0 for look in lines.take_out() if look.time >= 9.0]
    np.testing.assert_allclose(after, np.arange(6) / 2, atol=0.06)


def test_few_pictures_are_looked_at_however_long_a_clip_is() -> None:
    lines = looks_at(picture(), seconds=120)
    looks = lines.take_out()
    assert 20 < len(looks) < 40
    gaps = np.diff([look.time for look in looks])
    assert gaps.min() > 0.45 and gaps.max() < 20
    assert looks[-1].time > 100
    assert lines.take_out() == []


def test_who_goes_on_later_looks_at_the_same_pictures() -> None:
    whole = [look.time for look in looks_at(picture(), seconds=60).take_out()]
    for known in (3, 9, 14):
        later = LineSegments(until=whole[known - 1])
        for time in np.arange(whole[known - 1] - 0.3, 60 + 1e-9, 0.1):
            later.update(Frame(float(time), picture()), [])
        np.testing.assert_allclose(
            [look.time for look in later.take_out()], whole[known:], atol=0.06
        )

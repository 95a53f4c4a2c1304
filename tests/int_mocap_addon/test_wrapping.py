"""Texts fit the width that they have, and nothing of them is lost."""

import pytest

from int_mocap_addon.wrapping import wrapped

SENTENCE = (
    "There is no Python at /home/somebody/with/a/very/long/path/to/an/environment/bin/python: "
    "correct Engine Python in the add-on's preferences."
)


def _measure(text: str) -> float:
    return sum(4.0 if letter in "il. " else 9.0 for letter in text)


@pytest.mark.parametrize("width", [60, 120, 195, 400, 2000])
def test_every_line_fits_and_nothing_is_lost(width: float):
    lines = wrapped(SENTENCE, width, _measure)
    assert all(_measure(line) <= width for line in lines)
    assert "".join(lines).replace(" ", "") == SENTENCE.replace(" ", "")
    assert all(line == line.strip() and line for line in lines)


def test_a_line_is_not_left_before_it_is_full():
    lines = wrapped(SENTENCE, 195, _measure)
    for line, following in zip(lines[:-1], lines[1:], strict=True):
        first = following.split()[0]
        assert _measure(f"{line} {first}") > 195


def test_a_width_that_holds_no_letter_ends():
    assert "".join(wrapped("ab cd", 1, _measure)).replace(" ", "") == "abcd"


def test_nothing_is_one_empty_line():
    assert wrapped("", 100, _measure) == [""]

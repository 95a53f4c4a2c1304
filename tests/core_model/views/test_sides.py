"""Left and right are put where two views agree in space."""

from dataclasses import replace

import numpy as np
import pytest

from core_model.body.skeleton import MIRROR
from core_model.lifting.figure import Figure
from core_model.views.sides import exchanged_together, mirrored_landmarks
from tests.core_model.views.filming import BODY, around, at_origin, filmed
from train.places import RENDERED_FOLDER

PUNCH = at_origin(RENDERED_FOLDER / "punch_01.npz")
_ACROSS = np.diag([1.0, 1.0, -1.0])
"""What a figure with exchanged sides is about: the same picture, mirrored in depth."""


def _mirrored(figure: Figure) -> Figure:
    """Return what a network makes of somebody whose sides were exchanged: front is back."""
    in_body = np.diag([-1.0, 1.0, 1.0])
    rotations = in_body @ figure.rotations[:, list(MIRROR)] @ in_body
    rotations[:, 0] = _ACROSS @ figure.rotations[:, 0] @ in_body
    landmarks = mirrored_landmarks(figure.landmarks)
    return replace(figure, rotations=rotations, landmarks=landmarks)


def _both(
    angle: float, wrong: np.ndarray | None = None
) -> tuple[tuple[Figure, Figure], np.ndarray]:
    clip = filmed([PUNCH], around(angle), blur=0.08, seed=int(angle))
    right = clip.figures[0]
    other = _mirrored(right)
    if wrong is not None:
        rows = wrong[:, None, None, None]
        labelled = np.where(rows, other.rotations, right.rotations)
        relabelled = np.where(rows, right.rotations, other.rotations)
        right, other = (replace(right, rotations=each) for each in (labelled, relabelled))
    return (right, other), clip.own_times(right)


@pytest.mark.parametrize(
    "wrong", [(False, False), (True, False), (False, True), (True, True)], ids=str
)
def test_sides_that_are_exchanged_throughout_are_found(wrong: tuple[bool, bool]) -> None:
    every = np.ones(len(PUNCH), bool)
    a, times_a = _both(0, every & wrong[0])
    b, times_b = _both(80, every & wrong[1])
    found = exchanged_together(a, b, times_a, times_b, BODY)
    assert (found[0] == wrong[0]).all() and (found[1] == wrong[1]).all()


def test_sides_that_are_exchanged_for_a_while_are_found() -> None:
    wrong = np.zeros(len(PUNCH), bool)
    wrong[30:60] = True
    a, times_a = _both(0)
    b, times_b = _both(100, wrong)
    found = exchanged_together(a, b, times_a, times_b, BODY)
    assert not found[0].any()
    assert (found[1] != wrong).sum() <= 6


def test_clips_that_hardly_overlap_tell_nothing() -> None:
    a, times = _both(0)
    b, _ = _both(90)
    found = exchanged_together(a, b, times, times + times[-1] - 0.05, BODY)
    assert not found[0].any() and not found[1].any()

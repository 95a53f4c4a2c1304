"""Who of those that were captured are people: shapes that fool the detector fit no body."""

from collections.abc import Sequence

import numpy as np

_JUNK = 0.16
"""Mean confidence below which something is no person: of 31 unseen clips the weakest real person
had 0.19, and what was none 0.05 to 0.13. In a street people of 55 pixels have 0.01 to 0.25."""

_SURELY = 0.95
"""Score of the detector from which on it is a person, however little can be told of the pose: real
people of 55 pixels and more reach 0.96 to 0.99, letters and cartoons 0.88 to 0.93."""

_TINY = 40.0  # pixels: whose limbs are that small are lifted badly


def hardly_people(
    confidences: Sequence[np.ndarray],
    seen: Sequence[np.ndarray],
    scores: Sequence[float],
    wished: bool,
    before: int = 0,
) -> tuple[list[bool], list[str]]:
    """Tell who can hardly be a person.

    Parameters
    ----------
    confidences : sequence of (F, J)
        How sure each joint of each of them is, or all of them on average.
    seen : sequence of (F,) bool
        Frames in which each was seen.
    scores : sequence of float
        How sure the detector was of each at best.
    wished : bool
        Whether the user named those who are captured: then nobody is left out.
    before : int
        People of earlier shots, whose numbers come first.

    Returns
    -------
    left_out : list of bool
        Never all of them.
    warnings : list of str
        What the user should know, in sentences.
    """
    sure = [
        float(each[frames].mean()) if frames.any() else 0.0
        for each, frames in zip(confidences, seen, strict=True)
    ]
    vague = [value < _JUNK for value in sure]
    junk = [each and score < _SURELY for each, score in zip(vague, scores, strict=True)]
    left_out = [each and not wished and not all(junk) for each in junk]
    stay = [index for index, gone in enumerate(left_out) if not gone]
    warnings = [
        f"Person {number} may be nobody: the capture is only {sure[index]:.0%} sure of what it saw."
        if junk[index]
        else f"Person {number} is seen too badly to tell the pose: expect little of this capture."
        for number, index in enumerate(stay, before + 1)
        if vague[index]
    ]
    count = sum(left_out)
    if count:
        what = (
            "A shape that was taken for a person was"
            if count == 1
            else (f"{count} shapes that were taken for people were")
        )
        warnings.append(f"{what} left out. Choose people yourself to capture them all the same.")
    return left_out, warnings


def tiny_people(heights: Sequence[float], before: int = 0) -> list[str]:
    """Return a warning for everybody who is so many pixels tall and too small.

    The numbers of people of earlier shots, so many, come before theirs.
    """
    return [
        f"Person {number} is only {height:.0f} pixels tall: expect little of such a capture."
        for number, height in enumerate(heights, before + 1)
        if height < _TINY
    ]

"""Who of those that were captured are people: shapes that fool the detector fit no body."""

from collections.abc import Sequence

import numpy as np

_JUNK = 0.16
"""Mean confidence below which something is no person: of 31 unseen clips the weakest real person
had 0.19, and what was none 0.05 to 0.13."""

_TINY = 40.0  # pixels: whose limbs are that small are lifted badly


def hardly_people(
    confidences: Sequence[np.ndarray], seen: Sequence[np.ndarray], wished: bool
) -> tuple[list[bool], list[str]]:
    """Tell who can hardly be a person.

    Parameters
    ----------
    confidences : sequence of (F, J)
        How sure each joint of each of them is, or all of them on average.
    seen : sequence of (F,) bool
        Frames in which each was seen.
    wished : bool
        Whether the user named those who are captured: then nobody is left out.

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
    junk = [value < _JUNK for value in sure]
    left_out = [each and not wished and not all(junk) for each in junk]
    warnings = [
        f"Person {number} may be nobody: the capture is only {value:.0%} sure of what it saw."
        for number, (value, is_junk, gone) in enumerate(zip(sure, junk, left_out, strict=True), 1)
        if is_junk and not gone
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


def tiny_people(heights: Sequence[float]) -> list[str]:
    """Return a warning for everybody who is so many pixels tall and too small."""
    return [
        f"Person {number} is only {height:.0f} pixels tall: expect little of such a capture."
        for number, height in enumerate(heights, 1)
        if height < _TINY
    ]

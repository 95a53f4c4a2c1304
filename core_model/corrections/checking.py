"""Whether corrections fit the takes that they speak of, before anything is solved."""

from itertools import pairwise

import numpy as np

from core_model.body.landmarks import LANDMARK_NAMES
from core_model.body.skeleton import JOINT_NAMES
from core_model.corrections.records import (
    Corrections,
    HiddenLandmark,
    MovedLandmark,
    RotationPin,
)
from core_model.errors import CorrectionError
from core_model.take import Take

_OUTSIDE = 0.5  # of the picture's size: limbs may be just beyond its edge


def check_people(corrections: Corrections, count: int) -> None:
    """Refuse what speaks of somebody who is not there.

    Parameters
    ----------
    corrections : Corrections
    count : int
        Number of takes.

    Raises
    ------
    CorrectionError
    """
    there = "is only one take" if count == 1 else f"are only {count} takes"
    for number in sorted(corrections.people):
        if number > count:
            raise CorrectionError(f"Something is corrected of person {number}, but there {there}.")
    if len(corrections.dropped) >= count:
        raise CorrectionError("Nobody would be left: keep at least one person.")


def check_times(corrections: Corrections, person: int, take: Take) -> None:
    """Refuse what one take has no frame for, and what cannot all be true.

    Parameters
    ----------
    corrections : Corrections
        Of one person, after people were exchanged.
    person : int
        For the sentences.
    take : Take

    Raises
    ------
    CorrectionError
    """
    _check_pins(corrections, person, take)
    for said in corrections.landmarks:
        name = LANDMARK_NAMES[said.landmark].replace("_", " ")
        if isinstance(said, HiddenLandmark):
            _check_span(said.start, said.end, person, take)
            continue
        frame_at(said.time, person, take)
        _check_in_picture(said, name, take)
    spans = [(each.start, each.end) for each in corrections.swaps]
    spans += [(each.start, each.end) for each in corrections.fills]
    spans += [(each.start, each.end) for each in corrections.contacts]
    for start, end in spans:
        _check_span(start, end, person, take)
    _check_contacts(corrections, person)


def frame_at(time: float, person: int, take: Take) -> int:
    """Return the frame of a take at a time, seconds.

    Raises
    ------
    CorrectionError
        When it has none within half a frame.
    """
    frame = int(np.abs(take.times - time).argmin())
    if abs(take.times[frame] - time) > 0.51 / take.frame_rate:
        raise CorrectionError(
            f"Something is corrected of person {person} at {time:.2f} s, where the take has no "
            f"frame: it goes from {take.times[0]:.2f} s to {take.times[-1]:.2f} s. Was it made for "
            "another take?"
        )
    return frame


def _check_pins(corrections: Corrections, person: int, take: Take) -> None:
    taken = set()
    for pin in corrections.pins:
        what = "turned" if isinstance(pin, RotationPin) else "placed"
        key = (what, frame_at(pin.time, person, take), pin.joint)
        if key in taken:
            raise CorrectionError(
                f"The {JOINT_NAMES[pin.joint].replace('_', ' ')} of person {person} is {what} in "
                f"two ways at {pin.time:.2f} s: delete one of the two pins."
            )
        taken.add(key)


def _check_contacts(corrections: Corrections, person: int) -> None:
    ordered = sorted(corrections.contacts, key=lambda each: (each.limb, each.start))
    for one, other in pairwise(ordered):
        if one.limb == other.limb and other.start <= one.end:
            raise CorrectionError(
                f"Two things are said of what the {one.limb.replace('_', ' ')} of person {person} "
                f"touches at {other.start:.2f} s: delete one of the two, or end it before."
            )


def _check_span(start: float, end: float, person: int, take: Take) -> None:
    if not ((take.times >= start - 1e-6) & (take.times <= end + 1e-6)).any():
        raise CorrectionError(
            f"Something is corrected of person {person} from {start:.2f} s to {end:.2f} s, where "
            f"the take has no frame: it goes from {take.times[0]:.2f} s to {take.times[-1]:.2f} s."
        )


def _check_in_picture(said: MovedLandmark, name: str, take: Take) -> None:
    if take.camera is None:
        return
    size = np.asarray(take.camera.size, float)
    if (said.at < -_OUTSIDE * size).any() or (said.at > (1 + _OUTSIDE) * size).any():
        raise CorrectionError(
            f"The {name} at {said.time:.2f} s was put far outside the picture, at "
            f"{said.at[0]:.0f}, {said.at[1]:.0f} of {size[0]:.0f} x {size[1]:.0f} pixels: mark it "
            "as hidden instead."
        )

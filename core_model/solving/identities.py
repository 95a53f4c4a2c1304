"""Two people who were taken for each other from a moment on."""

from dataclasses import replace
from typing import Any

import numpy as np

from core_model.body.model import Body
from core_model.errors import CorrectionError
from core_model.take import Take

_SAME = 1e-4  # seconds
_APART, _FASTEST = (
    0.4,
    3.0,
)  # metres, and metres per second: nobody goes further from one picture on
_BY_FRAME = (
    *("poses", "trans", "times", "confidence", "keypoints2d", "bbox", "frame_valid"),
    "confidence_hands",
)
_IF_CAMERA_MOVED = ("camera_turns", "camera_zoom")


def exchanged(first: Take, second: Take, time: float, body: Body) -> tuple[Take, Take]:
    """Return two takes that go on as each other from a time on, each with its own shape.

    Frames in which then nobody was followed repeat the nearest pose and are marked as not seen.

    Parameters
    ----------
    first, second : Take
        Of one clip.
    time : float
        Seconds.
    body : Body
        That they were captured with.

    Raises
    ------
    CorrectionError
        When nothing would be left of one of them.
    """
    return _joined(first, second, time, body), _joined(second, first, time, body)


def cuts_of(take: Take) -> list[int]:
    """Return the frames at which somebody goes on elsewhere as another, in their order."""
    told = take.source.get("cuts")
    times = [each for each in told if type(each) in (int, float)] if isinstance(told, list) else []
    rows = {int(np.searchsorted(take.times, each - _SAME)) for each in times}
    return sorted(row for row in rows if 0 < row < len(take))


def rows_of(take: Take, rows: np.ndarray) -> Take:
    """Return some frames (n,) of a take."""
    changed: dict[str, Any] = {**_frames(take, rows, take.poses_hands is not None)}
    return replace(take, **changed)


def end_to_end(takes: list[Take]) -> Take:
    """Return a take of the frames of some parts of one, that follow each other."""
    hands = takes[0].poses_hands is not None
    pieces = [_frames(take, np.arange(len(take)), hands) for take in takes]
    whole: dict[str, Any] = {
        name: np.concatenate([each[name] for each in pieces]) for name in pieces[0]
    }
    return replace(takes[0], **whole)


def _joined(before: Take, after: Take, time: float, body: Body) -> Take:
    early = np.flatnonzero(before.times < time - _SAME)
    late = np.flatnonzero(after.times >= time - _SAME)
    if not before.frame_valid[early].any() and not after.frame_valid[late].any():
        raise CorrectionError(
            f"Nobody would be left of one of the two who are exchanged at {time:.2f} s."
        )
    hands = before.poses_hands is not None or after.poses_hands is not None
    pieces = [_frames(before, early, hands), _frames(after, late, hands)]
    pieces[1]["trans"] += body.rest_joints(after.betas)[0] - body.rest_joints(before.betas)[0]
    if len(early) and len(late):
        pauses = _between(before.times[early[-1]], after.times[late[0]], before, after)
        missed = _frames(before, np.full(len(pauses), early[-1]), hands)
        missed["times"], missed["frame_valid"] = pauses, np.zeros(len(pauses), bool)
        missed["confidence"][:], missed["confidence_hands"][:] = 0.0, 0.0
        pieces.insert(1, missed)
    whole: dict[str, Any] = {
        name: np.concatenate([piece[name] for piece in pieces]) for name in pieces[0]
    }
    joined = replace(before, **whole)
    if len(early) and len(late):
        begins = float(after.times[late[0]])
        away = np.linalg.norm(pieces[-1]["trans"][0] - pieces[0]["trans"][-1])
        known = before.source.get("cuts")
        cuts = [each for each in known if each != begins] if isinstance(known, list) else []
        if away > _APART + _FASTEST * (begins - float(before.times[early[-1]])):
            cuts.append(begins)
        joined.source = before.source | {"cuts": cuts}
    return joined


def _frames(take: Take, rows: np.ndarray, hands: bool) -> dict[str, np.ndarray]:
    """Return what a take knows of some of its frames (n,), with hands at rest if it has none."""
    found = {name: getattr(take, name)[rows].copy() for name in _BY_FRAME}
    for name in _IF_CAMERA_MOVED:
        if np.size(getattr(take, name)):
            found[name] = getattr(take, name)[rows]
    if hands:
        known = take.poses_hands
        found["poses_hands"] = np.zeros((len(rows), 90)) if known is None else known[rows]
    return found


def _between(start: float, end: float, *takes: Take) -> np.ndarray:
    """Return the times of the clip's frames between two, as far as the takes know, seconds."""
    known = np.unique(np.concatenate([take.times for take in takes]).round(6))
    between = known[(known > start + _SAME) & (known < end - _SAME)]
    if len(between):
        return between
    count = max(0, round((end - start) * takes[0].frame_rate) - 1)
    return np.linspace(start, end, count + 2)[1:-1]

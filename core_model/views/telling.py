"""Who tells where the cameras stood: those about whose place the clips agree."""

from collections.abc import Sequence

import numpy as np

from core_model.body.model import Body
from core_model.fit.placed_camera import PlacedCamera
from core_model.lifting.figure import Figure
from core_model.views.clips import ClipMotion, interpolated, joints_of

_AGREE = 0.15  # metres by which clips may differ about where somebody is
_TIMES = 1.6  # or so many times what they differ by about whoever they agree on best


def telling(
    people: Sequence[dict[int, int]],
    clips: Sequence[ClipMotion],
    cameras: Sequence[PlacedCamera],
    body: Body,
) -> list[int]:
    """Return those about whose place the clips agree: others tell nothing of the cameras.

    Parameters
    ----------
    people : sequence of dict of int to int
        Of everybody: which figure they are in which clip; two at least.
    clips : sequence of ClipMotion
    cameras : sequence of PlacedCamera
        As they are thought to stand.
    body : Body
    """
    apart = []
    for person in people:
        seen = [
            _in_first_space(clips[clip], clips[clip].figures[figure], cameras[clip], body)
            for clip, figure in person.items()
        ]
        (times, joints), *others = seen
        missed = [
            np.linalg.norm(interpolated(moments, times, joints) - own, axis=-1)[
                (moments >= times[0]) & (moments <= times[-1])
            ]
            for moments, own in others
        ]
        apart.append(float(np.median(np.concatenate(missed))) if any(map(len, missed)) else np.inf)
    most = max(_AGREE, _TIMES * min(apart, default=0.0))
    return [number for number, each in enumerate(apart) if each <= most]


def _in_first_space(
    clip: ClipMotion, figure: Figure, placed: PlacedCamera, body: Body
) -> tuple[np.ndarray, np.ndarray]:
    """Return when somebody was seen, (N,), and their joints (N, 24, 3) in the first space."""
    times = placed.on_first_clock(clip.own_times(figure))[figure.seen]
    return times, placed.to_first(joints_of(figure, body)[figure.seen])

"""A take in which somebody goes on elsewhere as another: each stretch is solved by itself."""

from collections.abc import Callable

import numpy as np
import torch

from core_model.body.model import Body
from core_model.corrections.records import Corrections
from core_model.engine.side_by_side import Share, untold
from core_model.solving.identities import cuts_of, end_to_end, rows_of
from core_model.solving.sides import Lift
from core_model.solving.solve import solve
from core_model.take import Take

_SHORTEST = 6  # frames: what is shorter is left as it was captured


def solve_stretches(
    take: Take,
    corrections: Corrections,
    body: Body,
    lift: Lift,
    device: torch.device,
    progress: Share = untold,
    warn: Callable[[str], None] = lambda sentence: None,
    anew: np.ndarray | None = None,
) -> Take:
    """Return a take that was solved as `solve` does, without a glide from one place to another.

    The parameters are those of `core_model.solving.solve.solve`.
    """
    stretches = np.split(np.arange(len(take)), cuts_of(take))
    if len(stretches) == 1:
        return solve(take, corrections, body, lift, device, progress, warn, anew)
    solved = []
    for number, rows in enumerate(stretches):
        part = rows_of(take, rows)
        own = corrections.between(float(part.times[0]), float(part.times[-1]))
        changed = np.zeros(len(rows), bool) if anew is None else anew[rows]
        if len(rows) >= _SHORTEST and part.frame_valid.any() and (own or changed.any()):
            told = _share_of(progress, number, len(stretches))
            part = solve(part, own, body, lift, device, told, warn, changed)
        solved.append(part)
    return end_to_end(solved)


def _share_of(progress: Share, number: int, count: int) -> Share:
    """Return what is told the share of one of so many parts."""
    return lambda share: progress((number + share) / count)

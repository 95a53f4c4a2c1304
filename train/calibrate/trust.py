"""Whether visibility tells how well landmarks are found: `python -m train.calibrate.trust`.

Errors of landmarks are those of two kinds: found ones are off by a little, lost ones may be
anywhere. Visibility ought to be the chance of the first. How it does is found by maximum
likelihood: by which slope and offset its logit would have to be changed.
"""

import argparse
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from scipy.optimize import minimize
from scipy.special import expit, logit

from core_model.detection.qualities import MODELS
from core_model.engine.command_line import command
from train.calibrate.landmark_noise import detected

_SUREST = 6.0  # logits further from 0 all mean the same


class Trust(NamedTuple):
    """How visibility and errors go together.

    Attributes
    ----------
    slope, offset : float
        1 and 0 where visibility is the chance that a landmark is found.
    found, lost : float
        Standard deviations of the errors of both kinds, in x or y.
    """

    slope: float
    offset: float
    found: float
    lost: float


def trust_of(errors: np.ndarray, visibility: np.ndarray) -> Trust:
    """Compare visibility with the errors of the same landmarks.

    Parameters
    ----------
    errors : (N, 2)
        In parts of the figure's spread.
    visibility : (N,)
        0 to 1.
    """
    squares = np.square(errors).sum(-1)
    told = np.clip(logit(np.clip(visibility, 1e-7, 1 - 1e-7)), -_SUREST, _SUREST)

    def density(size: float) -> np.ndarray:
        return np.asarray(np.exp(-squares / (2 * size**2)) / size**2)

    def unlikely(values: np.ndarray) -> float:
        (slope, offset), (found, lost) = values[:2], np.exp(values[2:])
        share = expit(slope * told + offset)
        every = share * density(found) + (1 - share) * density(lost)
        return float(-np.log(every + 1e-12).mean())

    first = [1.0, 0.0, np.log(0.03), np.log(0.3)]
    best = minimize(unlikely, first, method="Nelder-Mead", options={"maxiter": 4000}).x
    (slope, offset), (found, lost) = best[:2], np.exp(best[2:])
    return Trust(float(slope), float(offset), float(found), float(lost))


@command("python -m train.calibrate.trust")
def main(arguments: Sequence[str] | None = None) -> int:
    """Measure on the rendered clips and the demo, for both landmark networks."""
    argparse.ArgumentParser(
        prog="python -m train.calibrate.trust",
        description="Measure on the rendered clips and the demo whether the visibility of "
        "landmarks is the chance that they are found: slope 1 and offset 0 where it is. The "
        "numbers to change are in core_model/detection/landmarker.py.",
    ).parse_args(arguments)
    print(f"{'quality':10}" + "".join(f"{name:>10}" for name in Trust._fields))
    for quality in MODELS:
        windows = list(detected(quality))
        errors = np.concatenate([error.reshape(-1, 2) for error, _ in windows])
        visibility = np.concatenate([sight.reshape(-1) for _, sight in windows])
        print(f"{quality:10}" + "".join(f"{each:10.3f}" for each in trust_of(errors, visibility)))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

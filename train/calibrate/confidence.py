"""Find the coefficients of `core_model.fit.confidence`: `python -m train.calibrate`.

Logistic regression on the demo and the rendered clips; the second rendered set and the real clips
of `pose2sim` tell what it is worth on what it has not seen.
"""

import argparse
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from core_model.engine.command_line import a_path, command
from core_model.fit.confidence import FEATURES, NEAR
from core_model.network.checkpoints import DEFAULT_WEIGHTS_PATH
from train.evaluate.benchmarks import demo_clip, pose2sim_clips, rendered_clips
from train.evaluate.confidence_curve import confidence_table, judge, together
from train.evaluate.shared_options import add_weights
from train.places import DEFAULT_DATA, WITHHELD_FOLDER

_HELD = {"missed": -1.0}
"""Coefficients that are not looked for: how far all landmarks are missed tells more than how far
one joint's are, but a limb that alone is off must not pass for sure. It costs 0.001 of the loss."""

_RIDGE = 1.0
_ROUNDS = 30


@command("python -m train.calibrate")
def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code."""
    parser = argparse.ArgumentParser(prog="python -m train.calibrate", description=__doc__)
    add_weights(parser)
    parser.add_argument("--data", type=a_path, default=DEFAULT_DATA, help="data folder")
    options = parser.parse_args(arguments)
    weights = options.weights or DEFAULT_WEIGHTS_PATH
    rendered = rendered_clips()
    fitted_on = together(judge([demo_clip(), *rendered], weights))
    others = together(judge(rendered_clips(WITHHELD_FOLDER), weights))
    real = together(judge(pose2sim_clips(options.data), weights))
    held = {FEATURES.index(name): value for name, value in _HELD.items()}
    coefficients = np.round(logistic(fitted_on.features, fitted_on.errors < NEAR, held), 2)
    print(f"COEFFICIENTS = {tuple(coefficients.tolist())}  # {', '.join(FEATURES)}")
    named = {
        "fitted on": fitted_on,
        "withheld, not fitted on": others,
        "pose2sim, not fitted on": real,
    }
    for name, found in named.items():
        sure = 1 / (1 + np.exp(-found.features @ coefficients))
        print(f"\n{name}\n{confidence_table(replace(found, confidence=sure))}")
    return 0


def logistic(
    features: np.ndarray, near: np.ndarray, held: Mapping[int, float] | None = None
) -> np.ndarray:
    """Fit a logistic regression by Newton's method, with a small ridge.

    Parameters
    ----------
    features : (N, F)
    near : (N,) bool
    held : mapping of int to float, optional
        Coefficients that are known, by the feature's number.

    Returns
    -------
    (F,)
    """
    weights = np.zeros(features.shape[1])
    for feature, value in (held or {}).items():
        weights[feature] = value
    free = np.array([feature not in (held or {}) for feature in range(len(weights))])
    for _ in range(_ROUNDS):
        chance = 1 / (1 + np.exp(-features @ weights))
        slope = (features.T @ (near - chance) - _RIDGE * weights)[free]
        weighed = features[:, free] * (chance * (1 - chance))[:, None]
        curvature = weighed.T @ features[:, free] + _RIDGE * np.eye(int(free.sum()))
        weights[free] += np.linalg.solve(curvature, slope)
    return weights

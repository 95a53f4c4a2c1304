"""The calibration finds what is there, and its table says what the doubtful joints hold."""

import numpy as np

from core_model.take import Take
from train.calibrate.confidence import logistic
from train.evaluate.benchmarks import demo_clip
from train.evaluate.confidence_curve import (
    Judged,
    confidence_table,
    doubtful_line,
    judged,
    together,
)
from train.places import DEMO_FOLDER


def test_known_coefficients_are_found_again() -> None:
    rng = np.random.default_rng(0)
    features = np.concatenate((np.ones((20000, 1)), rng.uniform(0, 1, (20000, 2))), axis=1)
    coefficients = np.array([1.5, -3.0, -0.5])
    near = rng.uniform(size=20000) < 1 / (1 + np.exp(-features @ coefficients))
    np.testing.assert_allclose(logistic(features, near), coefficients, atol=0.15)


def test_the_table_counts_large_errors_among_the_doubtful() -> None:
    errors = np.array([0.01, 0.02, 0.2, 0.3, 0.15, 0.03])
    confidence = np.array([0.9, 0.4, 0.1, 0.2, 0.9, 0.7])
    line = doubtful_line(Judged(errors, confidence, np.zeros((6, 4))))
    assert "50% of the joints, with 67% of the errors" in line
    assert (
        len(confidence_table(Judged(errors, confidence, np.zeros((6, 4)))).splitlines())
        == 1 + 5 + 1
    )


def test_the_truth_has_no_error_and_a_turned_elbow_has_one_at_its_ends() -> None:
    clip, take = demo_clip(), Take.load(DEMO_FOLDER / "demo_truth.npz")
    assert judged(clip, take).errors.max() < 1e-6
    take.poses[:, 54:57] += [0.0, 0.5, 0.0]
    off = judged(clip, take).errors.reshape(len(take), 24)
    wrong = (off.mean(axis=0) > 0.05).nonzero()[0]
    assert {18, 20, 22} <= set(wrong.tolist())
    assert off[:, [0, 1, 2, 4, 5, 7, 8]].mean() < 0.03
    both = together([judged(clip, take), judged(clip, take)])
    assert len(both.errors) == 2 * 24 * len(take) == len(both.features)

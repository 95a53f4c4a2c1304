"""The sizes of errors by which detectors and made-up noise are compared."""

import numpy as np
import pytest

from train.calibrate.landmark_noise import errors_of, made_up, sizes_of
from train.synthetic.landmark_noise import NoiseConfig


def test_errors_are_parts_of_the_figures_spread():
    random = np.random.default_rng(0)
    true = random.normal(size=(4, 33, 2))
    spread = np.sqrt(np.square(true - true.mean(1, keepdims=True)).sum(-1).mean(-1))
    seen = true + np.array([0.1, 0.0]) * spread[:, None, None]
    assert np.allclose(errors_of(seen, true), [0.1, 0.0])
    assert np.allclose(errors_of(100 * seen + 7, 100 * true + 7), [0.1, 0.0]), "in any unit"


def test_what_trembles_wanders_and_stays_is_told_apart():
    random = np.random.default_rng(0)
    sight = np.full((32, 33), 0.95)

    def measured(tremble: float, wander: float, stay: float) -> dict[str, float]:
        moments = np.linspace(0, 2 * np.pi, 32)[:, None, None]
        windows = [
            (
                tremble * random.normal(size=(32, 33, 2))
                + wander * np.sqrt(2) * np.sin(moments + random.uniform(0, 6, (1, 33, 2)))
                + stay * random.normal(size=(1, 33, 2)),
                sight,
            )
            for _ in range(60)
        ]
        return sizes_of(windows)

    assert measured(0.01, 0.0, 0.0)["every frame"] == pytest.approx(0.01, rel=0.1)
    steady = measured(0.0, 0.05, 0.0)
    assert steady["every frame"] < 0.003 and steady["wanders"] == pytest.approx(
        1.48 * 0.05, rel=0.1
    )
    still = measured(0.0, 0.0, 0.05)
    assert still["stays"] == pytest.approx(0.05, rel=0.1) and still["wanders"] < 1e-6


def test_training_is_as_noisy_as_the_heavier_landmark_network():
    found = sizes_of(made_up(NoiseConfig(), 200))
    # Measured on the rendered clips by the command of this module.
    assert found["seen, median"] == pytest.approx(0.0292, rel=0.25)
    assert found["seen, 95 %"] == pytest.approx(0.0898, rel=0.35)
    assert found["every frame"] == pytest.approx(0.0043, rel=0.35)
    assert found["stays"] == pytest.approx(0.0224, rel=0.25)
    assert found["wanders"] == pytest.approx(0.0102, rel=0.25)
    # What is believed in less is off by more.
    by_sight = [found[f"root mean square at visibility {low}"] for low in (0.7, 0.4, 0.1)]
    assert max(by_sight[:2]) < 0.25 and by_sight[2] > 0.3

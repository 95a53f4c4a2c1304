"""What is said of visibility and errors is what they were made with."""

import numpy as np
import pytest
from scipy.special import expit

from train.calibrate.trust import trust_of


@pytest.mark.parametrize(("slope", "offset"), [(1.0, 0.0), (0.5, -1.0)])
def test_the_chance_that_a_landmark_is_found_is_read_from_errors(slope, offset):
    rng = np.random.default_rng(0)
    told = rng.uniform(-5, 5, 20000)
    found = rng.random(20000) < expit(slope * told + offset)
    errors = rng.normal(size=(20000, 2)) * np.where(found, 0.03, 0.4)[:, None]
    trust = trust_of(errors, expit(told))
    assert trust.slope == pytest.approx(slope, rel=0.1)
    assert trust.offset == pytest.approx(offset, abs=0.15)
    assert trust.found == pytest.approx(0.03, rel=0.05)
    assert trust.lost == pytest.approx(0.4, rel=0.05)

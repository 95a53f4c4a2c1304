"""What is known of several clips is brought onto one clock, in memory that grows with them only."""

import tracemalloc

import numpy as np

from core_model.views.clips import nearest


def test_the_nearest_moment_is_found_with_little_memory():
    random = np.random.default_rng(0)
    times = np.sort(random.uniform(-5, 305, 9000).round(2))
    own = np.unique(random.uniform(0, 300, 8000).round(2))
    tracemalloc.start()
    found = nearest(times, own)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 20 * times.nbytes, "every time was compared with every moment"
    some = slice(None, None, 9)
    np.testing.assert_array_equal(found[some], np.abs(times[some, None] - own[None]).argmin(axis=1))


def test_a_single_moment_is_the_nearest_of_all():
    np.testing.assert_array_equal(nearest(np.array([0.0, 1.0, 2.0]), np.array([1.5])), [0, 0, 0])

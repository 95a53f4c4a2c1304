"""One motion becomes another without throwing what is far apart in the two."""

import numpy as np

from bake.retarget.solving.fading import AROUND, fade_shares

COUNT = 20
TIMES = np.arange(COUNT + 2 * AROUND)


def mixed(one, other, shares):
    whole = np.concatenate((np.zeros(AROUND), shares, np.ones(AROUND)))[:, None, None]
    return (1 - whole) * one + whole * other


def bends(places):
    return np.linalg.norm(np.diff(places, n=2, axis=0), axis=-1).max()


def test_what_rests_in_both_sets_off_and_arrives_softly():
    one = np.zeros((len(TIMES), 1, 3))
    other = one + [1.0, 0, 0]
    shares = fade_shares(one, other)
    even = (np.arange(COUNT) + 1) / (COUNT + 1)
    assert np.all(np.diff(shares) >= 0)
    assert bends(mixed(one, other, shares)) < 0.6 * bends(mixed(one, other, even))


def test_it_goes_over_where_limbs_are_slow():
    """A hand that is a metre away in the other motion, and flies towards it only at first."""
    one = np.zeros((len(TIMES), 1, 3))
    one[:, 0, 0] = np.minimum(0.05 * TIMES, 0.5)
    other = one + [1.0, 0, 0]
    shares = fade_shares(one, other)
    even = (np.arange(COUNT) + 1) / (COUNT + 1)
    longest = [
        np.linalg.norm(np.diff(mixed(one, other, each), axis=0), axis=-1).max()
        for each in (shares, even)
    ]
    assert longest[0] < 0.9 * longest[1]
    assert shares[COUNT // 2] < 0.45


def test_motions_that_are_the_same_fade_into_each_other_all_the_same():
    same = np.random.default_rng(3).normal(size=(AROUND + 4 + AROUND, 2, 3))
    shares = fade_shares(same, same)
    assert shares.shape == (4,) and np.isfinite(shares).all()

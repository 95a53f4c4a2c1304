"""Which sample comes when: an endless shuffled order that needs no memory of what was drawn.

Sample number k of a kind is the same whoever draws it. So several processes share an epoch without
speaking to each other, a run that was stopped goes on exactly, and processes may come and go.
"""

from functools import lru_cache

import numpy as np

KINDS = ("video_3d", "video_2d", "image")


class ShuffledOrder:
    """Each of `count` samples once in every pass, in an order that the seed and the pass decide."""

    def __init__(self, count: int, seed: int, kind: str) -> None:
        self.count = count
        self._key = (seed, KINDS.index(kind))

    def sample(self, number: int) -> int:
        """Return which sample is drawn as the `number`-th, from 0."""
        return int(_pass_order(self.count, *self._key, number // self.count)[number % self.count])

    def random(self, number: int) -> np.random.Generator:
        """Return the generator by which that sample is varied."""
        return np.random.default_rng((*self._key, 1, number))


@lru_cache(maxsize=6)
def _pass_order(count: int, seed: int, kind: int, number: int) -> np.ndarray:
    return np.random.default_rng((seed, kind, 0, number)).permutation(count)

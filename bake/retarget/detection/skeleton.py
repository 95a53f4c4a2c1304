"""The bones that detection looks at, as a tree of points."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from bake.retarget.detection.words import Reading, read_name
from bake.retarget.maps.bone_names import bare, without_running_numbers
from bake.retarget.rig import Rig

ROOT = -1
"""The parent of bones that hang on none."""

_RESAMPLED = 12
_NO_LENGTH = 1e-3
"""Of the size of a rig."""

_FEWEST_PARTS = 5
"""Parts of the body that names tell of, where they tell anything: those of rigs name 8 and more,
letters at random 3 at most."""

_FEWEST_SIDED = 0.4
"""Of all bones; two of three have a side, of letters at random one of five at most."""


@dataclass(frozen=True)
class Skeleton:
    """Some bones of a rig, or all; numbers of bones count them.

    Parameters
    ----------
    names : tuple of str
    parents : tuple of int
        `ROOT` for none; parents stand before children.
    heads, tails : (N, 3)
        At rest, world.
    """

    names: tuple[str, ...]
    parents: tuple[int, ...]
    heads: np.ndarray
    tails: np.ndarray

    def __len__(self) -> int:
        return len(self.names)

    @cached_property
    def size(self) -> float:
        """The longest side of the box around all heads, along their own axes."""
        around = self.heads - self.heads.mean(axis=0)
        return float(np.ptp(around @ np.linalg.svd(around, full_matrices=False)[2].T, axis=0).max())

    @cached_property
    def children(self) -> dict[int, tuple[int, ...]]:
        """Of each bone, and of `ROOT`."""
        found: dict[int, list[int]] = {bone: [] for bone in range(ROOT, len(self))}
        for bone, parent in enumerate(self.parents):
            found[parent].append(bone)
        return {bone: tuple(each) for bone, each in found.items()}

    @cached_property
    def readings(self) -> tuple[Reading, ...]:
        """What the names say; nothing where they only hit on words by chance."""
        plain = without_running_numbers(self.names)
        return _meant(tuple(read_name(bare(plain[name])) for name in self.names))

    @cached_property
    def _longest(self) -> list[tuple[float, int]]:
        """How far it is along the tree from each bone to its furthest end, and the child that way.

        Where there are several ways, one whose name says that it is no part of a limb is rarely
        taken.
        """
        found = [(0.0, ROOT)] * len(self)
        for bone in reversed(range(len(self))):
            ways = [
                (
                    float(np.linalg.norm(self.heads[child] - self.heads[bone])) + found[child][0],
                    child,
                )
                for child in self.children[bone]
            ]
            own = float(np.linalg.norm(self.tails[bone] - self.heads[bone]))
            found[bone] = max(
                ways,
                key=lambda way: way[0] * (0.3 if self.readings[way[1]].extra else 1.0),
                default=(min(own, 0.1 * self.size), ROOT),
            )
        return found

    def reach(self, bone: int) -> float:
        """Return how far it is along the tree from a bone to its furthest end."""
        return self._longest[bone][0]

    def chain(self, bone: int) -> list[int]:
        """Return the bones from one to its furthest end."""
        chain = [bone]
        while (child := self._longest[chain[-1]][1]) != ROOT:
            chain.append(child)
        return chain

    def path(self, chain: Sequence[int]) -> np.ndarray:
        """Return the heads of a chain and the tail of its last bone (C + 1, 3)."""
        last = self.heads[chain[-1]] + _capped(
            self.tails[chain[-1]] - self.heads[chain[-1]], 0.1 * self.size
        )
        return np.concatenate((self.heads[list(chain)], last[None]))

    def outline(self, bone: int, length: float = np.inf) -> np.ndarray:
        """Return points (12, 3) at even distances from a bone towards its furthest end.

        Parameters
        ----------
        bone : int
        length : float
            How far to go at most.
        """
        path = self.path(self.chain(bone))
        along = np.concatenate(([0.0], np.cumsum(np.linalg.norm(np.diff(path, axis=0), axis=1))))
        at = np.linspace(0, min(along[-1], length), _RESAMPLED)
        return np.stack([np.interp(at, along, path[:, axis]) for axis in range(3)], axis=1)

    def ancestors(self, bone: int) -> list[int]:
        """Return the bones above one, the nearest first."""
        found = []
        while (bone := self.parents[bone]) != ROOT:
            found.append(bone)
        return found

    def below(self, bone: int) -> list[int]:
        """Return the bones that hang on one, parents first."""
        found = list(self.children[bone])
        for each in found:
            found += self.children[each]
        return found


def whole_skeleton(rig: Rig) -> Skeleton:
    """Return all bones of a rig but those that end a chain, have no length and no telling name."""
    heads, tails = rig.world_heads(), rig.world_tails()
    lengths = np.linalg.norm(tails - heads, axis=1)
    shortest = _NO_LENGTH * float(np.ptp(heads, axis=0).max())
    carrying = set(rig.parents)
    kept = [
        place
        for place, bone in enumerate(rig.bones)
        if place in carrying or lengths[place] > shortest or read_name(bare(bone.name)).parts
    ]
    number = {place: index for index, place in enumerate(kept)}
    return Skeleton(
        tuple(rig.bones[place].name for place in kept),
        tuple(number.get(rig.bones[place].parent, ROOT) for place in kept),
        heads[kept],
        tails[kept],
    )


def _meant(readings: tuple[Reading, ...]) -> tuple[Reading, ...]:
    """Return readings without what is no more than chance."""
    if len({reading.parts[0] for reading in readings if reading.parts}) >= _FEWEST_PARTS:
        return readings
    sided = sum(bool(reading.side) for reading in readings) >= _FEWEST_SIDED * len(readings)
    return tuple(Reading(each.side if sided else "", (), False, False) for each in readings)


def _capped(vector: np.ndarray, length: float) -> np.ndarray:
    return vector * min(1.0, length / max(float(np.linalg.norm(vector)), 1e-12))

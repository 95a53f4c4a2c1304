"""Which bones of a rig leave Blender, and what hangs on what: one hierarchy that engines take.

Control rigs move a mesh by deform bones that hang on helpers, not on each other. What is exported
has only the bones that move something, each on the one that it continues.
"""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass

import numpy as np

from bake.retarget.rig import Rig

ADDED = -1
"""Place in the rig of a root bone that was added."""

ROOT = "root"

_AT_FLOOR = 0.05  # of the figure's height: how far from its lowest bone a root bone may lie
_ALONG = 0.003  # of the figure's height: how far from a helper bone one lies that it moves


@dataclass(frozen=True)
class SkeletonBone:
    """A bone that is exported.

    Parameters
    ----------
    name : str
    source : int
        Place in the rig, `ADDED` for a root bone that the rig does not have.
    parent : int
        Place in the skeleton, -1 for none.
    deform : bool
    """

    name: str
    source: int
    parent: int
    deform: bool = True


@dataclass(frozen=True)
class Skeleton:
    """The bones that are exported, parents before children.

    Parameters
    ----------
    bones : tuple of SkeletonBone
    root : int
        Place of the bone on the floor that carries all others, -1 if there is none.
    """

    bones: tuple[SkeletonBone, ...]
    root: int

    @property
    def parents(self) -> tuple[int, ...]:
        """Place of each bone's parent."""
        return tuple(bone.parent for bone in self.bones)

    @property
    def names(self) -> tuple[str, ...]:
        """Of the bones."""
        return tuple(bone.name for bone in self.bones)


def skeleton_of(
    rig: Rig,
    weighted: Collection[str],
    carriers: Collection[str],
    *,
    deform_only: bool = True,
    add_root: bool = False,
) -> Skeleton:
    """Choose the bones of a rig that are exported and hang them together.

    Parameters
    ----------
    rig : Rig
    weighted : collection of str
        Bones that vertices follow; empty where there are no meshes.
    carriers : collection of str
        Bones that meshes hang on as a whole.
    deform_only : bool
        Without controls and helpers; else all bones as they are.
    add_root : bool
        Give the figure a root bone where it has none.
    """
    kept = _kept(rig, weighted, carriers) if deform_only else list(range(len(rig.bones)))
    tree = _Tree(rig, kept)
    root = tree.own_root()
    if root is not None and root not in kept:
        tree = _Tree(rig, [root, *kept])
    above = {
        place: tree.parent(place, root) if deform_only else rig.bones[place].parent
        for place in tree.kept
    }
    _open_circles(above, -1 if root is None else root)
    order = _parents_first(tree.kept, above)
    added = root is None and add_root
    places = {place: number + added for number, place in enumerate(order)}
    bones = [
        SkeletonBone(
            rig.bones[place].name,
            place,
            places[above[place]] if above[place] in places else (0 if added else -1),
            rig.bones[place].deform and place != root or rig.bones[place].name in weighted,
        )
        for place in order
    ]
    if added:
        bones.insert(0, SkeletonBone(_unused(ROOT, rig), ADDED, -1, deform=False))
    return Skeleton(tuple(bones), 0 if added else places[root] if root is not None else -1)


def _kept(rig: Rig, weighted: Collection[str], carriers: Collection[str]) -> list[int]:
    aims = {each.target for bone in rig.bones for each in bone.constraints}
    aims |= {each.pole for bone in rig.bones for each in bone.constraints}
    kept = [
        place
        for place, bone in enumerate(rig.bones)
        if bone.name in carriers
        or (
            bone.deform
            # Many a maker of controls forgets to say that they deform nothing.
            and not (bone.control and weighted and bone.name in aims and bone.name not in weighted)
        )
    ]
    return kept or list(range(len(rig.bones)))


class _Tree:
    """How bones of a rig hang together, and where they are at rest in the world.

    Parameters
    ----------
    rig : Rig
    kept : list of int
        Places of the bones that are exported.
    """

    def __init__(self, rig: Rig, kept: list[int]) -> None:
        self.kept = kept
        self._rig = rig
        self._heads, self._tails = rig.world_heads(), rig.world_tails()
        self._lines: list[list[int]] = []
        for place, bone in enumerate(rig.bones):  # parents come first
            self._lines.append([place, *(self._lines[bone.parent] if bone.parent >= 0 else ())])
        points = np.concatenate((self._heads[kept], self._tails[kept]))
        self._height = float(np.ptp(points, axis=0).max())
        self._kept = np.array(kept)

    def own_root(self) -> int | None:
        """Return the bone on the floor that carries the figure, all of it or its topmost part."""
        carried = Counter(place for kept in self.kept for place in self._lines[kept])
        others = [place for place in self.kept if carried[place] < len(self.kept)]
        if not others:
            return None
        floor = min(self._heads[others, 2].min(), self._tails[others, 2].min())
        on_floor = [
            place
            for place, count in carried.items()
            if abs(self._heads[place, 2] - floor) < _AT_FLOOR * self._height
            and (count == len(self.kept) or self._rig.bones[place].parent < 0)
            and count > 1
        ]
        # Of a chain of them the topmost.
        return max(
            on_floor, key=lambda place: (carried[place], -len(self._lines[place])), default=None
        )

    def parent(self, place: int, root: int | None) -> int:
        """Return what a bone that is kept hangs on, -1 for nothing."""
        if place == root:
            return -1
        kept = set(self.kept)
        for above in self._lines[place][1:]:
            if above == root:
                break
            if above in kept:
                return above
            found = self._moved_by(above, place, root)
            if found is not None:
                return found
        return -1 if root is None else root

    def _moved_by(self, helper: int, place: int, root: int | None) -> int | None:
        """Return the bone along a helper that a bone below that helper continues."""
        start, end = self._heads[helper], self._tails[helper]
        reach = _ALONG * self._height
        heads, tails = self._heads[self._kept], self._tails[self._kept]
        lies = np.maximum(_off(heads, start, end), _off(tails, start, end)) < reach
        along = [
            other
            for other in self._kept[lies].tolist()
            if other not in (place, root) and place not in self._lines[other]
        ]
        here = self._heads[place]
        way = (end - start) / max(float(np.linalg.norm(end - start)), 1e-9)
        if max(_off(here, start, end), _off(self._tails[place], start, end)) < reach:
            # It lies along that helper itself: what comes after it there does not carry it.
            along = [each for each in along if (here - self._tails[each]) @ way > -reach]
        return min(
            along,
            key=lambda each: float(_off(here, self._heads[each], self._tails[each])),
            default=None,
        )


def _off(points: np.ndarray, start: np.ndarray, end: np.ndarray) -> np.ndarray:
    """Return how far points (..., 3) are from a line between two others."""
    along = end - start
    share = np.clip((points - start) @ along / max(float(along @ along), 1e-12), 0, 1)
    return np.asarray(np.linalg.norm(points - start - share[..., None] * along, axis=-1))


def _open_circles(above: dict[int, int], root: int) -> None:
    """Hang a bone on the root that would hang on itself in the end."""
    for place in above:
        line, other = {place}, above[place]
        while other in above and other not in line:
            line.add(other)
            other = above[other]
        if other == place:
            above[place] = root


def _parents_first(kept: list[int], above: dict[int, int]) -> list[int]:
    children: dict[int, list[int]] = {}
    for place in kept:
        children.setdefault(above[place] if above[place] in above else -1, []).append(place)
    order: list[int] = []
    waiting = children.get(-1, [])
    while waiting:
        order += waiting
        waiting = [child for place in waiting for child in children.get(place, [])]
    return order


def _unused(name: str, rig: Rig) -> str:
    while name in rig.names:
        name += "_bone"
    return name

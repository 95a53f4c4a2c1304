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
    root = _own_root(rig, kept)
    if root is not None and root not in kept:
        kept = [root, *kept]
    reach = _ALONG * _height(rig, kept)
    above = {
        place: _parent(rig, place, kept, root, reach) if deform_only else rig.parents[place]
        for place in kept
    }
    _open_circles(above, -1 if root is None else root)
    order = _parents_first(kept, above)
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


def _own_root(rig: Rig, kept: list[int]) -> int | None:
    """Return the bone on the floor that carries the figure, by parenting or through constraints."""
    lines = [_line(rig, place) for place in kept]
    carried = Counter(place for line in lines for place in line)
    others = [place for place in kept if carried[place] < len(kept)]
    if not others:
        return None
    heads, height = rig.world_heads(), _height(rig, kept)
    floor = min(heads[others, 2].min(), rig.world_tails()[others, 2].min())
    on_floor = [
        place
        for place in carried
        if abs(heads[place, 2] - floor) < _AT_FLOOR * height
        and (carried[place] == len(kept) or rig.parents[place] < 0)
        and carried[place] > 1
    ]
    # Of a chain of them the topmost: the last of every line.
    return max(on_floor, key=lambda place: (carried[place], -len(_line(rig, place))), default=None)


def _line(rig: Rig, place: int) -> list[int]:
    """Return a bone and all that it hangs on, the topmost last."""
    line = [place]
    while rig.parents[line[-1]] >= 0:
        line.append(rig.parents[line[-1]])
    return line


def _height(rig: Rig, kept: list[int]) -> float:
    """Return the longest side of the box around the bones at rest, world."""
    points = np.concatenate((rig.world_heads()[kept], rig.world_tails()[kept]))
    return float(np.ptp(points, axis=0).max())


def _parent(rig: Rig, place: int, kept: Collection[int], root: int | None, reach: float) -> int:
    """Return what a bone that is kept hangs on, -1 for nothing.

    Parameters
    ----------
    rig : Rig
    place : int
    kept : collection of int
    root : int or None
    reach : float
        How far from a helper bone one may lie that it moves, world.
    """
    if place == root:
        return -1
    for above in _line(rig, place)[1:]:
        if above == root:
            break
        if above in kept:
            return above
        found = _moved_by(rig, above, place, kept, root, reach)
        if found is not None:
            return found
    return -1 if root is None else root


def _moved_by(
    rig: Rig, helper: int, place: int, kept: Collection[int], root: int | None, reach: float
) -> int | None:
    """Return the bone that lies along a helper and that a bone below that helper continues."""
    heads, tails = rig.world_heads(), rig.world_tails()
    start, end = heads[helper], tails[helper]
    along = [
        other
        for other in kept
        if other not in (place, root)
        and max(_off(heads[other], start, end), _off(tails[other], start, end)) < reach
        and place not in _line(rig, other)
    ]
    way = (end - start) / max(float(np.linalg.norm(end - start)), 1e-9)
    if max(_off(heads[place], start, end), _off(tails[place], start, end)) < reach:
        # It lies along that helper itself: what comes after it there does not carry it.
        along = [each for each in along if (heads[place] - tails[each]) @ way > -reach]
    return min(along, key=lambda each: _off(heads[place], heads[each], tails[each]), default=None)


def _off(point: np.ndarray, start: np.ndarray, end: np.ndarray) -> float:
    """Return how far a point is from a line between two others."""
    along = end - start
    share = np.clip((point - start) @ along / max(float(along @ along), 1e-12), 0, 1)
    return float(np.linalg.norm(point - start - share * along))


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

"""The fingers of a hand: which chain is which finger, and which of its bones are phalanges."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bake.retarget.detection.skeleton import Skeleton

FINGERS = ("thumb", "index", "middle", "ring", "pinky")

_PHALANGES = 3
_DIVERGES = np.radians(24)
_PALM = 0.48
"""A bone starts in the palm if it starts this much nearer to the wrist than the next."""


@dataclass(frozen=True)
class Hand:
    """The fingers of a hand.

    Parameters
    ----------
    fingers : dict of str to tuple of int
        Phalanges, three at most, by the names of `FINGERS`.
    tips : bool
        Whether the chains end with a bone that is no phalanx.
    """

    fingers: dict[str, tuple[int, ...]]
    tips: bool


def find_hand(skeleton: Skeleton, wrist: int, elbow: int) -> Hand:
    """Find the fingers that hang on a wrist.

    Parameters
    ----------
    skeleton : Skeleton
    wrist, elbow : int
    """
    chains = _chains(skeleton, wrist)
    found: dict[str, tuple[int, ...]] = {}
    for chain in chains:
        for finger in FINGERS:
            if any(finger in skeleton.readings[bone].parts for bone in chain):
                found.setdefault(finger, chain)
    if chains and len(found) < len(chains):
        found = _by_place(skeleton, wrist, elbow, chains, found)
    tips = _has_tips(skeleton, wrist, found)
    return Hand(
        {
            finger: _phalanges(skeleton, wrist, chain, finger == "thumb", tips)
            for finger, chain in found.items()
        },
        tips,
    )


def _chains(skeleton: Skeleton, wrist: int) -> list[tuple[int, ...]]:
    """Return a chain for each finger: what no other has of the way from the wrist to its end."""
    below = set(skeleton.below(wrist))
    ends = [
        bone
        for bone in sorted(below)
        if not skeleton.children[bone] and not skeleton.readings[bone].extra
    ]
    ways = [
        [bone, *(each for each in skeleton.ancestors(bone) if each in below)][::-1] for bone in ends
    ]
    shared = {bone for bone in below if sum(bone in way for way in ways) > 1}
    chains = []
    for way in ways:
        own = tuple(
            bone for bone in way if bone not in shared and not skeleton.readings[bone].extra
        )
        while own and "wrist" in skeleton.readings[own[0]].parts:
            own = own[1:]
        if (
            own
            and np.linalg.norm(skeleton.path(own)[-1] - skeleton.heads[wrist])
            > 0.02 * skeleton.size
        ):
            chains.append(own)
    if len(chains) == 1 and len(chains[0]) < _PHALANGES:
        # A hand of several bones rather than a finger, unless it is named as one.
        chains = [chain for chain in chains if any(skeleton.readings[bone].parts for bone in chain)]
    return _five_at_most(skeleton, chains)


def _five_at_most(skeleton: Skeleton, chains: list[tuple[int, ...]]) -> list[tuple[int, ...]]:
    """Leave out what is shorter than the five fingers: things held, bones that correct a palm."""
    counted = sorted(chains, key=lambda chain: (-len(chain), chain))[: len(FINGERS)]
    return [chain for chain in chains if chain in counted]


def _by_place(
    skeleton: Skeleton,
    wrist: int,
    elbow: int,
    chains: Sequence[tuple[int, ...]],
    named: dict[str, tuple[int, ...]],
) -> dict[str, tuple[int, ...]]:
    """Tell fingers by where they are, but for a thumb that is named.

    The thumb leads away from the others, and starts nearer to the wrist; the others lie beside
    each other, the index next to it.
    """
    at = skeleton.heads[wrist]
    along = at - skeleton.heads[elbow]
    along /= max(float(np.linalg.norm(along)), 1e-12)
    bases = np.stack([_knuckle(skeleton, chain) for chain in chains])
    ways = np.stack([_direction(skeleton, chain) for chain in chains])
    thumb = chains.index(named["thumb"]) if "thumb" in named else None
    if thumb is None and len(chains) > 1:
        thumb = _thumb(bases - at, ways, along)
    rest = [each for each in range(len(chains)) if each != thumb]
    if len(rest) > 1:
        across = _across(bases[rest])
        if thumb is not None and (bases[rest].mean(axis=0) - bases[thumb]) @ across < 0:
            across = -across
        rest.sort(key=lambda each: float(bases[each] @ across))
    order = FINGERS[1:] if len(rest) != 1 or thumb is not None else ("index",)
    found = dict(zip(order, (chains[each] for each in rest), strict=False))
    return found if thumb is None else {"thumb": chains[thumb], **found}


def _thumb(bases: np.ndarray, ways: np.ndarray, along: np.ndarray) -> int | None:
    """Return which finger is the thumb, None if none is.

    Parameters
    ----------
    bases : (F, 3)
        Where the phalanges start, from the wrist.
    ways : (F, 3)
        Where they point, units.
    along : (3,)
        Where the forearm points, unit.
    """
    count = len(bases)
    reach = bases @ along
    scores = np.zeros(count)
    for each in range(count):
        others = [other for other in range(count) if other != each]
        common = ways[others].mean(axis=0) if count > 2 else along
        turned = _angle(ways[each], common)
        far = max(float(reach[others].mean()), 1e-12)
        nearer = float(np.clip((far - reach[each]) / far, -1, 1))
        scores[each] = turned / _DIVERGES + 1.5 * nearer
    best = int(scores.argmax())
    return best if scores[best] > 1.5 else None


def _angle(one: np.ndarray, other: np.ndarray) -> float:
    lengths = float(np.linalg.norm(one) * np.linalg.norm(other))
    return float(np.arccos(np.clip(one @ other / max(lengths, 1e-12), -1, 1)))


def _knuckle(skeleton: Skeleton, chain: tuple[int, ...]) -> np.ndarray:
    return np.asarray(skeleton.heads[chain[-min(len(chain), _PHALANGES)]])


def _direction(skeleton: Skeleton, chain: tuple[int, ...]) -> np.ndarray:
    """Return where a finger points: from the base of its phalanges to its end."""
    path = skeleton.path(chain)
    way = path[-1] - _knuckle(skeleton, chain)
    return np.asarray(way / max(float(np.linalg.norm(way)), 1e-12))


def _across(bases: np.ndarray) -> np.ndarray:
    """Return the direction in which knuckles lie beside each other."""
    spread = bases - bases.mean(axis=0)
    return np.asarray(np.linalg.svd(spread)[2][0])


def _has_tips(skeleton: Skeleton, wrist: int, fingers: dict[str, tuple[int, ...]]) -> bool:
    """Return whether the chains end with a bone that is no phalanx.

    A thumb has no bone of the palm: if it has four bones, the last is a tip. Other fingers have
    one if four bones start at the knuckle.
    """
    if any(skeleton.readings[chain[-1]].end for chain in fingers.values()):
        return True
    if len(fingers.get("thumb", ())) > _PHALANGES:
        return True
    return any(
        len(chain) > _PHALANGES and not _from_palm(skeleton, wrist, chain)
        for finger, chain in fingers.items()
        if finger != "thumb"
    )


def _phalanges(
    skeleton: Skeleton, wrist: int, chain: tuple[int, ...], thumb: bool, tips: bool
) -> tuple[int, ...]:
    names = [skeleton.readings[bone] for bone in chain]
    if names[-1].end or (tips and len(chain) > 1):
        chain = chain[:-1]
    while len(chain) > 1 and not thumb and "palm" in skeleton.readings[chain[0]].parts:
        chain = chain[1:]
    if not thumb and len(chain) > 1 and _from_palm(skeleton, wrist, chain):
        chain = chain[1:]
    return chain[:_PHALANGES]


def _from_palm(skeleton: Skeleton, wrist: int, chain: tuple[int, ...]) -> bool:
    """Return whether a chain starts with a bone in the palm: much nearer to the wrist."""
    at = skeleton.heads[wrist]
    first, second = (float(np.linalg.norm(skeleton.heads[bone] - at)) for bone in chain[:2])
    return first < _PALM * second

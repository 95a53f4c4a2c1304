"""Which keyed bones carry what of a rig, found by moving each of them a little.

Controls hang on each other in ways that parents do not tell: by constraints, by switches, by what
they are told to follow. So every keyed bone is turned once, all others at rest, and what moves with
it is seen. Inverse kinematics is no part of that: what hangs on it is told apart.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from bake.retarget.rig import Bone, Rig
from bake.retarget.solving.constraints import State
from bake.retarget.solving.posing import Posing
from bake.retarget.solving.rest_pose import rest_pose
from core_model.geometry.rotations import axis_angle_to_matrix

_TURN = np.full(3, 0.1)
_MOVE = 0.05  # of the rig's size
_RIGID = 1e-5  # of the rig's size, or radians: what a carrier's own motion leaves
_WHOLE = 1 - 1e-4  # of a constraint's influence
_IK = ("IK", "SPLINE_IK")
_COPIES = ("COPY_TRANSFORMS", "ARMATURE")


@dataclass(frozen=True)
class _Probe:
    """A bone in all trials: where it is, (T, 3), and how it turned, (T, 3, 3)."""

    head: np.ndarray
    turn: np.ndarray


class Carriers:
    """What each of some bones carries, directly or through whatever hangs on it.

    Parameters
    ----------
    rig : Rig
    bones : sequence of str
        Those that are keyed.
    moved : sequence of str
        Those of them whose location is keyed.
    """

    def __init__(self, rig: Rig, bones: Sequence[str], moved: Sequence[str]) -> None:
        self._rig, self._places = rig, rig.place_of()
        self._keyed = [self._places[bone] for bone in bones]
        self._chains = _chains(rig)
        self.by_ik = _with_what_hangs_on(self._chains, rig)
        rest = rest_pose(rig)
        self._size = float(np.linalg.norm(np.ptp(rest.heads, axis=0))) or 1.0
        self._posing = Posing(rig, rest, 1 + len(bones), own=self._trials(set(moved)))
        self._probes = [self._probe(self._posing.state(bone)) for bone in self._keyed]
        by = np.array([self._moved_by(probe.head, probe.turn) for probe in self._probes])
        self._depth = by.sum(axis=1)

    def of_bone(self, index: int) -> int:
        """Return which keyed bone carries another one, -1 for none."""
        before = self._posing.before_own(self._keyed[index])
        movers = self._moved_by(before.head, before.turn)
        movers[index] = False
        best = self._deepest(movers)
        return best[0] if best else -1

    def of_point(self, bone: int, at_rest: np.ndarray) -> int:
        """Return which keyed bone carries a point (3,) of any bone firmly, -1 for none."""
        points = self._posing.points(bone, at_rest)
        for index in self._deepest(self._moved_by(points)):
            probe = self._probes[index]
            away = np.swapaxes(probe.turn, 1, 2) @ (points - probe.head)[..., None]
            if np.abs(away - away[0]).max() < _RIGID * self._size:
                return index
        return -1

    def beyond_ik(self, bone: int) -> int:
        """Return which keyed bone carries one that hangs on inverse kinematics, -1 for none.

        Hands and fingers do what their controls do; the limb itself follows from its ends.
        """
        seen: set[int] = set()
        while bone >= 0 and bone not in self._chains and bone not in seen:
            if bone in self._keyed:
                return self._keyed.index(bone)
            seen.add(bone)
            own = self._rig.bones[bone]
            copied = [
                self._places[each.target]
                for each in own.constraints
                if each.kind.startswith("COPY") and each.influence > _WHOLE
                if each.target in self._places
            ]
            bone = copied[-1] if copied else own.parent
        return -1

    def _trials(self, moved: set[str]) -> dict[int, tuple[np.ndarray, np.ndarray]]:
        """Return how each keyed bone turns and moves from rest in each trial, in its own axes."""
        turn = axis_angle_to_matrix(_TURN)
        way = _MOVE * self._size * np.linalg.inv(self._rig.to_world[:3, :3]).max()
        found = {}
        for index, bone in enumerate(self._keyed):
            turns = np.tile(np.eye(3), (1 + len(self._keyed), 1, 1))
            moves = np.zeros((1 + len(self._keyed), 3))
            turns[1 + index] = turn
            if self._rig.bones[bone].name in moved:
                moves[1 + index] = way
            found[bone] = (turns, moves)
        return found

    def _probe(self, state: State) -> _Probe:
        return _Probe(np.asarray(state.head), np.asarray(state.turn))

    def _moved_by(self, heads: np.ndarray, turns: np.ndarray | None = None) -> np.ndarray:
        """Return which keyed bones (N,) bool move what is so in all trials."""
        away = np.abs(heads[1:] - heads[0]).max(axis=1) > _RIGID * self._size
        if turns is None:
            return away
        return np.asarray(away | (np.abs(turns[1:] - turns[0]).max(axis=(1, 2)) > _RIGID))

    def _deepest(self, movers: np.ndarray) -> list[int]:
        """Return the bones that move something, first those that most others move."""
        found = np.flatnonzero(movers)
        return [int(each) for each in found[np.argsort(-self._depth[found], kind="stable")]]


def _chains(rig: Rig) -> set[int]:
    """Return the bones that inverse kinematics places."""
    found: set[int] = set()
    for index, bone in enumerate(rig.bones):
        for each in bone.constraints:
            if each.kind in _IK and each.influence > 0:
                link = index
                # Without a length of its own a chain goes up to the root; only limbs count.
                for _ in range(each.chain or 2):
                    if link >= 0:
                        found.add(link)
                        link = rig.bones[link].parent
    return found


def _with_what_hangs_on(bones: set[int], rig: Rig) -> set[int]:
    places, found, before = rig.place_of(), set(bones), -1
    while len(found) != before:
        before = len(found)
        found |= {
            index
            for index, bone in enumerate(rig.bones)
            if index not in found and _hangs_on(bone, found, places)
        }
    return found


def _hangs_on(bone: Bone, known: set[int], places: Mapping[str, int]) -> bool:
    hangs = bone.parent in known
    for each in bone.constraints:
        names = [name for name, weight in each.targets if weight > 0] or [each.target]
        goes = any(places.get(name, -1) in known for name in names)
        if each.kind in _IK or each.influence < 1 - _WHOLE:
            continue
        # What is copied wholly takes the place of all that was before.
        instead = each.kind in _COPIES and each.influence > _WHOLE and each.mix == "REPLACE"
        hangs = goes if instead else hangs or goes
    return hangs

"""What the keyed bones of a rig move, as far as it is measured while keys are reduced."""

from collections.abc import Sequence

import numpy as np

from bake.reduction.bend import Bend
from bake.reduction.chain import Chain
from bake.reduction.key_reduction import Stage
from bake.retarget.joints import LIMBS, above
from bake.retarget.keying.carried import Carriers
from bake.retarget.maps.bone_map import BoneMap
from bake.retarget.rig import Rig

_FEET = ("_ankle", "_foot")
_SAME = 0.002  # of the rig's height: points that are no further apart count as one
_EACH = 4  # points of one carrier: those that lie furthest apart


def stage_of(
    rig: Rig, bone_map: BoneMap, bones: Sequence[str], moved: Sequence[str], fps: float, limbs: str
) -> Stage:
    """Follow what deforms: heads and tails, each with the bone that carries it; and knees by IK.

    Parameters
    ----------
    rig : Rig
        Its `to_world` in metres.
    bone_map : BoneMap
    bones : sequence of str
        Those that are keyed.
    moved : sequence of str
        Those of them whose location is keyed.
    fps : float
    limbs : str
        One of `bake.retarget.settings.LIMBS`.
    """
    found = _Points(rig, bone_map, bones, moved)
    found.add_deforming()
    bends = [found.bend(name) for name in bone_map.limbs if _goes_by_ik(bone_map, name, limbs)]
    places = rig.place_of()
    rests = np.stack([rig.bones[places[bone]].rest for bone in bones])
    chain = Chain(
        tuple(found.parents),
        rests[:, :3, 3],
        rests[:, :3, :3],
        np.array(found.carriers),
        np.array(found.points),
        tuple(bend for bend in bends if bend),
    )
    feet = np.append(found.feet(), np.zeros(len(chain.bends), bool))
    # The longest way that a unit of the armature may be in the world, where scale is uneven.
    units = 1 / np.linalg.norm(rig.to_world[:3, :3], ord=2)
    return Stage(chain, feet, float(units), fps)


def _goes_by_ik(bone_map: BoneMap, limb: str, limbs: str) -> bool:
    controls = bone_map.limbs[limb]
    return limbs == "ik" or not (controls.to_ik or controls.to_fk)


class _Points:
    """Points of a rig, and which of its keyed bones carries each."""

    def __init__(
        self, rig: Rig, bone_map: BoneMap, bones: Sequence[str], moved: Sequence[str]
    ) -> None:
        self._rig, self._map, self._bones = rig, bone_map, bones
        self._places = rig.place_of()
        self._among = {bone: index for index, bone in enumerate(bones)}
        self._found = Carriers(rig, bones, moved)
        self._size = float(np.linalg.norm(np.ptp([bone.head for bone in rig.bones], axis=0)))
        self.parents = _without_circles([self._carrier(bone) for bone in bones])
        self.carriers: list[int] = []
        self.points: list[np.ndarray] = []

    def add_deforming(self) -> None:
        """Add the ends of bones that deform, where a keyed bone carries them; no more than tell."""
        ends: dict[int, list[np.ndarray]] = {index: [] for index in range(len(self._bones))}
        seen = set()
        deforming = [place for place, bone in enumerate(self._rig.bones) if bone.deform]
        # Heads first: a tail mostly lies where the next bone begins.
        for at_tail, place in [(0, each) for each in deforming] + [(1, each) for each in deforming]:
            bone = self._rig.bones[place]
            end = bone.tail if at_tail else bone.head
            spot = tuple(np.rint(end / (_SAME * self._size)).tolist())
            if spot in seen:
                continue
            seen.add(spot)
            if place in self._found.by_ik:
                carrier = self._found.beyond_ik(place)
            else:
                carrier = self._found.of_point(place, self._rig.world(end))
            if carrier >= 0:
                ends[carrier].append(end)
        for index, name in enumerate(self._bones):
            bone = self._rig.bones[self._places[name]]
            if not ends[index] and index not in self.parents:
                ends[index] = [bone.head, bone.tail]
            for point in _apart(bone.head, ends[index], _SAME * self._size):
                self._add(index, point)
        if not self.points:
            self._add(0, self._head(self._bones[0]))

    def bend(self, limb: str) -> Bend | None:
        """Add the ends of a limb that goes by IK, and return how it bends; None where it cannot."""
        controls = self._map.limbs[limb]
        mapped = [self._map.joints.get(joint) for joint in LIMBS[limb][:3]]
        names = [each.bones[0] for each in mapped if each and each.bones]
        if len(names) < 3 or controls.control not in self._among:
            return None
        top, knee, end = (self._head(name) for name in names)
        hip = self._found.of_point(self._places[names[0]], self._rig.world(top))
        carrier = self._among.get(names[0], hip)
        if hip < 0:
            return None
        pole, out = carrier, 2 * knee - (top + end) / 2
        if controls.pole in self._among:
            pole, out = self._among[controls.pole], self._head(controls.pole)
        points = (
            self._add(hip, top),
            self._add(self._among[controls.control], end),
            self._add(pole, out),
        )
        upper, lower = (float(np.linalg.norm(each)) for each in (knee - top, end - knee))
        return Bend(points, upper, lower) if min(upper, lower) > _SAME * self._size else None

    def feet(self) -> np.ndarray:
        """Return which points (P,) bool are of feet, which must not slide while they stand."""
        on_floor = {
            bone
            for joint, each in self._map.joints.items()
            if joint.endswith(_FEET)
            for bone in each.bones
        } | {each.control for limb, each in self._map.limbs.items() if limb.endswith("_leg")}
        heads = [self._head(bone) for bone in on_floor if bone in self._places]
        return np.array(
            [
                self._bones[carrier] in on_floor
                or any(np.linalg.norm(point - head) < _SAME * self._size for head in heads)
                for carrier, point in zip(self.carriers, self.points, strict=True)
            ]
        )

    def _add(self, carrier: int, point: np.ndarray) -> int:
        self.carriers.append(carrier)
        self.points.append(point)
        return len(self.points) - 1

    def _head(self, bone: str) -> np.ndarray:
        return self._rig.bones[self._places[bone]].head

    def _carrier(self, bone: str) -> int:
        """Return which keyed bone carries another one, -1 for none.

        What hangs on inverse kinematics goes with what follows the joint that its joint hangs on.
        """
        if self._places[bone] not in self._found.by_ik:
            return self._found.of_bone(self._among[bone])
        for limb, controls in self._map.limbs.items():
            ends = self._map.joints.get(LIMBS[limb][2])
            if ends and bone in ends.bones and controls.control in self._among:
                return self._among[controls.control]
        joints = {name: joint for joint, each in self._map.joints.items() for name in each.bones}
        for carrier in above(joints[bone]) if bone in joints else ():
            mapped = self._map.joints[carrier].bones if carrier in self._map.joints else ()
            carrying = [self._among[each] for each in mapped if each in self._among]
            if carrying:
                return carrying[-1]
        return self._among.get(self._map.mover, -1)


def _apart(head: np.ndarray, points: list[np.ndarray], same: float) -> list[np.ndarray]:
    """Return the points that lie furthest from each other, the furthest from a head first."""
    if not points:
        return []
    all_points = np.stack(points)
    chosen = [int(np.linalg.norm(all_points - head, axis=1).argmax())]
    while len(chosen) < _EACH:
        ways = np.linalg.norm(all_points[:, None] - all_points[chosen], axis=2).min(axis=1)
        if ways.max() < same:
            break
        chosen.append(int(ways.argmax()))
    return [all_points[each] for each in chosen]


def _without_circles(parents: list[int]) -> list[int]:
    """Let a bone hang on nothing that would hang on it in the end."""
    for bone in range(len(parents)):
        seen, higher = {bone}, parents[bone]
        while higher >= 0 and higher not in seen:
            seen.add(higher)
            higher = parents[higher]
        if higher >= 0:
            parents[bone] = -1
    return parents

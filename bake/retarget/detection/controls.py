"""From the bones in the skin of a control rig to the controls that animators take hold of."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import product

import numpy as np

from bake.retarget.detection.control_rig import ik_chains, is_turned, says
from bake.retarget.maps.bone_map import JointBones
from bake.retarget.rig import Rig
from core_model.body.fingers import FINGERS, SIDES

_SAME_PLACE = 0.02
"""Of the size of the rig, within which a control may lie from the bone that it moves."""

_CARRIED = 0.06
"""As far the control of a hand or foot may lie from the goal that it carries."""

_LOW = 0.15

_MOST = 6
"""Controls that are weighed for one joint."""

_LINK = 2.0
"""What it counts that the control of a joint hangs on that of the joint before."""

_CHAINS = tuple(
    tuple(f"{side}_{part}" for part in parts)
    for side in SIDES
    for parts in (
        ("shoulder", "elbow", "wrist"),
        ("hip", "knee", "ankle", "foot"),
        *((f"{finger}1", f"{finger}2", f"{finger}3") for finger in FINGERS),
    )
)

_TRUNK = ("pelvis", "spine1", "spine2", "spine3")

_NOT_FK = ("tweak", "master", "pole", "target", "parent", "mch", "org", "vis", "pivot", "bend")


class Controls:
    """Finds the controls of a rig.

    Parameters
    ----------
    rig : Rig
    """

    def __init__(self, rig: Rig) -> None:
        self.rig = rig
        self.place = rig.place_of()
        self.heads = rig.world_heads()
        ways = rig.world_tails() - self.heads
        self.lengths = np.linalg.norm(ways, axis=1)
        self.ways = ways / np.maximum(self.lengths[:, None], 1e-12)
        self.size = float(np.ptp(self.heads[[bone.deform for bone in rig.bones]], axis=0).max())
        self.turned = [is_turned(bone) for bone in rig.bones]
        self._shaped = len({bone.control for bone in rig.bones}) > 1
        self.by_ik = {place for _, chain in ik_chains(rig) for place in chain}
        self.goals = {
            bone for constraint, _ in ik_chains(rig) for bone in self.carrying(constraint.target)
        }

    def fk(self, joints: Mapping[str, JointBones]) -> dict[str, JointBones]:
        """Return the bones to key for joints whose bones in the skin are known.

        Joints without such a control are left out.

        Parameters
        ----------
        joints : mapping of str to JointBones
            Bones in the skin.
        """
        chosen = self._chains(joints)
        found: dict[str, JointBones] = {}
        taken = set(chosen.values())
        for joint, skin in joints.items():
            bones = [chosen[joint]] if joint in chosen else []
            for name in () if bones else skin.bones:
                control = self._control_of(self.place[name], joint in _TRUNK, taken)
                if control is not None and (not bones or bones[-1] in self.above(control)):
                    taken.add(control)
                    bones.append(control)
            if bones:
                found[joint] = JointBones(tuple(self.rig.bones[bone].name for bone in bones))
        return found

    def _chains(self, joints: Mapping[str, JointBones]) -> dict[str, int]:
        """Return the control of each joint of limbs and fingers: they hang on each other."""
        chosen: dict[str, int] = {}
        for chain in _CHAINS:
            there = [joint for joint in chain if joint in joints]
            options = [
                sorted(self._candidates(self.place[joints[joint].bones[0]], ()))[-_MOST:]
                for joint in there
            ]
            there = [joint for joint, each in zip(there, options, strict=True) if each]
            options = [each for each in options if each]
            best = max(product(*options), key=self._hanging_together, default=())
            chosen |= {joint: bone for joint, (_, bone) in zip(there, best, strict=True)}
        return chosen

    def _hanging_together(self, chain: Sequence[tuple[float, int]]) -> float:
        bones = [bone for _, bone in chain]
        links = sum(
            one in self.above(other) for one, other in zip(bones[:-1], bones[1:], strict=True)
        )
        if len(set(bones)) < len(bones):
            return -1e9
        return sum(score for score, _ in chain) + _LINK * links

    def above(self, bone: int) -> list[int]:
        """Return the bones that a bone hangs on, the nearest first."""
        found = []
        while (bone := self.rig.bones[bone].parent) >= 0:
            found.append(bone)
        return found

    def root_and_mover(self, pelvis: int) -> tuple[str, str]:
        """Return the control on the floor above everything, and that between it and the pelvis."""
        floor, height = self.heads[:, 2].min(), self.heads[pelvis, 2]
        above = [bone for bone in self.above(pelvis) if self.is_free(bone)]
        low = [bone for bone in above if self.heads[bone, 2] - floor < _LOW * (height - floor)]
        between = [bone for bone in above if bone not in low and not self._is_mechanism(bone)]
        names = self.rig.names
        return names[low[-1]] if low else "", names[between[0]] if between else ""

    def carrying(self, target: str) -> list[int]:
        """Return the controls that carry the goal of an IK constraint, from the goal outwards."""
        if target not in self.place:
            return []
        goal = self.place[target]
        return [
            bone
            for bone in (goal, *self.above(goal))
            if self.is_free(bone) and self.near(bone, goal, _CARRIED)
        ]

    def near(self, bone: int, other: int, share: float) -> bool:
        """Return whether two bones start nearer than a share of the rig's size."""
        apart = float(np.linalg.norm(self.heads[bone] - self.heads[other]))
        return apart < share * self.size

    def is_free(self, bone: int) -> bool:
        """Return whether keys on a bone turn it, and animators are to key it."""
        each = self.rig.bones[bone]
        return not self.turned[bone] and (each.control or not self._shaped)

    def _candidates(self, skin: int, taken: Iterable[int]) -> list[tuple[float, int]]:
        """Return the controls at the place of a bone in the skin that turn it, with likelihoods."""
        if not self.turned[skin] and skin not in self.by_ik and self.is_free(skin):
            return [(1.0, skin)]
        movers = self._movers(skin)
        here = [
            (score, bone)
            for bone in self._carriers(skin)
            if self._usable(bone, taken)
            and self.near(bone, skin, _SAME_PLACE)
            and (score := self._likelihood(bone, skin, bone in movers)) > 0
        ]
        if not here and not self.turned[skin]:
            # It bends with an IK chain, and nothing else turns it.
            return [(0.0, skin)]
        # A hand or foot may have nothing but what its limb reaches for, and turn with that.
        return here or [
            (0.0, bone)
            for bone in sorted(movers & self.goals)
            if bone not in taken and self.near(bone, skin, _SAME_PLACE)
        ]

    def _control_of(self, skin: int, trunk: bool, taken: Iterable[int]) -> int | None:
        """Return the control that turns a bone in the skin, None if there is none.

        One at the same place, or in the trunk the nearest that carries it: some rigs turn a piece
        of the spine about its other end.
        """
        here = self._candidates(skin, taken)
        if here:
            return max(here)[1]
        free = (
            bone
            for bone in self._carriers(skin)
            if self._usable(bone, taken) and self.is_free(bone) and not self._is_mechanism(bone)
        )
        return next(free, None) if trunk else None

    def _usable(self, bone: int, taken: Iterable[int]) -> bool:
        return not self.turned[bone] and bone not in self.goals and bone not in taken

    def _likelihood(self, bone: int, skin: int, moves: bool) -> float:
        each = self.rig.bones[bone]
        score = 2.0 if moves else 0.0
        if self._shaped:
            score += 2.0 if each.control else -1.0
        score -= 1.5 if each.hidden else 0.0
        score -= 3.0 if each.deform else 0.0
        score -= 1.0 if bone in self.by_ik else 0.0
        score += 1.0 if says(each.name, "fk") else 0.0
        score -= 6.0 if self._is_mechanism(bone) else 0.0
        score -= 1.5 if says(each.name, "ik") and not says(each.name, "fk") else 0.0
        alike = float(self.ways[bone] @ self.ways[skin])
        ratio = self.lengths[bone] / max(self.lengths[skin], 1e-12)
        score += alike - min(abs(float(np.log(max(ratio, 1e-6)))), 2.0) * 0.4
        apart = float(np.linalg.norm(self.heads[bone] - self.heads[skin])) / self.size
        return score - apart / _SAME_PLACE

    def _is_mechanism(self, bone: int) -> bool:
        return says(self.rig.bones[bone].name, *_NOT_FK)

    def _movers(self, skin: int) -> set[int]:
        """Return the bones whose turns a bone takes over, through whatever mechanism, in place."""
        return set(self._reached(skin, lambda bone, parent: self.near(bone, parent, _SAME_PLACE)))

    def _carriers(self, skin: int) -> list[int]:
        """Return all bones that move a bone when they are turned, the nearest first."""
        return self._reached(skin, lambda bone, parent: True)

    def _reached(self, skin: int, climbs: Callable[[int, int], bool]) -> list[int]:
        found: list[int] = []
        waiting = [skin]
        for bone in waiting:
            if bone in found:
                continue
            found.append(bone)
            each = self.rig.bones[bone]
            names = [constraint.target for constraint in each.constraints if constraint.target]
            waiting += [self.place[name] for name in names if name in self.place]
            # What constraints turn does not go by its parent.
            if each.parent >= 0 and not self.turned[bone] and climbs(bone, each.parent):
                waiting.append(each.parent)
        return found[1:]

"""From the bones in the skin of a control rig to the controls that animators take hold of."""

from collections.abc import Callable, Iterable, Mapping

import numpy as np

from bake.retarget.bone_map import JointBones
from bake.retarget.detection.control_rig import ik_chains, is_turned, says
from bake.retarget.rig import Rig

_SAME_PLACE = 0.02
"""Of the size of the rig, within which a control may lie from the bone that it moves."""

_CARRIED = 0.06
"""As far the control of a hand or foot may lie from the goal that it carries."""

_LOW = 0.15

_SINGLE = ("hip", "knee", "shoulder", "elbow")
"""Joints whose further bones in the skin only take a share of the twist: a mechanism's work."""

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
            bone
            for constraint, _ in ik_chains(rig)
            for bone in self.carrying(constraint.target)
        }

    def fk(self, joints: Mapping[str, JointBones]) -> dict[str, JointBones]:
        """Return the bones to key for joints whose bones in the skin are known.

        Joints without such a control are left out.

        Parameters
        ----------
        joints : mapping of str to JointBones
            From the trunk outwards.
        """
        found: dict[str, JointBones] = {}
        taken: set[int] = set()
        for joint, skin in joints.items():
            bones = []
            for name in skin.bones[:1] if joint.endswith(_SINGLE) else skin.bones:
                control = self._control_of(self.place[name], joint in _TRUNK, taken)
                if control is not None:
                    taken.add(control)
                    bones.append(self.rig.bones[control].name)
            if bones:
                found[joint] = JointBones(tuple(bones), skin.twist if len(bones) > 1 else 0.0)
        return found

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
        low = [
            bone for bone in above if self.heads[bone, 2] - floor < _LOW * (height - floor)
        ]
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

    def _control_of(self, skin: int, trunk: bool, taken: Iterable[int]) -> int | None:
        """Return the control that turns a bone in the skin, None if there is none.

        One at the same place, or in the trunk the nearest that carries it: some rigs turn a piece
        of the spine about its other end.
        """
        if not self.turned[skin] and skin not in self.by_ik and self.is_free(skin):
            return skin
        movers, carriers = self._movers(skin), self._carriers(skin)
        usable = [
            bone
            for bone in carriers
            if not self.turned[bone] and bone not in self.goals and bone not in taken
        ]
        here = [
            (score, bone)
            for bone in usable
            if self.near(bone, skin, _SAME_PLACE)
            and (score := self._likelihood(bone, skin, bone in movers)) > 0
        ]
        if here:
            return max(here)[1]
        if not self.turned[skin]:
            # It bends with an IK chain, and nothing else turns it.
            return skin
        if not trunk:
            return None
        free = (bone for bone in usable if self.is_free(bone) and not self._is_mechanism(bone))
        return next(free, None)

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

"""From a human in motion to what the bones of any rig do; plain numbers, nothing of Blender.

Every joint is turned from rest in the world by what the source turns, after the rig's rest pose was
turned to stand as the source's. So neither rest poses nor axes, rolls, parents or the scale of the
armature matter: they only come in when turns are told in the axes of a bone.
"""

from dataclasses import dataclass

import numpy as np

from bake.retarget.human import HumanMotion
from bake.retarget.joints import ARMS, LEGS
from bake.retarget.maps.bone_map import BoneMap
from bake.retarget.motion import RigMotion
from bake.retarget.rig import Rig
from bake.retarget.settings import RetargetSettings
from bake.retarget.solving.apart import bring_along
from bake.retarget.solving.chains import bone_turns
from bake.retarget.solving.controls import key_controls, needed_settings
from bake.retarget.solving.ik_bend import bent_chains
from bake.retarget.solving.ik_stretch import unstretched
from bake.retarget.solving.pinning import PinnedLimb, pin
from bake.retarget.solving.posing import Posing
from bake.retarget.solving.rest_pose import (
    JointRest,
    RestPose,
    alignment,
    rest_pose,
    source_rest,
    target_rest,
)
from bake.retarget.solving.soles import sole_of
from bake.retarget.solving.standing import Standing, standing_of_rig, standing_of_source
from bake.retarget.solving.travel import path_of, started
from bake.retarget.solving.two_bone import unit
from core_model.errors import RigError
from core_model.geometry.rotations import (
    matrix_to_quaternion,
    quaternion_to_matrix,
    without_sign_flips,
)

HIPS = ("left_hip", "right_hip")

_ON_FLOOR = 0.05
"""Of a leg: a root bone that is so near to the floor at rest lies on it."""


def solve(
    source: HumanMotion, rig: Rig, bone_map: BoneMap, settings: RetargetSettings
) -> RigMotion:
    """Find how the mapped bones of a rig move so that it does what the source does.

    Parameters
    ----------
    source : HumanMotion
    rig : Rig
        As it is after `needed_settings` were set: constraints count as they stand.
    bone_map : BoneMap
    settings : RetargetSettings

    Raises
    ------
    MocapError
        When the map does not fit the rig, or lacks what a figure needs.
    """
    return Solver(source, rig, bone_map, settings).solve()


@dataclass
class Solver:
    """One retarget, from the rest poses to the keys."""

    source: HumanMotion
    rig: Rig
    bone_map: BoneMap
    settings: RetargetSettings

    def solve(self) -> RigMotion:
        """Return what the bones do."""
        rig, settings = self.rig, self.settings
        self.travel: np.ndarray | None = None
        self.places = rig.place_of()
        pose, looks = rest_pose(rig), rest_pose(rig, settings.pose_as_rest)
        theirs, ours = source_rest(self.source), target_rest(rig, self.bone_map, looks)
        hips = _hips(self.source, ours)
        way = path_of(self.source, theirs.body, hips)
        self.source = started(self.source, way, settings.start)
        self.posing = Posing(rig, pose, len(self.source))
        whole = self._turn(alignment(theirs, ours), looks, pose)
        standing = standing_of_rig(rig, ours, looks, self._first_bones(ours))
        scale, goal = self._carry(theirs, ours, standing)
        self._pin(ours, standing, scale)
        bring_along(self.posing, self.bone_map)
        key_controls(self.posing, rig, self.bone_map, whole, settings.limbs)
        self._travel(theirs, ours, standing, goal)
        return self._result(-ours.body[:, 1])

    def _turn(
        self, aligned: dict[str, np.ndarray], looks: RestPose, pose: RestPose
    ) -> dict[str, np.ndarray]:
        """Tell every mapped bone how to turn; return how each joint turns."""
        turned = dict(
            zip(
                self.source.joints,
                np.moveaxis(quaternion_to_matrix(self.source.turns), 1, 0),
                strict=True,
            )
        )
        whole = {joint: turned[joint] @ aligned[joint] for joint in turned if joint in aligned}
        posed = looks.axes @ np.swapaxes(pose.axes, 1, 2)
        for bone, turn in bone_turns(whole, aligned, self.rig, self.bone_map).items():
            self.posing.turns[bone] = turn @ posed[bone]
        if self.bone_map.mover in self.places:
            mover = self.places[self.bone_map.mover]
            self.posing.turns[mover] = whole["pelvis"] @ posed[mover]
        return whole

    def _carry(
        self, theirs: JointRest, ours: JointRest, stands: Standing
    ) -> tuple[float, np.ndarray]:
        """Put the hips where the source's are, by the length of the legs.

        Returns
        -------
        scale : float
            From the source's way over the ground to the target's.
        goal : (K, 3)
            Where the hips are.
        """
        source_stands = standing_of_source(self.source, theirs)
        scale = self.settings.scale or stands.leg / source_stands.leg
        goal = _hips(self.source, ours) * scale
        goal[:, 2] += stands.ankle - scale * source_stands.ankle
        carrier = self._carrier()
        self.posing.heads[carrier] = self.posing.state(carrier).head
        self.posing.forget()
        joints = HIPS if all(joint in self._first_bones(ours) for joint in HIPS) else ("pelvis",)
        heads = [self.posing.state(self._first_bone(joint)).head for joint in joints]
        moved = goal - np.mean(heads, axis=0)
        self.posing.heads[carrier] = self.posing.heads[carrier] + moved
        self.posing.forget()
        return scale, goal

    def _pin(self, ours: JointRest, standing: Standing, scale: float) -> None:
        """Hold feet and hands, and keep soles above the floor."""
        settings, carrier = self.settings, self._carrier()
        if settings.pin_feet or settings.floor:
            legs = [self._limb(leg, ours, standing) for leg in LEGS]
            found = [leg for leg in legs if leg]
            pin(self.posing, found, self.source, scale, carrier, settings.floor, settings.pin_feet)
        if settings.pin_hands:
            arms = [self._limb(arm, ours, standing) for arm in ARMS]
            pin(self.posing, [arm for arm in arms if arm], self.source, scale, carrier, False)

    def _limb(
        self, joints: tuple[str, ...], ours: JointRest, standing: Standing
    ) -> PinnedLimb | None:
        """Return a limb that can be held; None where a part of it is missing or locked."""
        parts = [self._turning(joint) for joint in joints[:3]]
        if not all(parts) or joints[2] not in self.source.joints:
            return None
        ankle = ours.heads[joints[2]]
        along = unit(ankle - ours.heads[joints[0]])
        out = ours.heads[joints[1]] - ours.heads[joints[0]]
        out = out - (out @ along) * along
        # Knees bend forward, elbows backward, where the rest pose does not tell.
        usual = ours.body[:, 1] * (-1.0 if len(joints) > 3 else 1.0)
        aside = unit(out) if np.linalg.norm(out) > 0.01 * standing.leg else usual
        sole, toes = None, []
        if len(joints) > 3:
            toes = self._turning(joints[3])
            ball = ours.heads[joints[3]] if joints[3] in ours.heads else ours.ends[joints[2]]
            tip = ours.ends[joints[3] if joints[3] in ours.heads else joints[2]]
            sole = sole_of(
                parts[2][-1],
                toes[0] if toes else -1,
                ankle,
                ball,
                tip,
                ours.body[:, 2],
                standing.ground,
            )
        return PinnedLimb(
            [part[0] for part in parts],
            (parts[0], parts[1]),
            joints[2:],
            aside,
            [*parts[2], *toes],
            sole,
        )

    def _turning(self, joint: str) -> list[int]:
        """Return the bones of a joint that are turned."""
        mapped = self.bone_map.joints.get(joint)
        bones = (
            [self.places[bone] for bone in mapped.bones if bone in self.places] if mapped else []
        )
        return [bone for bone in bones if bone in self.posing.turns]

    def _travel(
        self, theirs: JointRest, ours: JointRest, standing: Standing, goal: np.ndarray
    ) -> None:
        """Give the way over the ground to the root bone, or take it out."""
        if self.settings.root == "hips":
            return
        way = path_of(self.source, theirs.body, goal)
        if self.settings.root == "in_place":
            back = way.places[0] - way.places
            for bone, heads in self.posing.heads.items():
                self.posing.heads[bone] = heads + back
            self.travel = -back
        else:
            if self.bone_map.root not in self.places:
                raise RigError(
                    f"The bone map {self.bone_map.name} has no root bone on {self.rig.name}: "
                    "choose one in the map, or let the hips carry the motion."
                )
            root = self.places[self.bone_map.root]
            turn = quaternion_to_matrix(way.turns) @ ours.body.T
            # On the floor below the hips, but for bones that lie elsewhere at rest.
            height = float(self.posing.rest.heads[root] @ ours.body[:, 2]) - standing.ground
            lies = abs(height) < _ON_FLOOR * standing.leg
            self.posing.turns[root] = turn
            self.posing.heads[root] = way.places + [0.0, 0.0, 0.0 if lies else height]
        self.posing.forget()

    def _first_bones(self, ours: JointRest) -> dict[str, int]:
        return {joint: self._first_bone(joint) for joint in ours.heads}

    def _first_bone(self, joint: str) -> int:
        mapped = self.bone_map.joints[joint]
        return next(self.places[bone] for bone in mapped.bones if bone in self.places)

    def _carrier(self) -> int:
        """Return the bone that carries the body: the mover, or the nearest that can be moved."""
        name = self.bone_map.mover
        bone = self.places[name] if name in self.places else self._first_bone("pelvis")
        while self.rig.bones[bone].connected:
            bone = self.rig.bones[bone].parent
        return bone

    def _result(self, forward: np.ndarray) -> RigMotion:
        turns, moves = {}, {}
        for bone in self.posing.turns:
            basis = matrix_to_quaternion(self.posing.basis(bone))
            turns[self.rig.bones[bone].name] = without_sign_flips(basis)
        for bone in self.posing.heads:
            moves[self.rig.bones[bone].name] = self.posing.location(bone)
        return RigMotion(
            frames=self.source.frames,
            last_of_run=self.source.last_of_run,
            fps=self.source.fps,
            turns=turns,
            moves=moves,
            settings=(
                *needed_settings(self.bone_map, self.settings.limbs),
                *unstretched(self.rig, self.bone_map, self.settings.limbs),
                *bent_chains(self.posing, self.bone_map, self.settings.limbs, forward),
            ),
            travel=self.travel,
            seen={self.rig.bones[bone].name: turn for bone, turn in self.posing.turns.items()},
        )


def _hips(source: HumanMotion, ours: JointRest) -> np.ndarray:
    """Return the middle between the joints of the hips (K, 3), world, metres.

    The pelvis's joint lies elsewhere on every rig; it only counts where one has no legs.
    """
    known = all(joint in source.joints and joint in ours.heads for joint in HIPS)
    columns = [source.joints.index(joint) for joint in (HIPS if known else ("pelvis",))]
    return np.asarray(source.places[:, columns].mean(axis=1))

"""From a human in motion to what the bones of any rig do; plain numbers, nothing of Blender.

Every joint is turned from rest in the world by what the source turns, after the rig's rest pose was
turned to stand as the source's. So neither rest poses nor axes, rolls, parents or the scale of the
armature matter: they only come in when turns are told in the axes of a bone.
"""

from dataclasses import dataclass

import numpy as np

from bake.retarget.bone_map import BoneMap
from bake.retarget.chains import bone_turns
from bake.retarget.controls import key_controls, needed_settings
from bake.retarget.human import HumanMotion
from bake.retarget.motion import RigMotion
from bake.retarget.posing import Posing
from bake.retarget.rest_pose import (
    JointRest,
    RestPose,
    alignment,
    rest_pose,
    source_rest,
    target_rest,
)
from bake.retarget.rig import Rig
from bake.retarget.settings import RetargetSettings
from bake.retarget.standing import standing_of_rig, standing_of_source
from core_model.geometry.rotations import (
    matrix_to_quaternion,
    quaternion_to_matrix,
    without_sign_flips,
)


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
        rig, source = self.rig, self.source
        self.places = rig.place_of()
        pose = rest_pose(rig)
        looks = rest_pose(rig, self.settings.pose_as_rest)
        theirs, ours = source_rest(source), target_rest(rig, self.bone_map, looks)
        self.posing = Posing(rig, pose, len(source))
        aligned = alignment(theirs, ours)
        whole = self._turn(aligned, looks, pose)
        self._carry(theirs, ours)
        key_controls(self.posing, rig, self.bone_map, whole, self.settings.limbs)
        return self._result()

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

    def _carry(self, theirs: JointRest, ours: JointRest) -> None:
        """Put the hips where the source's are, by the length of the legs."""
        source_stands = standing_of_source(self.source, theirs)
        stands = standing_of_rig(
            self.rig,
            ours,
            self.posing.rest,
            {joint: self._first_bone(joint) for joint in ours.heads},
        )
        scale = self.settings.scale or stands.leg / source_stands.leg
        goal = _hips(self.source) * scale
        goal[:, 2] += stands.ankle - scale * source_stands.ankle
        carrier = self._carrier()
        self.posing.heads[carrier] = self.posing.state(carrier).head
        self.posing.forget()
        now = np.mean(
            [self.posing.state(self._first_bone(joint)).head for joint in _hip_joints(ours)], axis=0
        )
        self.posing.heads[carrier] = self.posing.heads[carrier] + goal - now
        self.posing.forget()

    def _first_bone(self, joint: str) -> int:
        return self.places[self.bone_map.joints[joint].bones[0]]

    def _carrier(self) -> int:
        """Return the bone that carries the body: the mover, or the nearest that can be moved."""
        name = self.bone_map.mover
        bone = self.places[name] if name in self.places else self._first_bone("pelvis")
        while self.rig.bones[bone].connected:
            bone = self.rig.bones[bone].parent
        return bone

    def _result(self) -> RigMotion:
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
            settings=needed_settings(self.bone_map, self.settings.limbs),
            seen={self.rig.bones[bone].name: turn for bone, turn in self.posing.turns.items()},
        )


def _hip_joints(rest: JointRest) -> tuple[str, ...]:
    pair = ("left_hip", "right_hip")
    return pair if all(joint in rest.heads for joint in pair) else ("pelvis",)


def _hips(source: HumanMotion) -> np.ndarray:
    """Return the middle between the joints of the hips (K, 3), world, metres."""
    pair = [source.joints.index(j) for j in ("left_hip", "right_hip") if j in source.joints]
    if len(pair) < 2:
        pair = [source.joints.index("pelvis")]
    return np.asarray(source.places[:, pair].mean(axis=1))

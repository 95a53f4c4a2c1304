"""A solved motion as Blender plays it, and how far that is from its source."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import bpy
import numpy as np

from bake.motion.resample import Timeline, rate_of
from bake.retarget.human import HumanMotion
from bake.retarget.joints import NEXT
from bake.retarget.maps.bone_map import BoneMap, JointBones, LimbControls, Setting
from bake.retarget.motion import RigMotion
from bake.retarget.sources.takes import human_of_motion
from bake.scene.animation.motion import motion_of
from core_model.geometry.rotations import nearest_rotation, quaternion_to_matrix
from core_model.take import Take
from tests.bake.retarget.truth import TRUTH, Truth
from tests.places import RENDERED

LIMBS = ("hip", "knee", "shoulder", "elbow")
"""Parts of whose bones the direction is the source's, whatever the rest pose."""


CAPTURED = sorted(RENDERED.glob("*_01.npz"))
"""Takes of people of the CMU database, on feet that stand on the floor."""


def human_of(file: Path, smoothing: str = "none") -> HumanMotion:
    """Return the take of a file."""
    take = Take.load(file)
    motion = motion_of(take, Timeline(rate_of(take.times)), smoothing)
    return human_of_motion(motion, file.stem)


def map_of(name: str) -> BoneMap:
    """Return the map of a rig of `tests.bake.retarget.rigs`, written by hand."""
    joints = {joint: JointBones(bones) for joint, bones in TRUTH[name].items()}
    return BoneMap(name, joints, root=ROOTS.get(name, ""), **CONTROLS.get(name, {}))


@dataclass(frozen=True)
class Played:
    """Bones in the world.

    Parameters
    ----------
    names : list of str
    rest_heads : (B, 3)
    heads : (F, B, 3)
    turns : (F, B, 3, 3)
        From rest.
    frames : (F,) int
        Places in the motion.
    """

    names: list[str]
    rest_heads: np.ndarray
    heads: np.ndarray
    turns: np.ndarray
    frames: np.ndarray

    def head(self, bone: str) -> np.ndarray:
        return self.heads[:, self.names.index(bone)]

    def turn(self, bone: str) -> np.ndarray:
        return self.turns[:, self.names.index(bone)]


def pose_at(armature: Any, motion: RigMotion, frame: int) -> None:
    """Put a rig into the pose of a frame."""
    bones = armature.pose.bones
    for name, turns in motion.turns.items():
        bones[name].rotation_mode = "QUATERNION"
        bones[name].rotation_quaternion = turns[frame]
    for name, moves in motion.moves.items():
        bones[name].location = moves[frame]
    apply_settings(armature, motion.settings)
    layer = bpy.context.view_layer
    assert layer
    layer.update()


def apply_settings(armature: Any, settings: Sequence[Setting]) -> None:
    """Set the properties of bones that a motion needs."""
    for each in settings:
        bone = armature.pose.bones[each.bone]
        if each.index >= 0:
            getattr(armature.pose.bones[each.bone], each.property)[each.index] = each.value
        elif each.built_in:
            setattr(bone, each.property, each.value)
        else:
            bone[each.property] = type(bone[each.property])(each.value)


def played(armature: Any, motion: RigMotion, frames: Sequence[int]) -> Played:
    """Play frames of a motion on a rig."""
    bones = armature.pose.bones
    to_world = np.array(armature.matrix_world)
    at_rest = nearest_rotation((to_world @ _matrices(bones, rest=True))[:, :3, :3])
    heads, turns = [], []
    for frame in frames:
        pose_at(armature, motion, int(frame))
        matrices = to_world @ _matrices(bones)
        heads.append(matrices[:, :3, 3])
        turns.append(nearest_rotation(matrices[:, :3, :3]) @ np.swapaxes(at_rest, 1, 2))
    rest_heads = (to_world @ _matrices(bones, rest=True))[:, :3, 3]
    return Played(bones.keys(), rest_heads, np.array(heads), np.array(turns), np.array(frames))


def _matrices(bones: Any, rest: bool = False) -> np.ndarray:
    return np.array([bone.bone.matrix_local if rest else bone.matrix for bone in bones])


def limb_errors(
    source: HumanMotion, shown: Played, bones: Mapping[str, Sequence[str]]
) -> dict[str, np.ndarray]:
    """Return by how many degrees (F,) the limbs point elsewhere than the source's, by joint."""
    turns = quaternion_to_matrix(source.turns[shown.frames])
    errors = {}
    for index, joint in enumerate(source.joints):
        part = joint.rpartition("_")[2]
        finger = part[-1].isdigit() and "spine" not in part
        after = [
            other for other in NEXT.get(joint, ()) if other in bones and other in source.joints
        ]
        if joint not in bones or not after or not (part in LIMBS or finger):
            continue
        way = shown.head(bones[after[0]][0]) - shown.head(bones[joint][0])
        wanted = turns[:, index] @ (source.ends[index] - source.rest[index])
        errors[joint] = np.degrees(
            np.arctan2(np.linalg.norm(np.cross(way, wanted), axis=1), (way * wanted).sum(1))
        )
    return errors


def bones_of(name: str) -> Truth:
    """Return the bones of a rig that move its mesh, by joint: what is seen in the end."""
    return DEFORMING.get(name, TRUTH[name])


DEFORMING: dict[str, Truth] = {
    "m2m_control": TRUTH["m2m_male"],
    "rigify": {
        joint: tuple(f"DEF-{bone}" for bone in bones) for joint, bones in TRUTH["metarig"].items()
    },
}

ROOTS = {
    "m2m_sample": "root",
    "m2m_female": "root",
    "m2m_male": "root",
    "m2m_zombie": "root",
    "m2m_control": "DRV_root",
    "rigify": "root",
    "game_engine": "Root",
    "ours": "root",
}

_SIDES = (("left", "L"), ("right", "R"))


def _rigify_limb(part: str, end: str, side: str, toe: str = "") -> LimbControls:
    switch = f"{part}_parent.{side}"
    return LimbControls(
        f"{end}_ik.{side}",
        f"{part}_ik_target.{side}",
        toe,
        to_ik=(Setting(switch, "IK_FK", 0.0), Setting(switch, "pole_vector", 1.0)),
        to_fk=(Setting(switch, "IK_FK", 1.0),),
    )


CONTROLS: dict[str, dict[str, Any]] = {
    "m2m_control": {
        "mover": "CTRL_Hips",
        "limbs": {
            f"{side}_{limb}": LimbControls(f"CTRL_{control}_{letter}", f"{pole}_{letter}")
            for side, letter in _SIDES
            for limb, control, pole in (("leg", "ILLEG", "POLE_Leg"), ("arm", "Arm", "POLEARM"))
        },
    },
    "rigify": {
        "mover": "torso",
        "limbs": {
            **{f"{side}_arm": _rigify_limb("upper_arm", "hand", letter) for side, letter in _SIDES},
            **{
                f"{side}_leg": _rigify_limb("thigh", "foot", letter, f"toe_ik.{letter}")
                for side, letter in _SIDES
            },
        },
    },
}

"""The motion of any rig as a take: put on the average body through the rig's bone map."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from bake.export.channels import rotations_of
from bake.export.human_motion import AS_IT_IS, human_in
from bake.export.options import ExportOptions
from bake.export.reading import Reading
from bake.export.smpl_take import take_from, with_fingers
from bake.export.stage import stage_for
from bake.retarget.human import HUMAN_JOINTS
from bake.retarget.in_blender.rigs import read_rig
from bake.retarget.maps.bone_map import BoneMap, JointBones
from bake.retarget.motion import RigMotion
from bake.retarget.rig import Rig
from bake.retarget.solving.solve import solve
from bake.scene.rig.armature import add_finger_bones, create_armature
from bake.scene.rig.pose_bones import fingers_in_world, rest_in_world
from core_model.body.model import default_body
from core_model.geometry.rotations import quaternion_to_matrix
from core_model.take import Take


def take_of_rig(
    scene: Any, reading: Reading, fps: float, per_unit: float, options: ExportOptions
) -> Take:
    """Put the motion of a rig on our body.

    The way over the ground is scaled by the length of the legs.

    Parameters
    ----------
    scene : bpy.types.Scene
    reading : Reading
    fps : float
    per_unit : float
        Metres in a unit of the scene.
    options : ExportOptions

    Raises
    ------
    RigError
        When the rig is no human figure.
    """
    human = human_in(reading, fps, per_unit, options)
    ours = _our_rig(scene)
    joints = {joint: JointBones((joint,)) for joint in HUMAN_JOINTS if joint in ours.names}
    motion = solve(human, ours, BoneMap("SMPL", joints), AS_IT_IS)
    posed = _posed(ours, motion)
    own = [ours.place_of()[name] for name in with_fingers(ours.names)]
    if not any(joint in human.joints for joint in HUMAN_JOINTS[22:]):
        own = own[:24]  # nobody said anything of the fingers
    return take_from(
        np.array([bone.rest[:3, :3] for bone in ours.bones])[own],
        rotations_of(posed[:, own, :3, :3]),
        posed[:, own[0], :3, 3],
        (motion.frames - motion.frames[0]) / fps,
        default_body(),
        np.zeros(10),
    )


def _our_rig(scene: Any) -> Rig:
    """Return our own rig of the average body, in metres, standing at the origin."""
    body, betas = default_body(), np.zeros(10)
    joints, _ = rest_in_world(body, betas)
    with stage_for(scene) as stage:
        armature = create_armature("export", joints, stage.scene.collection)
        stage.made += [armature, armature.data]
        if body.has_fingers:
            add_finger_bones(armature, *fingers_in_world(body, betas))
        rig = read_rig(armature)
    return replace(rig, to_world=np.eye(4))


def _posed(rig: Rig, motion: RigMotion) -> np.ndarray:
    """Return where the bones of a rig are, (K, B, 4, 4)."""
    frames = len(motion.frames)
    posed = np.tile(np.eye(4), (frames, len(rig.bones), 1, 1))
    parents: Sequence[int] = rig.parents
    for place, bone in enumerate(rig.bones):
        basis = np.tile(np.eye(4), (frames, 1, 1))
        if bone.name in motion.turns:
            basis[:, :3, :3] = quaternion_to_matrix(motion.turns[bone.name])
        if bone.name in motion.moves:
            basis[:, :3, 3] = motion.moves[bone.name]
        parent = parents[place]
        start = bone.rest
        if parent >= 0:
            start = posed[:, parent] @ np.linalg.inv(rig.bones[parent].rest) @ bone.rest
        posed[:, place] = start @ basis
    return posed

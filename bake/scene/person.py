"""One take becomes one person in Blender: armature, action and body."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import bpy
import numpy as np

from bake.cleaning import clean_motion
from bake.motion.fingers import finger_motion
from bake.motion.resample import Keys, Timeline
from bake.motion.smoothing import Profile
from bake.scene.action import new_action, write_curves
from bake.scene.armature import (
    add_finger_bones,
    create_armature,
    rest_bones,
    rest_orientations,
)
from bake.scene.body_mesh import COLOURS, create_body_mesh, skin
from bake.scene.pose_bones import (
    fingers_in_world,
    pose_bone_quaternions,
    rest_in_world,
    root_locations,
)
from bake.scene.shape_keys import add_shape_keys
from core_model.body.fingers import FINGER_JOINT_NAMES
from core_model.body.model import Body, default_body
from core_model.body.skeleton import JOINT_NAMES
from core_model.geometry.rotations import without_sign_flips
from core_model.take import Take


@dataclass(frozen=True)
class BakedPerson:
    """What a take became.

    Parameters
    ----------
    armature : bpy.types.Object
    action : bpy.types.Action
        Assigned to `armature`.
    body : bpy.types.Object or None
        The skinned mesh, if one was wanted.
    keys : Keys
        The motion as it was keyed.
    """

    armature: bpy.types.Object
    action: bpy.types.Action
    body: bpy.types.Object | None
    keys: Keys


def bake_take(
    take: Take,
    name: str,
    timeline: Timeline,
    profile: Profile,
    collection: bpy.types.Collection,
    *,
    with_body: bool = True,
    colour: tuple[float, float, float] = COLOURS[0],
    body: Body | None = None,
    root_motion: str = "free",
    feet: str = "never",
) -> BakedPerson:
    """Put a take into Blender as an armature with an action, and the skinned body if wanted.

    The armature object stays at the origin; the pelvis bone carries the motion through the world.

    Parameters
    ----------
    take : Take
    name : str
        Of all that is made; Blender appends a number where the name is taken.
    timeline : Timeline
        The scene's frame rate, and the moment of the clip at its first frame.
    profile : Profile
        How to smooth.
    collection : bpy.types.Collection
        Part of the current scene.
    with_body : bool
    colour : tuple
        Linear RGB of the body.
    body : Body, optional
        Another body than the default one; its mesh gets shape keys. Corrections by the pose, which
        Blender's skinning does not have, are left out.
    root_motion : str
        One of `ROOT_MOTIONS`.
    feet : str
        One of `FOOT_MODES`.

    Raises
    ------
    TakeError
        When the person was seen in no frame.
    """
    shown = body or default_body()
    keys = clean_motion(take, timeline, profile, shown, root_motion, feet)
    joints, vertices = rest_in_world(shown, take.betas)
    armature = create_armature(name, joints, collection)
    action, curves = key_motion(armature, name, keys)
    fingers = finger_motion(take, timeline, profile) if shown.has_fingers else None
    if fingers is not None:
        add_finger_bones(armature, *fingers_in_world(shown, take.betas))
        key_fingers(armature, curves, fingers, keys)
    mesh = None
    if with_body:
        bones, weights = skin(shown, fingers is not None)
        mesh = create_body_mesh(
            f"{name}_body", vertices, shown.faces, weights, armature, colour, bones
        )
        if body:
            add_shape_keys(mesh, armature, body, take.betas)
    return BakedPerson(armature, action, mesh, keys)


def key_motion(armature: bpy.types.Object, name: str, keys: Keys) -> tuple[bpy.types.Action, Any]:
    """Write motion as a new action of an armature that `bake_take` made, and assign it.

    Returns the action with the holder of its curves, as `new_action` does.
    """
    rest = rest_orientations(armature)
    rotations = without_sign_flips(pose_bone_quaternions(keys.quaternions, rest))
    pelvis = JOINT_NAMES[0]
    rest_pelvis = np.array(rest_bones(armature)[pelvis].head_local)
    locations = root_locations(keys.positions, rest[0], rest_pelvis)
    action, holder = new_action(name, armature)
    write_curves(
        holder, _path(pelvis, "location"), pelvis, keys.frames, locations, keys.last_of_run
    )
    _key_rotations(holder, JOINT_NAMES, rotations, keys)
    return action, holder


def key_fingers(armature: bpy.types.Object, curves: Any, fingers: np.ndarray, keys: Keys) -> None:
    """Write the motion of fingers beside that of the body.

    Parameters
    ----------
    armature : bpy.types.Object
        With the bones of `add_finger_bones`.
    curves : bpy.types.Action or bpy.types.ActionChannelbag
        From `key_motion`.
    fingers : (K, 30, 4)
        From `finger_motion`.
    keys : Keys
        Of the body.
    """
    rest = rest_orientations(armature, FINGER_JOINT_NAMES)
    rotations = without_sign_flips(pose_bone_quaternions(fingers, rest, first_is_root=False))
    _key_rotations(curves, FINGER_JOINT_NAMES, rotations, keys)


def _key_rotations(holder: Any, bones: Sequence[str], rotations: np.ndarray, keys: Keys) -> None:
    for index, bone in enumerate(bones):
        write_curves(
            holder,
            _path(bone, "rotation_quaternion"),
            bone,
            keys.frames,
            rotations[:, index],
            keys.last_of_run,
        )


def _path(bone: str, channel: str) -> str:
    return f'pose.bones["{bone}"].{channel}'

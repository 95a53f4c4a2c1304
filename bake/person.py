"""One take becomes one person in Blender: armature, action and body."""

from dataclasses import dataclass
from typing import Any

import bpy
import numpy as np

from bake.action import new_action, write_curves
from bake.armature import create_armature, rest_bones, rest_orientations
from bake.body_mesh import COLOURS, create_body_mesh
from bake.cleaning import clean_motion
from bake.pose_bones import pose_bone_quaternions, rest_in_world, root_locations
from bake.resample import Keys, Timeline
from bake.shape_keys import add_shape_keys
from bake.smoothing import Profile
from core_model.body import Body, default_body
from core_model.rotations import without_sign_flips
from core_model.skeleton import JOINT_NAMES
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
    action, _ = key_motion(armature, name, keys)
    mesh = None
    if with_body:
        mesh = create_body_mesh(
            f"{name}_body", vertices, shown.faces, shown.weights, armature, colour
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
    for joint, bone in enumerate(JOINT_NAMES):
        write_curves(
            holder,
            _path(bone, "rotation_quaternion"),
            bone,
            keys.frames,
            rotations[:, joint],
            keys.last_of_run,
        )
    return action, holder


def _path(bone: str, channel: str) -> str:
    return f'pose.bones["{bone}"].{channel}'

"""One take becomes one person in the scene, or the person that it became is given new keys."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import bpy
import numpy as np

from bake.cleaning import clean_motion
from bake.motion.fingers import finger_motion
from bake.motion.resample import Keys
from bake.motion.smoothing import load_profile, scaled
from bake.scene.action import curves_of
from bake.scene.armature import add_finger_bones, create_armature, has_finger_bones
from bake.scene.body_mesh import COLOURS, create_body_mesh, skin
from bake.scene.confidence import confidence_at, show_confidence
from bake.scene.person import key_fingers, key_motion
from bake.scene.pose_bones import fingers_in_world, rest_in_world
from bake.scene.presence import hide_while_unseen
from bake.scene.shape_keys import add_shape_keys
from bake.scene.timing import new_collection
from core_model.body.model import Body, default_body, load_body
from core_model.body.skeleton import JOINT_NAMES
from core_model.take import Take
from core_model.take.upright import upright

from ..properties import settings_of
from .listing import find_take, takes_of_capture
from .plan import BakePlan

_TAG = "mocap_take"
"""Custom property by which an action is known as one of ours, to be replaced by the next bake."""

_BODY_TAG = "mocap_body"
"""Custom property of an armature: the file of the body that its bones are of."""


@dataclass(frozen=True)
class Motion:
    """All numbers that a person in the scene is made of.

    Parameters
    ----------
    take : Take
    keys : Keys
    fingers : (K, 30, 4) or None
        At the frames of `keys`; None for takes and bodies without.
    confidence : (K, 24)
        At the frames of `keys`.
    body : Body
    joints, vertices : (24, 3), (V, 3)
        Rest pose in Blender's world, metres.
    body_file : str
        Where the body came from; empty for the default one.
    """

    take: Take
    keys: Keys
    fingers: np.ndarray | None
    confidence: np.ndarray
    body: Body
    joints: np.ndarray
    vertices: np.ndarray
    body_file: str


def read_motion(plan: BakePlan) -> Motion:
    """Read and clean up a take; touches nothing in Blender.

    Raises
    ------
    MocapError
        When a file is missing, damaged or of no use.
    """
    take, _ = upright(Take.load(plan.path), plan.up)
    body = load_body(plan.body_file) if plan.body_file else default_body()
    profile = scaled(load_profile(plan.profile), plan.strength)
    keys = clean_motion(take, plan.timeline, profile, body, plan.root_motion, plan.feet)
    joints, vertices = rest_in_world(body, take.betas)
    fingers = finger_motion(take, plan.timeline, profile) if body.has_fingers else None
    confidence = confidence_at(take, keys, plan.timeline)
    return Motion(
        take, keys, fingers, confidence, body, joints, vertices, str(plan.body_file or "")
    )


def put_person(scene: bpy.types.Scene, uid: str, motion: Motion) -> None:
    """Give the person of a take its armature and its keys; an old action of ours is replaced."""
    item = find_take(scene, uid)
    collection = clip_collection(scene, item)
    armature = armature_of(item, scene)
    if armature and armature.get(_BODY_TAG) != motion.body_file:
        # Other bones: nothing of the old figure fits.
        remove_figure(item, scene)
        armature = None
    if armature is None:
        armature = create_armature(item.name, motion.joints, collection)
        armature[_BODY_TAG] = motion.body_file
        if motion.fingers is not None:
            add_finger_bones(armature, *fingers_in_world(motion.body, motion.take.betas))
        item.armature = armature
    data = armature.animation_data
    old = data.action if data and data.action and _TAG in data.action else None
    action, curves = key_motion(armature, item.name, motion.keys)
    action[_TAG] = uid
    if settings_of(scene).scene.mark_doubtful:
        show_confidence(armature, curves, motion.keys, motion.confidence)
    if old is not None and old.users == 0:
        bpy.data.actions.remove(old)
        action.name = item.name


def put_fingers(scene: bpy.types.Scene, uid: str, motion: Motion) -> None:
    """Key the fingers beside the body, after `put_person`: two short steps, not a long one."""
    armature = find_take(scene, uid).armature
    if motion.fingers is not None and has_finger_bones(armature):
        key_fingers(armature, curves_of(armature), motion.fingers, motion.keys)


def put_body(scene: bpy.types.Scene, uid: str, motion: Motion) -> None:
    """Add, keep or take away the body, as the Scene panel says."""
    item = find_take(scene, uid)
    body = in_scene(item.body, scene)
    if not settings_of(scene).scene.with_body:
        if body:
            remove_body(body)
        return
    if body is None:
        colour = COLOURS[list(settings_of(scene).takes).index(item) % len(COLOURS)]
        bones, weights = skin(motion.body, has_finger_bones(item.armature))
        body = create_body_mesh(
            f"{item.name}_body",
            motion.vertices,
            motion.body.faces,
            weights,
            item.armature,
            colour,
            bones,
        )
        if motion.body_file:
            add_shape_keys(body, item.armature, motion.body, motion.take.betas)
        item.body = body
    for path in ("hide_viewport", "hide_render"):
        body.driver_remove(path)
        setattr(body, path, False)
    hide_while_unseen(body, motion.keys, scene.frame_start, scene.frame_end)


def remove_figure(item: Any, scene: bpy.types.Scene) -> None:
    """Take armature and body of a take out of the file, with the keys that we made."""
    body = in_scene(item.body, scene)
    if body:
        remove_body(body)
    armature = item.armature
    data, animation = armature.data, armature.animation_data
    action = animation.action if animation else None
    bpy.data.objects.remove(armature)
    if data.users == 0:
        bpy.data.armatures.remove(data)
    if action and _TAG in action and action.users == 0:
        bpy.data.actions.remove(action)


def remove_body(body: Any) -> None:
    """Take a body out of the file, with its mesh and material."""
    mesh, materials = body.data, list(body.data.materials)
    bpy.data.objects.remove(body)
    if mesh.users == 0:
        bpy.data.meshes.remove(mesh)
    for material in materials:
        if material and material.users == 0:
            bpy.data.materials.remove(material)


def armature_of(item: Any, scene: bpy.types.Scene) -> Any:
    """Return the armature that a take became, None if it was deleted or is no such armature."""
    armature = in_scene(item.armature, scene)
    if armature and all(name in armature.data.bones for name in JOINT_NAMES):
        return armature
    return None


def in_scene(placed: Any, scene: bpy.types.Scene) -> Any:
    """Return an object if it is in the scene; deleting leaves it in the list's hands."""
    return placed if placed and scene.objects.get(placed.name) == placed else None


def clip_collection(scene: bpy.types.Scene, item: Any) -> bpy.types.Collection:
    """Return the collection of a take's clip, a new one for the first take of it."""
    for other in takes_of_capture(scene, item):
        armature = in_scene(other.armature, scene)
        if armature:
            return armature.users_collection[0]
    return new_collection(Path(item.clip).stem if item.clip else item.name, scene)

"""The body as a mesh that the armature moves."""

from collections.abc import Sequence
from typing import Any

import bpy
import numpy as np

from core_model.body.fingers import FINGER_JOINT_NAMES, without_fingers
from core_model.body.model import Body
from core_model.body.skeleton import JOINT_NAMES

COLOURS = (
    (0.90, 0.32, 0.08),
    (0.10, 0.40, 0.90),
    (0.25, 0.70, 0.20),
    (0.95, 0.70, 0.10),
    (0.55, 0.25, 0.85),
    (0.10, 0.70, 0.75),
    (0.90, 0.25, 0.55),
    (0.60, 0.55, 0.45),
)
"""Linear RGB, one for each person in turn."""

_MOST_BONES = 4


def create_body_mesh(
    name: str,
    vertices: np.ndarray,
    faces: np.ndarray,
    weights: np.ndarray,
    armature: bpy.types.Object,
    colour: tuple[float, float, float],
    bones: Sequence[str] = JOINT_NAMES,
) -> bpy.types.Object:
    """Make a body beside its armature, skinned to it.

    Parameters
    ----------
    name : str
        Of object, mesh and material.
    vertices : (V, 3)
        The rest pose of `armature`, world, metres.
    faces : (F, 3) int
    weights : (V, N)
        Skinning weights of `bones`.
    armature : bpy.types.Object
        From `create_armature`; the body becomes its child.
    colour : tuple
        Linear RGB.
    bones : sequence of str
        Of the armature.
    """
    mesh = bpy.data.meshes.new(name)
    mesh.from_pydata(vertices.tolist(), [], faces.tolist())
    mesh.polygons.foreach_set("use_smooth", np.ones(len(faces), dtype=bool))
    mesh.materials.append(_material(name, colour))
    mesh.update()
    body = bpy.data.objects.new(name, mesh)
    for collection in armature.users_collection:
        collection.objects.link(body)
    body.parent = armature
    for joint, bone in enumerate(bones):
        group = body.vertex_groups.new(name=bone)
        for vertex in np.flatnonzero(weights[:, joint]).tolist():
            group.add((vertex,), float(weights[vertex, joint]), "REPLACE")
    modifier = body.modifiers.new("Armature", "ARMATURE")
    assert isinstance(modifier, bpy.types.ArmatureModifier)
    modifier.object = armature
    modifier.use_bone_envelopes = False
    return body


def skin(body: Body, with_fingers: bool) -> tuple[tuple[str, ...], np.ndarray]:
    """Return the bones that move the skin of a body, and the weights (V, N) of each.

    No vertex follows more than four bones, so that the skin is the same in game engines, which know
    no more.
    """
    if not with_fingers or body.finger_weights is None:
        return JOINT_NAMES, _strongest(body.weights)
    own = without_fingers(body.finger_weights, body.weights)
    weights = np.concatenate((own, body.finger_weights), axis=1)
    return (*JOINT_NAMES, *FINGER_JOINT_NAMES), _strongest(weights)


def _strongest(weights: np.ndarray) -> np.ndarray:
    """Leave each row its largest weights, with the same sum."""
    kept = weights.copy()
    np.put_along_axis(kept, np.argsort(-weights, axis=1)[:, _MOST_BONES:], 0.0, axis=1)
    return kept * (weights.sum(axis=1) / kept.sum(axis=1))[:, None]


def _material(name: str, colour: tuple[float, float, float]) -> bpy.types.Material:
    material: Any = bpy.data.materials.new(name)
    material.diffuse_color = (*colour, 1.0)
    if bpy.app.version < (5, 0, 0):
        material.use_nodes = True
    shader = material.node_tree.nodes["Principled BSDF"]
    shader.inputs["Base Color"].default_value = (*colour, 1.0)
    shader.inputs["Roughness"].default_value = 0.6
    return material

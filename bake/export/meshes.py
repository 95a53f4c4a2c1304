"""The meshes of a figure, and copies of them that follow a clean skeleton."""

from collections.abc import Collection, Sequence
from typing import Any

import bpy
import numpy as np

_SHAPES_MESH = {"ARMATURE"}


def meshes_of(scene: bpy.types.Scene, armature: Any) -> list[bpy.types.Object]:
    """Return the meshes of a scene that an armature moves, hidden ones as well.

    They follow it by a modifier, or hang on it or one of its bones. Shapes of bones do not count.
    """
    shapes = {bone.custom_shape for bone in armature.pose.bones}
    return [
        thing
        for thing in scene.objects
        if thing.type == "MESH"
        and thing not in shapes
        and (_modifier(thing, armature) or _hangs_on(thing, armature))
    ]


def weighted_bones(armature: bpy.types.Object, meshes: Sequence[bpy.types.Object]) -> set[str]:
    """Return the bones that vertices of meshes follow."""
    bones: Any = armature.data.bones  # type: ignore[union-attr]
    found: set[str] = set()
    for mesh in meshes:
        if _modifier(mesh, armature) is None and mesh.parent_type != "ARMATURE":
            continue
        used = {
            each.group
            for vertex in mesh.data.vertices  # type: ignore[union-attr]
            for each in vertex.groups
            if each.weight > 0
        }
        found |= {
            group.name
            for group in mesh.vertex_groups
            if group.index in used and group.name in bones and bones[group.name].use_deform
        }
    return found


def carrying_bones(armature: bpy.types.Object, meshes: Sequence[bpy.types.Object]) -> set[str]:
    """Return the bones that meshes hang on as a whole."""
    found = (_carrier(mesh, armature) for mesh in meshes if _modifier(mesh, armature) is None)
    return {name for name in found if name}


def has_moving_shapes(mesh: Any) -> bool:
    """Return whether shape keys of a mesh are animated or driven."""
    keys = mesh.data.shape_keys
    data = keys.animation_data if keys else None
    return bool(data and (data.action or data.drivers or data.nla_tracks))


def copy_mesh(
    mesh: Any,
    armature: Any,
    skeleton: Any,
    deform: Collection[str],
    top: str,
    to_clean: np.ndarray,
) -> tuple[Any, list[str]]:
    """Make a copy of a mesh that a clean skeleton moves as the rig moves the mesh.

    Parameters
    ----------
    mesh : bpy.types.Object
        From `meshes_of`.
    armature, skeleton : bpy.types.Object
        The rig and what is exported of it.
    deform : collection of str
        Bones of the skeleton that vertices may follow.
    top : str
        The bone that carries what hung on the rig as a whole.
    to_clean : (4, 4)
        From the space of the rig at rest to that of the skeleton.

    Returns
    -------
    bpy.types.Object, list of str
        In no scene yet; and what the user should know.
    """
    follows = _modifier(mesh, armature) or (mesh.parent_type == "ARMATURE" and mesh.parent)
    carrier = "" if follows else _carrier(mesh, armature) or top
    double, told = _plain_copy(mesh, armature)
    _apply(double.data, to_clean @ _rest_place(mesh, armature, carrier if not follows else ""))
    if carrier:
        double.vertex_groups.clear()
        group = double.vertex_groups.new(name=carrier)
        group.add(list(range(len(double.data.vertices))), 1.0, "REPLACE")
    else:
        for group in [each for each in double.vertex_groups if _misleads(each, armature, deform)]:
            double.vertex_groups.remove(group)
    double.parent, double.parent_type = skeleton, "OBJECT"
    double.matrix_parent_inverse.identity()
    double.matrix_basis.identity()
    modifier = double.modifiers.new("Armature", "ARMATURE")
    modifier.object = skeleton
    return double, told


def _plain_copy(mesh: Any, armature: Any) -> tuple[Any, list[str]]:
    """Copy a mesh with what its modifiers make of it at rest, as far as files can hold that."""
    told: list[str] = []
    double = mesh.copy()
    double.animation_data_clear()
    double.constraints.clear()
    double.hide_viewport = double.hide_render = double.hide_select = False
    others = [
        each for each in mesh.modifiers if each.type not in _SHAPES_MESH and each.show_viewport
    ]
    if others and mesh.data.shape_keys:
        told.append(
            f"{mesh.name} has shape keys: its modifiers ({_listed(others)}) are not in the file."
        )
        others = []
    for modifier in list(double.modifiers):
        if modifier.type in _SHAPES_MESH:
            double.modifiers.remove(modifier)
    double.data = _evaluated(double) if others else mesh.data.copy()
    double.modifiers.clear()
    if double.data.shape_keys:
        double.data.shape_keys.animation_data_clear()
    return double, told


def _evaluated(double: Any) -> Any:
    """Return a mesh as its modifiers make it."""
    stage = bpy.data.scenes.new("export")
    try:
        double.parent = None
        stage.collection.objects.link(double)
        stage.view_layers[0].update()
        graph: Any = stage.view_layers[0].depsgraph
        made = bpy.data.meshes.new_from_object(
            double.evaluated_get(graph), preserve_all_data_layers=True, depsgraph=graph
        )
    finally:
        bpy.data.scenes.remove(stage)
    return made


def _rest_place(mesh: Any, armature: Any, carrier: str) -> np.ndarray:
    """Return where a mesh is in the space of its rig while that rests, (4, 4)."""
    own = np.array(mesh.matrix_basis)
    parent = mesh.parent
    if parent is None:
        return np.asarray(
            np.linalg.inv(np.array(armature.matrix_world)) @ np.array(mesh.matrix_world)
        )
    own = np.array(mesh.matrix_parent_inverse) @ own
    if parent == armature:
        if mesh.parent_type != "BONE":
            return own
        bone = armature.data.bones[mesh.parent_bone]
        place = np.array(bone.matrix_local)
        if not bone.use_relative_parent:
            tail = np.eye(4)
            tail[1, 3] = bone.length
            place = place @ tail
        return np.asarray(place @ own)
    return np.asarray(_rest_place(parent, armature, carrier) @ own)


def _apply(data: Any, matrix: np.ndarray) -> None:
    """Move the vertices of a mesh, and those of its shape keys."""
    from mathutils import Matrix

    data.transform(Matrix(matrix.tolist()), shape_keys=True)
    if np.linalg.det(matrix[:3, :3]) < 0:
        data.flip_normals()
    data.update()


def _misleads(group: Any, armature: Any, deform: Collection[str]) -> bool:
    """Return whether a group of vertices would follow a bone in a file that it does not follow."""
    bone = armature.data.bones.get(group.name)
    return group.name not in deform or (bone is not None and not bone.use_deform)


def _modifier(thing: Any, armature: Any) -> Any:
    return next(
        (
            each
            for each in thing.modifiers
            if each.type == "ARMATURE" and each.object == armature and each.show_viewport
        ),
        None,
    )


def _hangs_on(thing: Any, armature: Any) -> bool:
    while thing is not None:
        if thing.parent == armature:
            return True
        thing = thing.parent
    return False


def _carrier(mesh: Any, armature: Any) -> str:
    """Return the bone that a mesh hangs on, if need be by way of others; "" for none."""
    while mesh is not None and mesh.parent != armature:
        mesh = mesh.parent
    return mesh.parent_bone if mesh is not None and mesh.parent_type == "BONE" else ""


def _listed(modifiers: Sequence[Any]) -> str:
    return ", ".join(each.name for each in modifiers)

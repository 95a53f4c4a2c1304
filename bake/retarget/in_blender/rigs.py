"""Reading an armature into plain numbers."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import bpy
import numpy as np

from bake.retarget.in_blender.told_bones import told_bones
from bake.retarget.maps.bone_map import Setting
from bake.retarget.rig import Bone, Constraint, Rig


def read_rig(armature: bpy.types.Object, settings: Sequence[Setting] = ()) -> Rig:
    """Read the bones of an armature at rest, and how they may move.

    Parameters
    ----------
    armature : bpy.types.Object
        In any mode; in edit mode what was changed since it was entered is not seen.
    settings : sequence of Setting
        The rig is read as it is with these; afterwards it is as it was. Switches of control rigs
        drive constraints.
    """
    data: Any = armature.data
    ordered = _parents_first(data.bones)
    places = {bone.name: index for index, bone in enumerate(ordered)}
    driven = _driven(armature)
    with _set(armature, settings):
        # Drivers write to what is evaluated.
        seen: Any = armature.evaluated_get(bpy.context.evaluated_depsgraph_get())
        bones = tuple(_bone(bone, seen.pose.bones[bone.name], places, driven) for bone in ordered)
    return Rig(
        name=armature.name,
        bones=bones,
        to_world=np.array(armature.matrix_world, dtype=np.float64),
        properties={**_numbers(data), **_numbers(armature)},
        marks=tuple(data.keys()),
        told=told_bones(armature),
    )


@contextmanager
def _set(armature: bpy.types.Object, settings: Sequence[Setting]) -> Iterator[None]:
    assert armature.pose
    before = []
    for each in settings:
        holder: Any = armature.pose.bones.get(each.bone)
        if holder is not None and each.property in holder:
            value = holder[each.property]
            before.append((holder, each.property, value))
            holder[each.property] = type(value)(each.value)
    _update(armature)
    try:
        yield
    finally:
        for holder, key, value in before:
            holder[key] = value
        if before:
            _update(armature)


def _update(armature: bpy.types.Object) -> None:
    # Nothing but this tells Blender that a custom property was changed.
    armature.update_tag()
    layer = bpy.context.view_layer
    assert layer
    layer.update()


def _parents_first(bones: Any) -> list[Any]:
    ordered, waiting = [], [bone for bone in bones if bone.parent is None]
    while waiting:
        bone = waiting.pop(0)
        ordered.append(bone)
        waiting += bone.children
    return ordered


def _bone(bone: Any, posed: Any, places: Mapping[str, int], driven: set[str]) -> Bone:
    mode = posed.rotation_mode
    return Bone(
        name=bone.name,
        parent=places[bone.parent.name] if bone.parent else -1,
        rest=np.array(bone.matrix_local, dtype=np.float64),
        tail=np.array(bone.tail_local, dtype=np.float64),
        deform=bone.use_deform,
        connected=bone.use_connect and bone.parent is not None,
        turns_with_parent=bone.use_inherit_rotation,
        local_location=bone.use_local_location,
        inherit_scale=bone.inherit_scale,
        control=posed.custom_shape is not None,
        hidden=_hidden(bone, posed),
        mode=mode,
        locked_location=tuple(posed.lock_location),
        locked_rotation=tuple(posed.lock_rotation),
        locked_w=posed.lock_rotation_w and (posed.lock_rotations_4d or len(mode) > 3),
        constraints=tuple(
            _constraint(each, posed, driven) for each in posed.constraints if not each.mute
        ),
        properties=_numbers(posed),
        basis=np.array(posed.matrix_basis, dtype=np.float64),
        ik_stretch=posed.ik_stretch,
        posed=np.array(posed.matrix, dtype=np.float64),
    )


def _hidden(bone: Any, posed: Any) -> bool:
    seen = [each.is_visible_effectively for each in bone.collections]
    # Since Blender 5.0 a pose bone hides itself; before, its bone did.
    return bool(getattr(posed, "hide", False) or bone.hide or (seen and not any(seen)))


def _constraint(constraint: Any, posed: Any, driven: set[str]) -> Constraint:
    path = f'{posed.path_from_id()}.constraints["{constraint.name}"]'
    target = getattr(constraint, "target", None)
    # What is evaluated is a copy.
    owner = constraint.id_data.original
    own = target is not None and target.original == owner
    pole = getattr(constraint, "pole_target", None)
    return Constraint(
        kind=constraint.type,
        target=constraint.subtarget if own else "",
        pole=constraint.pole_subtarget if pole is not None and pole.original == owner else "",
        chain=getattr(constraint, "chain_count", 0),
        influence=constraint.influence,
        driven=f"{path}.influence" in driven or f"{path}.mute" in driven,
        targets=tuple(
            (each.subtarget, each.weight)
            for each in getattr(constraint, "targets", ())
            if each.target is not None and each.target.original == owner and each.subtarget
        ),
        axes=_of_axes(constraint, "use", True),
        inverted=_of_axes(constraint, "invert", False),
        mix=_mix(constraint),
        space=constraint.owner_space,
        target_space=constraint.target_space,
        head_tail=getattr(constraint, "head_tail", 0.0),
        track=getattr(constraint, "track_axis", "TRACK_Y"),
        pole_angle=getattr(constraint, "pole_angle", 0.0),
    )


def _of_axes(constraint: Any, prefix: str, usual: bool) -> tuple[bool, bool, bool]:
    x, y, z = (bool(getattr(constraint, f"{prefix}_{axis}", usual)) for axis in "xyz")
    return x, y, z


def _mix(constraint: Any) -> str:
    # That of a copied location is a switch.
    offset = "OFFSET" if getattr(constraint, "use_offset", False) else "REPLACE"
    return str(getattr(constraint, "mix_mode", offset))


def _driven(armature: bpy.types.Object) -> set[str]:
    data = armature.animation_data
    return {curve.data_path for curve in data.drivers} if data else set()


def _numbers(holder: Any) -> dict[str, float]:
    return {
        key: float(value) for key, value in holder.items() if isinstance(value, (bool, int, float))
    }

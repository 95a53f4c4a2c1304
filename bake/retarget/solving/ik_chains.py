"""The chains by which Blender's IK brings the ends of mapped limbs to their controls."""

from collections.abc import Iterator

import numpy as np

from bake.retarget.joints import LIMBS
from bake.retarget.maps.bone_map import BoneMap
from bake.retarget.rig import Constraint, Rig

_NEAR = 0.05  # of a limb's length: so far a chain may begin and end from the limb's own joints


def limb_chains(
    rig: Rig, bone_map: BoneMap, limbs: str
) -> Iterator[tuple[str, list[int], Constraint]]:
    """Return the IK chains that mapped limbs go by.

    Parameters
    ----------
    rig : Rig
    bone_map : BoneMap
    limbs : str
        One of `bake.retarget.settings.LIMBS`.

    Yields
    ------
    limb : str
        Of `bake.retarget.joints.LIMBS`.
    chain : list of int
        Bones from the end of the limb up to its beginning.
    constraint : Constraint
        Of the first of them.
    """
    places = rig.place_of()
    for name, controls in bone_map.limbs.items():
        switched = bool(controls.to_ik or controls.to_fk)
        joints = [bone_map.joints.get(joint) for joint in LIMBS[name][:3]]
        bones = [places.get(joint.bones[0], -1) if joint else -1 for joint in joints]
        if (switched and limbs == "fk") or controls.control not in places or min(bones) < 0:
            continue
        top, _, end = (rig.bones[bone].head for bone in bones)
        near = _NEAR * float(np.linalg.norm(end - top))
        for chain, constraint in _chains(rig):
            heads = [bool(np.linalg.norm(rig.bones[bone].head - top) < near) for bone in chain]
            if np.linalg.norm(rig.bones[chain[0]].tail - end) < near and any(heads):
                yield name, chain[: heads.index(True) + 1], constraint


def _chains(rig: Rig) -> Iterator[tuple[list[int], Constraint]]:
    """Return the bones of each IK chain, from its end up, and the constraint that makes it."""
    for index, bone in enumerate(rig.bones):
        for each in bone.constraints:
            if each.kind == "IK" and each.influence > 0:
                yield _chain(rig, index, each), each


def _chain(rig: Rig, end: int, constraint: Constraint) -> list[int]:
    chain = [end]
    while rig.bones[chain[-1]].parent >= 0 and len(chain) != constraint.chain:
        chain.append(rig.bones[chain[-1]].parent)
    return chain

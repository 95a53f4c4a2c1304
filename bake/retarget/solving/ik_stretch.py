"""IK chains that may stretch: Blender then stretches bones even where it need not, and bends less.

So limbs would not point where they should. For a bake the chains of mapped limbs keep their length.
"""

from collections.abc import Iterator

import numpy as np

from bake.retarget.joints import LIMBS
from bake.retarget.maps.bone_map import BoneMap, Setting
from bake.retarget.rig import Constraint, Rig

IK_STRETCH = "ik_stretch"

_NEAR = 0.05  # of a limb's length: so far a chain may begin and end from the limb's own joints


def unstretched(rig: Rig, bone_map: BoneMap, limbs: str) -> tuple[Setting, ...]:
    """Return what takes the stretch out of the IK chains that mapped limbs go by.

    Parameters
    ----------
    rig : Rig
    bone_map : BoneMap
    limbs : str
        One of `bake.retarget.settings.LIMBS`.
    """
    places = rig.place_of()
    found: dict[str, Setting] = {}
    for name, controls in bone_map.limbs.items():
        switched = bool(controls.to_ik or controls.to_fk)
        joints = [bone_map.joints.get(joint) for joint in LIMBS[name][:3]]
        bones = [places.get(joint.bones[0], -1) if joint else -1 for joint in joints]
        if (switched and limbs == "fk") or controls.control not in places or min(bones) < 0:
            continue
        top, _, end = (rig.bones[bone].head for bone in bones)
        for chain in _chains(rig):
            near = _NEAR * float(np.linalg.norm(end - top))
            heads = [bool(np.linalg.norm(rig.bones[bone].head - top) < near) for bone in chain]
            if np.linalg.norm(rig.bones[chain[0]].tail - end) < near and any(heads):
                for bone in chain[: heads.index(True) + 1]:
                    if rig.bones[bone].ik_stretch > 0:
                        own = rig.bones[bone].name
                        found[own] = Setting(own, IK_STRETCH, 0.0, built_in=True)
    return tuple(found.values())


def _chains(rig: Rig) -> Iterator[list[int]]:
    """Return the bones of each IK chain, from its end up."""
    for index, bone in enumerate(rig.bones):
        for each in bone.constraints:
            if each.kind == "IK" and each.influence > 0:
                yield _chain(rig, index, each)


def _chain(rig: Rig, end: int, constraint: Constraint) -> list[int]:
    chain = [end]
    while rig.bones[chain[-1]].parent >= 0 and len(chain) != constraint.chain:
        chain.append(rig.bones[chain[-1]].parent)
    return chain

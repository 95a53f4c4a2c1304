"""IK chains that may stretch: Blender then stretches bones even where it need not, and bends less.

So limbs would not point where they should. For a bake the chains of mapped limbs keep their length.
"""

from bake.retarget.maps.bone_map import BoneMap, Setting
from bake.retarget.rig import Rig
from bake.retarget.solving.ik_chains import limb_chains

IK_STRETCH = "ik_stretch"


def unstretched(rig: Rig, bone_map: BoneMap, limbs: str) -> tuple[Setting, ...]:
    """Return what takes the stretch out of the IK chains that mapped limbs go by.

    Parameters
    ----------
    rig : Rig
    bone_map : BoneMap
    limbs : str
        One of `bake.retarget.settings.LIMBS`.
    """
    found: dict[str, Setting] = {}
    for _, chain, _ in limb_chains(rig, bone_map, limbs):
        for bone in chain:
            if rig.bones[bone].ik_stretch > 0:
                own = rig.bones[bone].name
                found[own] = Setting(own, IK_STRETCH, 0.0, built_in=True)
    return tuple(found.values())

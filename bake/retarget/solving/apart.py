"""Parts of limbs that do not hang on the part before: they are moved to where that ends."""

from itertools import pairwise

from bake.retarget.joints import LIMBS
from bake.retarget.maps.bone_map import BoneMap
from bake.retarget.rig import Rig
from bake.retarget.solving.posing import Posing


def bring_along(posing: Posing, bone_map: BoneMap) -> None:
    """Move feet, hands and other parts that a limb would leave behind, from the body outwards.

    Parts of control rigs that something else brings along, such as a constraint, are left to it.

    Parameters
    ----------
    posing : Posing
        In which bones turn as they should; heads are added.
    bone_map : BoneMap
    """
    places = posing.rig.place_of()
    for joints in LIMBS.values():
        mapped = [bone_map.joints[joint].bones for joint in joints if joint in bone_map.joints]
        limb = [[places[bone] for bone in bones if bone in places] for bones in mapped]
        for before, part in pairwise([bones for bones in limb if bones]):
            above = _above(posing.rig, part[0])
            if before[-1] in above or part[0] not in posing.turns:
                continue
            if any(posing.rig.bones[bone].constraints for bone in (part[0], *above)):
                continue
            place = posing.points(before[-1], posing.rest.heads[part[0]])
            posing.heads[part[0]] = place
            posing.forget()


def _above(rig: Rig, bone: int) -> list[int]:
    found = []
    while (bone := rig.bones[bone].parent) >= 0:
        found.append(bone)
    return found

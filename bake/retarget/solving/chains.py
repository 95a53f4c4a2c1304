"""The turns of joints shared among the bones that follow them."""

from collections.abc import Mapping

import numpy as np

from bake.retarget.human import HUMAN_JOINTS
from bake.retarget.joints import NEXT, TRUNK, above
from bake.retarget.maps.bone_map import BoneMap
from bake.retarget.rig import Rig
from bake.retarget.solving.constraints import blend
from core_model.geometry.rotations import axis_angle_to_matrix


def bone_turns(
    whole: Mapping[str, np.ndarray],
    aligned: Mapping[str, np.ndarray],
    rig: Rig,
    bone_map: BoneMap,
) -> dict[int, np.ndarray]:
    """Return how each mapped bone turns from the target's rest pose, in the world.

    The bones of the trunk share what a joint turns more than the one below it by their lengths, so
    that the last one has all of it; bones of joints that the source lacks share in the next turn.
    Of a limb's twist about itself the first bone leaves the others their share.

    Parameters
    ----------
    whole : mapping of str to (K, 3, 3)
        Turn of each joint that source and target have.
    aligned : mapping of str to (3, 3)
        What of that is due to the rest poses.
    rig : Rig
    bone_map : BoneMap

    Returns
    -------
    dict of int to (K, 3, 3)
        By the place of the bone.
    """
    places = rig.place_of()
    found = {
        joint: [places[bone] for bone in mapped.bones if bone in places]
        for joint, mapped in bone_map.joints.items()
    }
    turns = _trunk(whole, found, rig)
    for joint in HUMAN_JOINTS:
        if joint in TRUNK or joint not in whole:
            continue
        bones = found.get(joint, [])
        share = bone_map.joints[joint].twist if len(bones) > 1 else 0.0
        twist = np.zeros(())
        if share:
            after = [found[other][0] for other in NEXT.get(joint, ()) if found.get(other)]
            end = rig.world_heads()[after[0]] if after else rig.world_tails()[bones[-1]]
            twist, axis = _twist(joint, whole, aligned, end - rig.world_heads()[bones[0]])
        for index, bone in enumerate(bones):
            left = share * (1 - index / max(len(bones) - 1, 1))
            turns[bone] = whole[joint]
            if left:
                turns[bone] = whole[joint] @ axis_angle_to_matrix(-left * twist[:, None] * axis)
    locked = {
        places[bone]
        for mapped in bone_map.joints.values()
        if mapped.locked
        for bone in mapped.bones
        if bone in places
    }
    return {bone: turn for bone, turn in turns.items() if bone not in locked}


def _trunk(
    whole: Mapping[str, np.ndarray], found: Mapping[str, list[int]], rig: Rig
) -> dict[int, np.ndarray]:
    turns: dict[int, np.ndarray] = {}
    before, waiting = None, []
    for joint in TRUNK:
        waiting += found.get(joint, [])
        if joint not in whole:
            continue
        after = whole[joint]
        lengths = [_length(rig, bone) for bone in waiting]
        shares = np.cumsum(lengths) / max(sum(lengths), 1e-12)
        for bone, share in zip(waiting, shares, strict=True):
            # All bones of the pelvis turn as it does: there is none below it.
            turns[bone] = after if before is None else blend(before, after, float(share))
        before, waiting = after, []
    return turns


def _length(rig: Rig, bone: int) -> float:
    own = rig.bones[bone]
    return max(float(np.linalg.norm(own.tail - own.head)), 1e-6)


def _twist(
    joint: str,
    whole: Mapping[str, np.ndarray],
    aligned: Mapping[str, np.ndarray],
    way: np.ndarray,
) -> tuple[np.ndarray, np.ndarray]:
    """Return by how much a limb is twisted (K,), radians, and about what (3,) at rest."""
    near = next(other for other in above(joint) if other in whole)
    axis = way / max(float(np.linalg.norm(way)), 1e-12)
    # From what carries the limb, with the rest poses taken out on either side.
    carried = whole[near] @ aligned[near].T @ aligned[joint]
    own = np.swapaxes(carried, 1, 2) @ whole[joint]
    # The twist of a rotation about an axis is that part of its quaternion.
    vector = np.stack(
        (own[:, 2, 1] - own[:, 1, 2], own[:, 0, 2] - own[:, 2, 0], own[:, 1, 0] - own[:, 0, 1]), -1
    )
    twist = 2 * np.arctan2(vector @ axis, 1 + np.trace(own, axis1=1, axis2=2))
    return np.unwrap(twist), axis

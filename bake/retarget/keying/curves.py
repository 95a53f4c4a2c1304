"""The keys that a rig gets, on every frame or reduced to what is needed. No Blender in here."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bake.reduction.bezier import BezierKeys, keys_on_every_frame
from bake.reduction.chain import Chain
from bake.reduction.key_reduction import Stage, Tolerance, Track, reduce_keys
from bake.retarget.joints import above
from bake.retarget.keying.channels import BoneChannel
from bake.retarget.maps.bone_map import BoneMap
from bake.retarget.rig import Rig

_FEET = ("_ankle", "_foot")


@dataclass(frozen=True)
class RigCurves:
    """All keys of one motion on a rig.

    Parameters
    ----------
    channels : tuple of BoneChannel
    keys : tuple of BezierKeys
        For each channel.
    frames : tuple of int
        The first and the last.
    """

    channels: tuple[BoneChannel, ...]
    keys: tuple[BezierKeys, ...]
    frames: tuple[int, int]


def curves_of(
    rig: Rig,
    bone_map: BoneMap,
    channels: Sequence[BoneChannel],
    frames: np.ndarray,
    last_of_run: np.ndarray,
    fps: float,
    tolerance: Tolerance | None,
) -> RigCurves:
    """Return the keys of all channels.

    Parameters
    ----------
    rig : Rig
        Its `to_world` in metres.
    bone_map : BoneMap
    channels : sequence of BoneChannel
    frames : (K,) int
        One after another within each run, unless `tolerance` is None.
    last_of_run : (K,) bool
    fps : float
    tolerance : Tolerance or None
        How far reduced keys may miss the motion; None for a key on every frame.
    """
    if tolerance is None:
        keys = [keys_on_every_frame(frames, each.values, last_of_run) for each in channels]
    else:
        bones = list(dict.fromkeys(channel.bone for channel in channels))
        tracks = [Track(bones.index(each.bone), each.mode, each.values) for each in channels]
        stage = _stage(rig, bone_map, bones, fps)
        keys = reduce_keys(tracks, frames, last_of_run, stage, tolerance)
    return RigCurves(tuple(channels), tuple(keys), (int(frames[0]), int(frames[-1])))


def _stage(rig: Rig, bone_map: BoneMap, bones: Sequence[str], fps: float) -> Stage:
    """Follow the head of every bone that moves, and the tail of those that nothing hangs on."""
    places = rig.place_of()
    parents = _carried_by(rig, bone_map, bones)
    rests = np.stack([rig.bones[places[bone]].rest for bone in bones])
    heads, axes = rests[:, :3, 3], rests[:, :3, :3]
    tails = np.stack([rig.bones[places[bone]].tail for bone in bones])
    ends = [index for index in range(len(bones)) if index not in parents]
    carriers = [parent if parent >= 0 else index for index, parent in enumerate(parents)]
    chain = Chain(
        tuple(parents),
        heads,
        axes,
        np.array([*carriers, *ends]),
        np.concatenate((heads, tails[ends])),
    )
    on_floor = {
        bone
        for joint, each in bone_map.joints.items()
        if joint.endswith(_FEET)
        for bone in each.bones
    } | {each.control for limb, each in bone_map.limbs.items() if limb.endswith("_leg")}
    feet = np.array([bones[index] in on_floor for index in (*range(len(bones)), *ends)])
    # The longest way that a unit of the armature may be in the world, where scale is uneven.
    units = 1 / np.linalg.norm(rig.to_world[:3, :3], ord=2)
    return Stage(chain, feet, float(units), fps)


def _carried_by(rig: Rig, bone_map: BoneMap, bones: Sequence[str]) -> list[int]:
    """Return which of the bones carries each, -1 for none.

    Where a bone's own parents are none of them, as in control rigs, it hangs on what follows the
    joint that its joint hangs on.
    """
    places, among = rig.place_of(), {bone: index for index, bone in enumerate(bones)}
    joints = {bone: joint for joint, each in bone_map.joints.items() for bone in each.bones}
    found = []
    for bone in bones:
        carrier = _parent_among(rig, places[bone], among)
        if carrier < 0 and bone in joints:
            carrier = _carrier_in_map(joints[bone], bone_map, among)
        found.append(carrier)
    return _without_circles(found)


def _parent_among(rig: Rig, place: int, among: dict[str, int]) -> int:
    place = rig.bones[place].parent
    while place >= 0 and rig.bones[place].name not in among:
        place = rig.bones[place].parent
    return among[rig.bones[place].name] if place >= 0 else -1


def _carrier_in_map(joint: str, bone_map: BoneMap, among: dict[str, int]) -> int:
    for carrier in above(joint):
        bones = bone_map.joints[carrier].bones if carrier in bone_map.joints else ()
        carrying = [among[bone] for bone in bones if bone in among]
        if carrying:
            return carrying[-1]
    return next((among[each] for each in (bone_map.mover, bone_map.root) if each in among), -1)


def _without_circles(parents: list[int]) -> list[int]:
    """Let a bone hang on nothing that would hang on it in the end."""
    for bone in range(len(parents)):
        seen, above = {bone}, parents[bone]
        while above >= 0 and above not in seen:
            seen.add(above)
            above = parents[above]
        if above >= 0:
            parents[bone] = -1
    return parents

"""The rest pose of a rig in the world, and how it is turned to stand as the source does at rest."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from bake.retarget.human import HumanMotion
from bake.retarget.joints import PARENT
from bake.retarget.maps.bone_map import BoneMap
from bake.retarget.rig import Rig
from bake.retarget.solving.trusted_ends import trusted_ends
from core_model.errors import RigError
from core_model.geometry.rotations import nearest_rotation, rotation_between

_SAME_WAY = np.cos(np.radians(35.0))
"""An axis of the rig's space that is so near to the way from hips to head is its up."""

_LIMBS = ("hip", "knee", "shoulder", "elbow")
"""Parts whose rest direction becomes the source's; the trunk, collars and head keep their shape."""


@dataclass(frozen=True)
class RestPose:
    """The bones of a rig at rest in the world, metres.

    Parameters
    ----------
    heads, tails : (B, 3)
    axes : (B, 3, 3)
        Rotations without scale, in columns.
    frame : (3, 3)
        Nearest to the armature object's own matrix: from its space to the world, without scale.
    """

    heads: np.ndarray
    tails: np.ndarray
    axes: np.ndarray
    frame: np.ndarray


def rest_pose(rig: Rig, posed: bool = False) -> RestPose:
    """Place the bones of a rig at rest.

    Parameters
    ----------
    rig : Rig
    posed : bool
        As they are posed now instead.

    Raises
    ------
    RigError
        When the object is a mirror image, in which left is right.
    """
    if np.linalg.det(rig.to_world[:3, :3]) <= 0:
        raise RigError(
            f"{rig.name} is mirrored, or has no size: its scale is not positive. Apply the scale "
            "(Object > Apply > Scale), then retarget."
        )
    matrices = [bone.posed if posed and bone.posed is not None else bone.rest for bone in rig.bones]
    heads = np.stack([matrix[:3, 3] for matrix in matrices])
    axes = nearest_rotation(np.stack([matrix[:3, :3] for matrix in matrices]))
    at_rest = nearest_rotation(np.stack([bone.rest[:3, :3] for bone in rig.bones]))
    bones = np.stack([bone.tail - bone.head for bone in rig.bones])
    turned = axes @ np.swapaxes(at_rest, 1, 2)
    tails = heads + (turned @ bones[..., None])[..., 0]
    frame = nearest_rotation(rig.to_world[:3, :3])
    return RestPose(rig.world(heads), rig.world(tails), frame @ axes, frame)


@dataclass(frozen=True)
class JointRest:
    """A skeleton at rest by the names of its joints; world, metres.

    Parameters
    ----------
    heads, ends : mapping of str to (3,)
        Where joints are, and what their bones lead to.
    body : (3, 3)
        Left, back and up of the body in columns.
    knuckles : mapping of str to (3,)
        Joints of fingers.
    """

    heads: Mapping[str, np.ndarray]
    ends: Mapping[str, np.ndarray]
    body: np.ndarray
    knuckles: Mapping[str, np.ndarray]

    def way(self, joint: str) -> np.ndarray:
        """Return the unit direction (3,) of a joint's bone; zero where it has none."""
        return _unit(self.ends[joint] - self.heads[joint])


def source_rest(source: HumanMotion) -> JointRest:
    """Return the rest pose of a source."""
    heads = dict(zip(source.joints, source.rest, strict=True))
    ends = dict(zip(source.joints, source.ends, strict=True))
    body = _body(heads, np.eye(3), source.name)
    return JointRest(heads, trusted_ends(heads, ends, body), body, {**source.knuckles, **heads})


def target_rest(rig: Rig, bone_map: BoneMap, pose: RestPose) -> JointRest:
    """Return the rest pose of a rig's joints.

    Raises
    ------
    RigError
        When the map has not enough bones on this rig to tell up, left and front.
    """
    places = rig.place_of()
    bones = {
        joint: [places[bone] for bone in mapped.bones if bone in places]
        for joint, mapped in bone_map.joints.items()
    }
    bones = {joint: found for joint, found in bones.items() if found}
    heads = {joint: pose.heads[found[0]] for joint, found in bones.items()}
    tails = {joint: pose.tails[found[-1]] for joint, found in bones.items()}
    body = _body(heads, pose.frame, rig.name)
    return JointRest(heads, trusted_ends(heads, tails, body), body, heads)


def alignment(source: JointRest, target: JointRest) -> dict[str, np.ndarray]:
    """Return how each joint of the target is turned, so that it stands as the source does at rest.

    The whole figure is turned first; then arms, legs and fingers, from the body outwards, by the
    smallest rotation that brings their bones to the source's directions. Hands go by their
    knuckles; feet only turn about the vertical, so that soles that lie flat stay so.

    Returns
    -------
    dict of str to (3, 3)
        World rotations from the target's rest pose.
    """
    whole = source.body @ target.body.T
    turned: dict[str, np.ndarray] = {}
    for joint in target.heads:
        turned[joint] = whole
    for joint in sorted(target.heads, key=_depth):
        part = joint.rpartition("_")[2]
        if joint not in source.heads:
            turned[joint] = _carried(joint, turned, whole)
        elif part in _LIMBS:
            before = _carried(joint, turned, whole) if part in ("knee", "elbow") else whole
            turned[joint] = _swung(joint, before, source, target)
        elif part == "wrist":
            turned[joint] = _hand(joint, _carried(joint, turned, whole), source, target)
        elif part == "ankle":
            turned[joint] = _foot(joint, whole, source, target)
        elif part == "foot":
            turned[joint] = turned.get(PARENT[joint], whole)
        elif part[-1].isdigit() and "spine" not in part:
            turned[joint] = _swung(joint, _carried(joint, turned, whole), source, target)
    return turned


def _depth(joint: str) -> int:
    depth = 0
    while joint := PARENT[joint]:
        depth += 1
    return depth


def _carried(joint: str, turned: Mapping[str, np.ndarray], whole: np.ndarray) -> np.ndarray:
    return turned.get(PARENT[joint], whole)


def _swung(joint: str, before: np.ndarray, source: JointRest, target: JointRest) -> np.ndarray:
    now, wanted = before @ target.way(joint), source.way(joint)
    if not now.any() or not wanted.any():
        return before
    return np.asarray(rotation_between(now, wanted) @ before)


def _hand(joint: str, before: np.ndarray, source: JointRest, target: JointRest) -> np.ndarray:
    side = joint.rpartition("_")[0]
    fingers = [
        f"{side}_{finger}1"
        for finger in ("index", "middle", "ring", "pinky")
        if all(f"{side}_{finger}1" in rest.knuckles for rest in (source, target))
    ]
    if len(fingers) < 2:
        return before
    ours, theirs = (_palm(joint, fingers, rest) for rest in (source, target))
    return np.asarray(ours @ theirs.T)


def _palm(wrist: str, fingers: list[str], rest: JointRest) -> np.ndarray:
    """Return a frame (3, 3) of a hand: along it to the knuckles, across them, square to both."""
    knuckles = [rest.knuckles[finger] for finger in fingers]
    return _frame(np.mean(knuckles, axis=0) - rest.heads[wrist], knuckles[-1] - knuckles[0])


def _foot(joint: str, whole: np.ndarray, source: JointRest, target: JointRest) -> np.ndarray:
    up = source.body[:, 2]
    now, wanted = (_level(way, up) for way in (whole @ target.way(joint), source.way(joint)))
    if min(float(np.linalg.norm(way)) for way in (now, wanted)) < 0.3:
        return whole
    return np.asarray(rotation_between(_unit(now), _unit(wanted)) @ whole)


def _level(way: np.ndarray, up: np.ndarray) -> np.ndarray:
    return np.asarray(way - (way @ up) * up)


def _body(heads: Mapping[str, np.ndarray], axes: np.ndarray, name: str) -> np.ndarray:
    """Return left, back and up (3, 3) of a figure, in columns."""
    pairs = [
        (f"left_{part}", f"right_{part}")
        for part in ("hip", "shoulder", "collar")
        if f"left_{part}" in heads and f"right_{part}" in heads
    ]
    tops = [joint for joint in ("head", "neck", "spine3", "spine2") if joint in heads]
    if not pairs or not tops:
        raise RigError(
            f"The bone map of {name} needs both hips or both shoulders, and the neck or head, to "
            "tell where up and front are."
        )
    low = [(heads[a] + heads[b]) / 2 for a, b in pairs if a.endswith("hip")]
    up = _unit(heads[tops[0]] - (low[0] if low else heads["pelvis"]))
    # Skeletons are made upright in their space; the spine itself leans.
    for axis in (*axes.T, *-axes.T, *np.eye(3), *-np.eye(3)):
        if axis @ up > _SAME_WAY:
            up = axis
            break
    left = sum((_unit(heads[a] - heads[b]) for a, b in pairs), np.zeros(3))
    return _frame_up(left, up)


def _frame_up(left: np.ndarray, up: np.ndarray) -> np.ndarray:
    left = _unit(_level(left, up))
    return np.stack((left, np.cross(up, left), up), axis=1)


def _frame(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    one = _unit(first)
    two = _unit(second - (second @ one) * one)
    return np.stack((one, two, np.cross(one, two)), axis=1)


def _unit(vector: np.ndarray) -> np.ndarray:
    return np.asarray(vector / max(float(np.linalg.norm(vector)), 1e-12))

"""Limbs that go by their ends: controls of hands and feet, and poles for knees and elbows."""

from collections.abc import Mapping

import numpy as np

from bake.retarget.joints import LIMBS
from bake.retarget.maps.bone_map import BoneMap, LimbControls, Setting
from bake.retarget.rig import Rig
from bake.retarget.solving.posing import Posing
from bake.retarget.solving.two_bone import square, unit
from core_model.geometry.rotations import axis_angle_to_matrix

_STRAIGHT, _BENT = np.radians(2.0), np.radians(8.0)
"""Of a knee: below the one only the thigh tells where it points, above the other only the limb."""

_REST_BEND = np.radians(1.5)
"""A limb that is straighter at rest bends to where its pole is."""


def needed_settings(bone_map: BoneMap, limbs: str) -> tuple[Setting, ...]:
    """Return what has to be set on a rig so that it goes by the bones that are keyed.

    Parameters
    ----------
    bone_map : BoneMap
    limbs : str
        One of `bake.retarget.settings.LIMBS`.
    """
    switched = [
        setting
        for each in bone_map.limbs.values()
        for setting in (each.to_ik if limbs == "ik" else each.to_fk)
    ]
    return (*bone_map.settings, *switched)


def key_controls(
    posing: Posing,
    rig: Rig,
    bone_map: BoneMap,
    whole: Mapping[str, np.ndarray],
    limbs: str,
) -> None:
    """Put the controls of limbs where the limbs are.

    Parameters
    ----------
    posing : Posing
        In which the bones of the joints turn as they should. Controls are added; bones that the rig
        does not go by in IK are taken out.
    rig : Rig
    bone_map : BoneMap
    whole : mapping of str to (K, 3, 3)
        Turns of joints from the target's rest pose.
    limbs : str
        One of `bake.retarget.settings.LIMBS`.
    """
    places = rig.place_of()
    unused: list[int] = []
    for name, controls in bone_map.limbs.items():
        bones = _bones(bone_map, name, places)
        if controls.control not in places or len(bones) < 3:
            continue
        switch = bool(controls.to_ik or controls.to_fk)
        if switch and limbs == "fk":
            continue
        _follow_end(posing, places[controls.control], bones)
        if controls.pole in places:
            pole = places[controls.pole]
            posing.turns[pole] = posing.state(bones[0]).turn
            posing.heads[pole] = _pole(posing, rig, pole, bones)
        if controls.toe in places and len(LIMBS[name]) > 3 and LIMBS[name][3] in whole:
            posing.turns[places[controls.toe]] = whole[LIMBS[name][3]]
        if switch and limbs == "ik":
            unused += _replaced(bone_map, name, controls, places)
    for bone in unused:
        posing.turns.pop(bone, None)
    posing.forget()


def _bones(bone_map: BoneMap, limb: str, places: Mapping[str, int]) -> list[int]:
    """Return the first bones of upper part, lower part and end; fewer where some are not mapped."""
    found = []
    for joint in LIMBS[limb][:3]:
        mapped = bone_map.joints.get(joint)
        found += [places[bone] for bone in (mapped.bones if mapped else ())[:1] if bone in places]
    return found


def _replaced(
    bone_map: BoneMap, limb: str, controls: LimbControls, places: Mapping[str, int]
) -> list[int]:
    joints = LIMBS[limb] if controls.toe else LIMBS[limb][:3]
    return [
        places[bone]
        for joint in joints
        if joint in bone_map.joints
        for bone in bone_map.joints[joint].bones
        if bone in places
    ]


def limb_heads(posing: Posing, bones: list[int]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return where the joints of a limb are (K, 3) as its bones turn, whatever its end hangs on."""
    upper, lower, end = bones
    rest = posing.rest.heads
    top = posing.state(upper)
    middle = top.head + top.turn @ (rest[lower] - rest[upper])
    return top.head, middle, middle + posing.state(lower).turn @ (rest[end] - rest[lower])


def _follow_end(posing: Posing, control: int, bones: list[int]) -> None:
    """Let a control do what the end of a limb does, from where it is at rest."""
    rest, turn = posing.rest.heads, posing.state(bones[2]).turn
    end = limb_heads(posing, bones)[2]
    posing.turns[control] = turn
    posing.heads[control] = end + turn @ (rest[control] - rest[bones[2]])


def _pole(posing: Posing, rig: Rig, pole: int, bones: list[int]) -> np.ndarray:
    """Return where a pole is (K, 3), as far out as at rest.

    Blender turns an IK chain about the line from its root to its goal, until a certain direction
    square to its first bone points at the pole. Where the bones of the joints are that chain, it
    starts as they are turned; another one bends as at rest, and is turned to bend as the limb does.
    """
    rest = posing.rest.heads
    hip0, knee0, ankle0 = (rest[bone] for bone in bones)
    along0, bend0 = _axis(hip0, knee0, ankle0)
    first, out0 = _pole_axis(posing, rig, pole) or (-1, _axis(hip0, rest[pole], ankle0)[1])
    hip, knee, ankle = limb_heads(posing, bones)
    along, bend = _axis(hip, knee, ankle)
    turned = posing.state(bones[0]).turn
    if first == bones[0]:
        out = square(turned @ out0, along)
    else:
        out0 = square(out0, along0)
        if _flexion(hip0, knee0, ankle0) < _REST_BEND:
            bend0 = out0
        carried = square(turned @ bend0, along)
        # A straight limb has no plane; then the upper bone tells by its own turn where it bends.
        flexion = _flexion(hip, knee, ankle)
        sure = np.clip((flexion - _STRAIGHT) / (_BENT - _STRAIGHT), 0, 1)
        sure = sure * sure * (3 - 2 * sure)
        turn = sure * _angle(carried, bend, along) + _angle(bend0, out0, along0)
        out = (axis_angle_to_matrix(turn[..., None] * along) @ carried[..., None])[..., 0]
    distance = max(float(np.linalg.norm(rest[pole] - knee0)), float(np.linalg.norm(knee0 - hip0)))
    # From the line, not from the knee: only so it lies to the side that it is to show.
    beside = hip + ((knee - hip) * along).sum(-1, keepdims=True) * along
    return np.asarray(beside + (distance + np.linalg.norm(knee - beside, axis=1))[:, None] * out)


def _pole_axis(posing: Posing, rig: Rig, pole: int) -> tuple[int, np.ndarray] | None:
    """Return the first bone of a pole's IK chain, and which way of it at rest points there."""
    for index, bone in enumerate(rig.bones):
        for each in bone.constraints:
            if each.kind == "IK" and each.pole == rig.bones[pole].name and each.chain:
                first = index
                for _ in range(each.chain - 1):
                    first = max(rig.bones[first].parent, 0)
                axes = posing.rest.axes[first]
                angle = each.pole_angle
                return first, np.cos(angle) * axes[:, 0] + np.sin(angle) * axes[:, 2]
    return None


def _axis(hip: np.ndarray, knee: np.ndarray, ankle: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return unit vectors (..., 3): from hip to ankle, and square to that towards the knee."""
    along = unit(ankle - hip)
    return along, square(knee - hip, along)


def _flexion(hip: np.ndarray, knee: np.ndarray, ankle: np.ndarray) -> np.ndarray:
    upper, lower = knee - hip, ankle - knee
    across = np.linalg.norm(np.cross(upper, lower), axis=-1)
    return np.asarray(np.arctan2(across, (upper * lower).sum(-1)))


def _angle(a: np.ndarray, b: np.ndarray, about: np.ndarray) -> np.ndarray:
    """Return by what angle (...) `a` turns onto `b` about an axis, -pi to pi."""
    return np.asarray(np.arctan2((np.cross(a, b) * about).sum(-1), (a * b).sum(-1)))

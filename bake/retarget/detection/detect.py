"""Finding the bone map of any human rig."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from bake.retarget.detection.choice import (
    Choice,
    choose_preset,
    told_map,
    with_sides_changed,
    with_switches,
)
from bake.retarget.detection.control_rig import deforming_skeleton, is_control_rig
from bake.retarget.detection.controls import Controls
from bake.retarget.detection.detached import hung_together
from bake.retarget.detection.figure import Figure, find_figure
from bake.retarget.detection.ik_limbs import find_limbs
from bake.retarget.detection.skeleton import Skeleton, whole_skeleton
from bake.retarget.human import HUMAN_JOINTS
from bake.retarget.maps.bone_map import BoneMap, JointBones
from bake.retarget.rig import Rig
from core_model.errors import RigError

_AGREED, _PRESET_ONLY, _OTHERWISE = 1.0, 0.85, 0.6
"""How sure a joint of a preset is: found there by other means too, not found, found elsewhere."""

_ONE_PLACE = 1e-3
"""Of the size of the rig."""

_TRUNK = ("spine1", "spine2", "spine3")


@dataclass(frozen=True)
class Detection:
    """What was found on a rig.

    Parameters
    ----------
    bone_map : BoneMap
        With the certainty of each joint.
    told : tuple of str
        What the user should know, one sentence each.
    """

    bone_map: BoneMap
    told: tuple[str, ...] = ()


def detect(rig: Rig) -> BoneMap:
    """Return the bone map of a rig; `examine` says more.

    Raises
    ------
    RigError
        When it is no human figure.
    """
    return examine(rig).bone_map


def examine(rig: Rig) -> Detection:
    """Find the bone map of a rig: a preset that fits, or one made for it.

    Raises
    ------
    RigError
        When it is no human figure.
    """
    if not rig.bones:
        raise RigError(f"{rig.name} has no bones.")
    controls = Controls(rig) if is_control_rig(rig) else None
    figure, refusal = _figure(rig, controls is not None)
    skin: Mapping[str, JointBones] = figure.joints if figure else {}
    found = _found(rig, figure, controls) if figure else None
    told = told_map(rig)
    choice = Choice(told, mirrored=False) if told else choose_preset(rig, skin)
    if choice is None:
        if found is None:
            assert refusal
            raise refusal
        return Detection(found, tuple(figure.told if figure else ()))
    detection = _with_preset(choice, found, figure, rig)
    if told:
        sure = {**detection.bone_map.certainty, **dict.fromkeys(told.joints, _AGREED)}
        return Detection(replace(detection.bone_map, certainty=sure))
    return detection


def _figure(rig: Rig, control: bool) -> tuple[Figure | None, RigError | None]:
    """Find the figure in the skin of a control rig, else among all bones; or why there is none."""
    skeletons: list[Skeleton] = [hung_together(whole_skeleton(rig))]
    if control and (skin := deforming_skeleton(rig)):
        skeletons.insert(0, skin)
    refusal = None
    for skeleton in skeletons:
        try:
            return find_figure(skeleton, rig.name), None
        except RigError as error:
            refusal = refusal or error
    return None, refusal


def _found(rig: Rig, figure: Figure, controls: Controls | None) -> BoneMap:
    """Return the map of what was found by names, hierarchy and geometry."""
    if controls is None:
        return BoneMap(
            rig.name, figure.joints, figure.mover, figure.root, certainty=figure.certainty
        )
    joints = controls.fk(figure.joints)
    root = mover = ""
    if "pelvis" in joints:
        root, mover = controls.root_and_mover(controls.place[joints["pelvis"].bones[0]])
    return BoneMap(
        rig.name,
        joints,
        mover,
        root,
        find_limbs(controls, figure.joints, joints),
        certainty={joint: figure.certainty[joint] for joint in joints},
    )


def _with_preset(
    choice: Choice, found: BoneMap | None, figure: Figure | None, rig: Rig
) -> Detection:
    """Return a preset with what was found besides."""
    preset, told = choice.bone_map, list(figure.told if figure else ())
    if found is None or figure is None:
        sure = {joint: _PRESET_ONLY for joint in preset.joints}
        return Detection(replace(preset, certainty=sure))
    if choice.mirrored:
        if figure.facing.sure:
            preset = with_sides_changed(preset)
        else:
            found, told = with_sides_changed(found), []
    joints = dict(preset.joints)
    joints |= _wider(preset.joints, found.joints)
    used = {bone for each in joints.values() for bone in each.bones}
    for joint, each in found.joints.items():
        if joint not in (*joints, *_TRUNK) and not used & set(each.bones):
            joints[joint] = each
    certainty = {}
    for joint, each in joints.items():
        own, theirs = preset.joints.get(joint), found.joints.get(joint)
        if own is None:
            certainty[joint] = found.certainty[joint]
        elif theirs is None:
            certainty[joint] = _PRESET_ONLY
        else:
            certainty[joint] = _AGREED if _same(rig, each, theirs) else _OTHERWISE
    ordered = {joint: joints[joint] for joint in HUMAN_JOINTS if joint in joints}
    return Detection(
        replace(
            preset,
            joints=ordered,
            mover=preset.mover or found.mover,
            root=preset.root or found.root,
            limbs=with_switches(preset.limbs, found.limbs) or found.limbs,
            certainty=certainty,
        ),
        tuple(told),
    )


def _same(rig: Rig, one: JointBones, other: JointBones) -> bool:
    """Return whether bones are the same, or controls of the same joint: they begin in one place."""
    if set(one.bones) & set(other.bones):
        return True
    places, heads = rig.place_of(), rig.world_heads()
    apart = heads[places[one.bones[0]]] - heads[places[other.bones[0]]]
    return bool(np.linalg.norm(apart) < _ONE_PLACE * np.linalg.norm(np.ptp(heads, axis=0)))


def _wider(
    preset: Mapping[str, JointBones], found: Mapping[str, JointBones]
) -> dict[str, JointBones]:
    """Return the joints of trunk and neck where hierarchy knows more of them than the preset.

    There are more bones than in the preset, or the arms hang on one that it takes for the neck.
    """

    def bones(table: Mapping[str, JointBones], *joints: str) -> set[str]:
        return {bone for joint in joints if joint in table for bone in table[joint].bones}

    wider: dict[str, JointBones] = {}
    back, neck = bones(preset, *_TRUNK), bones(preset, "neck")
    found_back, found_neck = bones(found, *_TRUNK), bones(found, "neck")
    if back | neck == found_back | found_neck and back != found_back:
        groups: tuple[tuple[str, ...], ...] = ((*_TRUNK, "neck"),)
    else:
        groups = tuple(
            joints
            for joints, known, there in (
                (_TRUNK, back, found_back),
                (("neck",), neck, found_neck),
            )
            if known < there
        )
    for joints in groups:
        wider |= {joint: found[joint] for joint in joints if joint in found}
    return wider

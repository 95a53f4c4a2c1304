"""A take that was made of what a figure shows, as a new action of that figure."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import bpy
import numpy as np

from bake.actions.curves import POSED, write_cut
from bake.actions.reading import Shown
from bake.finishing.contacts import with_touches
from bake.motion.resample import Keys, Timeline
from bake.motion.root_path import ROOT, root_path
from bake.scene.animation.action import bone_path, curves_in, holder_at, write_keys
from bake.scene.animation.curves import Keying, PersonCurves, curves_of
from bake.scene.animation.keys import read_rig
from bake.scene.animation.motion import motion_of
from bake.scene.animation.own_channel import put_own_channel
from bake.scene.marks import BODY
from bake.scene.rig.placement import Placement
from core_model.body.fingers import FINGER_JOINT_NAMES
from core_model.body.model import Body
from core_model.body.skeleton import JOINT_NAMES
from core_model.geometry.rotations import matrix_to_quaternion, quaternion_multiply
from core_model.take import Take


def write_action(
    armature: Any,
    name: str,
    shown: Shown,
    take: Take,
    body: Body,
    keying: Keying = Keying(),
    *,
    keeps_time: bool = True,
    holds_feet: bool = False,
) -> bpy.types.Action:
    """Make an action of a take; nothing plays it yet.

    Parameters
    ----------
    armature : bpy.types.Object
    name : str
        Of the action.
    shown : Shown
        What the take was made of.
    take : Take
    body : Body
        That of the figure.
    keying : Keying
    keeps_time : bool
        Whether what the take shows at a moment is seen at the frame at which it was seen before;
        then what is keyed beside the motion of the bones goes along.
    holds_feet : bool
        Whether feet that stand are held, as a bake does: where motions meet or legs were changed.
    """
    if not holds_feet:
        take = with_touches(take, [])
    late = round((take.times[0] - shown.take.times[0]) * shown.rate.value) if keeps_time else 0
    timeline = Timeline(shown.rate, float(take.times[0]), shown.first + late)
    motion = motion_of(
        take,
        timeline,
        "none",
        root_motion="free",
        feet="auto" if holds_feet else "never",
        body=body,
        body_file=armature.get(BODY, ""),
    )
    rig = read_rig(armature, motion.joints, keying.rotation_mode)
    keys = _seen_from(motion.keys, shown, rig.place)
    motion = replace(motion, keys=keys, path=root_path(keys, timeline))
    modes = tuple(armature.pose.bones[bone].rotation_mode for bone in rig.names)
    curves = curves_of(replace(rig, modes=_writable(modes)), motion, keying.tolerance)
    action = bpy.data.actions.new(name)
    action.use_fake_user = True
    holder = curves_in(action, armature.name)
    _write(armature, holder, curves)
    if keeps_time:
        _copy_others(armature, holder, keys.frames)
    else:
        put_own_channel(armature, holder, int(keys.frames[0]))
    return action


def play(armature: Any, action: bpy.types.Action) -> None:
    """Let a figure play an action alone; what it played before stays in the file.

    Strips are muted, for the action holds what they did.

    Parameters
    ----------
    armature : bpy.types.Object
    action : bpy.types.Action
    """
    data = armature.animation_data
    if data.action:
        data.action.use_fake_user = True
    for track in data.nla_tracks:
        track.mute = True
    data.action = action
    data.action_blend_type, data.action_influence = "REPLACE", 1.0
    holder = holder_at(data, armature)
    moved = {curve.data_path for curve in holder.fcurves}
    for bone in (ROOT, *JOINT_NAMES):
        posed = armature.pose.bones.get(bone)
        if posed and not any(bone_path(bone, channel) in moved for channel in POSED):
            posed.matrix_basis.identity()


def _seen_from(keys: Keys, shown: Shown, place: Placement) -> Keys:
    """Return keys of the world as the bones want them: seen from the object, as it was made."""
    turn = shown.turn @ place.turn
    quaternions = keys.quaternions.copy()
    back = np.broadcast_to(matrix_to_quaternion(turn.T[None]), quaternions[:, 0].shape)
    quaternions[:, 0] = quaternion_multiply(back, quaternions[:, 0])
    in_object = (keys.positions - shown.place) @ shown.turn / shown.metres
    return replace(keys, quaternions=quaternions, positions=place.undo(in_object))


def _writable(modes: Sequence[str]) -> tuple[str, ...]:
    """Return rotation modes of bones; curves of an axis and an angle are not written."""
    return tuple("QUATERNION" if mode == "AXIS_ANGLE" else mode for mode in modes)


def _write(armature: Any, holder: Any, curves: PersonCurves) -> None:
    for each in curves.curves:
        mode = curves.rig.modes[curves.rig.names.index(each.bone)]
        if armature.pose.bones[each.bone].rotation_mode == "AXIS_ANGLE":
            armature.pose.bones[each.bone].rotation_mode = mode
        write_keys(holder, bone_path(each.bone, each.path), each.bone, each.keys)


def _copy_others(armature: Any, holder: Any, frames: np.ndarray) -> None:
    """Copy what the active action moves beside the bones of the body: properties, other bones.

    Parameters
    ----------
    armature : bpy.types.Object
    holder : bpy.types.Action or bpy.types.ActionChannelbag
        Of the new curves.
    frames : (K,)
        What lies outside is cut off.
    """
    data = armature.animation_data
    if data.action is None:
        return
    bones = (ROOT, *JOINT_NAMES, *FINGER_JOINT_NAMES)
    own = {bone_path(bone, channel) for bone in bones for channel in POSED}
    for curve in holder_at(data, armature).fcurves:
        if curve.data_path not in own and len(curve.keyframe_points):
            write_cut(holder, curve, frames)

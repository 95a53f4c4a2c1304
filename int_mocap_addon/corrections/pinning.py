"""From a posed figure to pins: what was moved, what it means, and where it is kept."""

import json
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import bpy

from core_model.errors import MocapError

from ..fixing import session
from ..selection import is_selected
from ..settings import settings_of
from ..takes.listing import take_file
from ..takes.plan import make_plan
from .frames import time_of
from .kinds import PLACE
from .records import add_pin, sort_corrections

if TYPE_CHECKING:
    from bake.scene.by_hand.pose import Pose
    from bake.scene.by_hand.shown_pose import ShownPose
    from core_model.body.model import Body
    from core_model.corrections.records import Pin
    from core_model.take import Take

_reading = False


def is_reading() -> bool:
    """Return whether the frame is only set to read what is keyed there, and nothing else."""
    return _reading


@contextmanager
def reading() -> Iterator[None]:
    """Tell handlers that the frame is set to read what is keyed there."""
    global _reading
    _reading = True
    try:
        yield
    finally:
        _reading = False


def pin_pose(scene: bpy.types.Scene, take: Any, posed: "Pose | None" = None) -> list[str]:
    """Pin what was posed of a figure at the current frame; else its selected bones, as they are.

    What is posed stays so until another frame is shown; what was keyed of it by hand is taken off
    again, for the solve brings it back.

    Parameters
    ----------
    scene : bpy.types.Scene
    take : TakeItem
        Baked.
    posed : Pose, optional
        What is shown, if not as it is now.

    Returns
    -------
    list of str
        Names of the joints.

    Raises
    ------
    MocapError
        When nothing can be pinned here, with what to do.
    """
    from bake.scene.by_hand.pose import put_pose, read_pose
    from bake.scene.by_hand.shown_pose import shown_pose
    from bake.scene.rig.pose_bones import rest_in_world
    from bake.scene.writer import refuse_if_locked

    armature = take.armature
    refuse_if_locked([armature])
    captured = _captured(take)
    body = _body(take)
    rest = rest_in_world(body, captured.betas)[0]
    given = _end_fix(scene, take) or posed or read_pose(armature)
    before = _put_bake_back(scene, armature)
    keyed = shown_pose(armature, rest)
    put_pose(armature, given)
    _update()
    joints = _joints_to_pin(armature, before, given, settings_of(scene).corrections.what)
    pins = _pins(scene, take, captured, body, keyed, shown_pose(armature, rest), joints)
    for pin in pins:
        add_pin(take, pin)
    sort_corrections(take)
    from core_model.body.skeleton import JOINT_NAMES

    return list(dict.fromkeys(JOINT_NAMES[pin.joint].replace("_", " ") for pin in pins))


def moved_here(scene: bpy.types.Scene, take: Any) -> list[str]:
    """Return the bones of a figure that are posed now but not keyed."""
    from bake.scene.by_hand.pose import moved_channels, put_pose, read_pose

    armature = take.armature
    posed = read_pose(armature)
    with reading():
        scene.frame_set(scene.frame_current, subframe=scene.frame_subframe)
    moved = moved_channels(read_pose(armature), posed)
    put_pose(armature, posed)
    _update()
    return list(dict.fromkeys(bone for bone, _ in moved))


def _update() -> None:
    layer: Any = bpy.context.view_layer
    layer.update()


def _captured(take: Any) -> "Take":
    from core_model.take import Take
    from core_model.take.upright import upright

    path = take_file(take)
    read, _ = upright(Take.load(path), take.up)
    if read.camera is None or not read.keypoints2d[..., 2].any():
        raise MocapError(
            f"{take.name} was not captured from a clip by this program, so there is nothing that a "
            "pin could be solved with: use Fix Pose Here instead."
        )
    return read


def _body(take: Any) -> "Body":
    from core_model.body.model import default_body, load_body

    file = bpy.path.abspath(take.body_file)
    return load_body(Path(file)) if file else default_body()


def _end_fix(scene: bpy.types.Scene, take: Any) -> "Pose | None":
    """Return what is posed in the fix that is open, which ends, and the frame that it is of."""
    from bake.scene.by_hand.pose import read_pose

    fixing = settings_of(scene).fixing
    if not session.is_open(scene) or fixing.armature != take.armature:
        return None
    if fixing.frame != scene.frame_current:
        raise MocapError(
            f"A fix of frame {fixing.frame} is open: go to that frame to pin it, or discard it."
        )
    posed: Pose = json.loads(fixing.posed) if fixing.away else read_pose(take.armature)
    with reading():
        session.discard(scene)
    return posed


def _put_bake_back(scene: bpy.types.Scene, armature: Any) -> "Pose":
    """Take off what was keyed by hand at this frame, and return the pose that is keyed then."""
    from bake.scene.by_hand.handwork_here import take_off
    from bake.scene.by_hand.pose import read_pose

    take_off(armature, scene.frame_current, settings_of(scene).fixing.fade)
    with reading():
        scene.frame_set(scene.frame_current, subframe=scene.frame_subframe)
    return read_pose(armature)


def _joints_to_pin(
    armature: Any, before: "Pose", posed: "Pose", what: str
) -> list[tuple[str, bool]]:
    """Return joints by name, and whether their place is pinned rather than their rotation."""
    from bake.scene.by_hand.pose import moved_channels
    from core_model.body.skeleton import JOINT_INDEX, JOINT_NAMES, PARENTS

    moved = [(bone, name) for bone, name in moved_channels(before, posed) if bone in JOINT_INDEX]
    chosen = [bone.name for bone in armature.pose.bones if is_selected(bone)]
    chosen = [name for name in chosen if name in JOINT_INDEX]
    if not moved and not chosen:
        raise MocapError(
            "Nothing is posed here: turn or move bones of the body in Pose Mode, or select those "
            "that are right as they are, then pin."
        )
    if what == PLACE:
        ends = chosen or [bone for bone, _ in moved]
        after = [n for n in JOINT_NAMES[1:] if JOINT_NAMES[PARENTS[JOINT_INDEX[n]]] in ends]
        limbs = [name for name in after if name.split("_")[0] in ("left", "right")]
        return [(name, True) for name in dict.fromkeys([*ends, *limbs])]
    if not moved:
        return [(name, False) for name in chosen]
    found = [(bone, name in ("location", "scale")) for bone, name in moved if name != "scale"]
    return list(dict.fromkeys(found))


def _pins(
    scene: bpy.types.Scene,
    take: Any,
    captured: "Take",
    body: "Body",
    keyed: "ShownPose",
    shown: "ShownPose",
    joints: Collection[tuple[str, bool]],
) -> "list[Pin]":
    """Return pins of joints as they are shown, at the nearest moment that the take has."""
    import numpy as np

    from bake.cleaning import pelvis_before_feet
    from bake.motion.resample import exact_rate
    from bake.motion.smoothing import load_profile, scaled
    from core_model.body.skeleton import JOINT_INDEX
    from core_model.corrections.records import PlacePin, RotationPin

    time = time_of(scene, take, scene.frame_current_final)
    row = int(np.abs(captured.times - time).argmin())
    if abs(captured.times[row] - time) > max(1 / captured.frame_rate, 0.1):
        raise MocapError(
            f"{take.name} has no frame here: it goes from {captured.times[0]:.2f} s to "
            f"{captured.times[-1]:.2f} s of its clip, and this is {time:.2f} s."
        )
    soft = settings_of(scene).corrections.soft
    # The bake moves a figure as a whole: onto the floor, for one.
    plan = make_plan(scene, take.uid, exact_rate(take.baked_rate))
    profile = scaled(load_profile(plan.profile), plan.strength)
    moved = keyed.joints[0] - pelvis_before_feet(captured, time, profile, body)
    found: list[Pin] = []
    for name, placed in joints:
        joint, moment = JOINT_INDEX[name], float(captured.times[row])
        if placed:
            place = shown.joints[joint] - moved
            found.append(PlacePin(1, moment, joint, place, soft, moved))
        else:
            found.append(RotationPin(1, moment, joint, shown.rotations[joint], soft))
    return found

"""Between the list of takes and the scene: what each take became, written by `bake.scene`."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import bpy
import numpy as np

from bake.motion.resample import Keys, Timeline
from bake.scene.animation.channels import Rig
from bake.scene.animation.curves import PersonCurves
from bake.scene.animation.motion import Motion, motion_of
from bake.scene.body_mesh import COLOURS
from bake.scene.by_hand.keeping import Before, lay_over, set_aside
from bake.scene.by_hand.layers import keep_below
from bake.scene.clip.background import fit_background
from bake.scene.clip.camera_turns import is_turned_by_hand, turn_keys
from bake.scene.clip.camera_zoom import is_zoomed_by_hand, zoom_keys
from bake.scene.clip.clip_camera import put_background, put_camera, put_collection
from bake.scene.clip.shot_cameras import change_cameras
from bake.scene.clip.sound import has_edit, put_sound
from bake.scene.clip.view_cameras import put_views
from bake.scene.removing import in_scene
from bake.scene.writer import (
    Figure,
    put_armature,
    put_body,
    put_fingers,
    put_keys,
    refuse_if_locked,
    rig_of,
)
from core_model.body.model import load_body
from core_model.errors import TakeError
from core_model.geometry.camera import Camera
from core_model.take import Take
from core_model.take.elsewhere import stored_nearby
from core_model.take.folder import sound_start_of
from core_model.take.upright import upright
from core_model.take.view import View

from ..rig.names import remember
from ..rig.properties import style_of
from ..scene.review import show_armature, show_background, show_body
from ..settings import settings_of
from .listing import clip_of, find_take, takes_of_capture, takes_of_shot
from .plan import BakePlan


@dataclass(frozen=True)
class Shot:
    """How the camera of a capture, or of a shot of it, moved.

    Parameters
    ----------
    camera : Camera
    turns : Keys or None
        None for one that stood still.
    zoom : Keys or None
        None for one whose lens never changed.
    timeline : Timeline
    stored : mapping
        How the clip's file differs from what is shown of it, as `add_background` takes it.
    sound_start : float
        Seconds in the clip at which its sound begins.
    views : tuple of View
        Further cameras of the capture.
    """

    camera: Camera
    turns: Keys | None
    zoom: Keys | None
    timeline: Timeline
    stored: Any
    sound_start: float
    views: tuple[View, ...] = ()


def read_motion(plan: BakePlan) -> Motion:
    """Read and clean up a take; touches nothing in Blender.

    Raises
    ------
    MocapError
        When a file is missing, damaged or of no use.
    """
    take, _ = upright(Take.load(plan.path), plan.up)
    return motion_of(
        take,
        plan.timeline,
        plan.profile,
        strength=plan.strength,
        root_motion=plan.root_motion,
        feet=plan.feet,
        body=load_body(plan.body_file) if plan.body_file else None,
        body_file=str(plan.body_file or ""),
        trim=plan.trim,
        captured=_captured(plan),
    )


def _captured(plan: BakePlan) -> Take | None:
    """Return a take as it was before it was corrected; one that is gone is done without."""
    if plan.captured is None:
        return None
    try:
        return upright(Take.load(plan.captured), plan.up)[0]
    except TakeError:
        return None


def read_shot(
    takes: Sequence[Take], path: Path, others: Sequence[Path], timeline: Timeline
) -> Shot | None:
    """Work out how the camera of a capture moved; touches nothing in Blender.

    Parameters
    ----------
    takes : sequence of Take
        Those that are baked.
    path : Path
        Of one of them.
    others : sequence of Path
        Other takes of that capture. One that cannot be read is done without.
    timeline : Timeline
    """
    first = next((take for take in takes if take.camera is not None), None)
    if first is None or first.camera is None:
        return None
    known = list(takes)
    if any(np.size(take.camera_turns) or np.size(take.camera_zoom) for take in takes):
        for path in others:
            try:
                known.append(Take.load(path))
            except TakeError:
                continue
    turns, zoom = turn_keys(known, timeline), zoom_keys(known, timeline)
    stored, sound_start = stored_nearby(first.source, path), sound_start_of(path)
    return Shot(first.camera, turns, zoom, timeline, stored, sound_start, first.views)


def refuse_locked(scene: bpy.types.Scene, uids: Sequence[str]) -> None:
    """Make sure that all that takes became can be written anew.

    Raises
    ------
    MocapError
        When the user has to do something about one first.
    """
    for uid in uids:
        item = find_take(scene, uid)
        refuse_if_locked(in_scene(thing, scene) for thing in (item.armature, item.camera))


def figure_of(scene: bpy.types.Scene, uid: str) -> int:
    """Return what tells the armature of a take from any other; 0 if it has none in the scene."""
    armature = in_scene(find_take(scene, uid).armature, scene)
    return int(armature.session_uid) if armature else 0


def place_armature(scene: bpy.types.Scene, uid: str, motion: Motion) -> None:
    """Give the person of a take its armature, if it has none."""
    item = find_take(scene, uid)
    others = [other.armature for other in takes_of_capture(scene, item)]
    collection = put_collection(scene, _clip_name(item), others)
    figure = put_armature(scene, _figure(item), item.name, motion, collection, style_of(scene))
    is_new = figure.armature != item.armature
    item.armature, item.body = figure.armature, figure.body
    assert figure.armature
    remember(item, figure.armature.name)
    if is_new:
        show_armature(scene, item)


def find_rig(scene: bpy.types.Scene, plan: BakePlan, motion: Motion) -> Rig:
    """Read the bones of a take's armature."""
    return rig_of(_figure(find_take(scene, plan.uid)), motion, plan.keying.rotation_mode)


def set_edits_aside(scene: bpy.types.Scene, uid: str, choice: str) -> Before:
    """Make sure that baking a take writes over nothing of the user's, as they chose."""
    item = find_take(scene, uid)
    return set_aside(item.armature, item.name, choice)


def lay_edits_over(scene: bpy.types.Scene, uid: str, before: Before, timeline: Timeline) -> None:
    """Put what was set aside over the new keys; make layers, if the Scene panel says so."""
    item = find_take(scene, uid)
    lay_over(item.armature, item.name, before, timeline)
    if settings_of(scene).scene.keep_raw_track:
        keep_below(item.armature, item.name)


def place_keys(scene: bpy.types.Scene, uid: str, motion: Motion, curves: PersonCurves) -> list[str]:
    """Give the armature of a take its keys; returns warnings."""
    item = find_take(scene, uid)
    marked = settings_of(scene).scene.mark_doubtful
    return put_keys(_figure(item), item.name, motion, curves, marked)


def place_fingers(scene: bpy.types.Scene, uid: str, curves: PersonCurves) -> None:
    """Key the fingers beside the body."""
    item = find_take(scene, uid)
    put_fingers(_figure(item), item.name, curves)


def place_body(scene: bpy.types.Scene, uid: str, motion: Motion) -> None:
    """Add, keep or take away the body, as the Scene panel says."""
    item, settings = find_take(scene, uid), settings_of(scene)
    colour = COLOURS[list(settings.takes).index(item) % len(COLOURS)]
    wanted = colour if settings.scene.with_body else None
    before = in_scene(item.body, scene)
    item.body = put_body(scene, _figure(item), item.name, motion, wanted).body
    if item.body != before:
        show_body(scene, item)


def place_camera(scene: bpy.types.Scene, uids: Sequence[str], shot: Shot) -> list[str]:
    """Add or keep the camera of a shot and its background, if the Scene panel says so.

    Returns warnings, one sentence each.

    Parameters
    ----------
    scene : bpy.types.Scene
    uids : sequence of str
        The takes of the shot that were baked.
    shot : Shot
    """
    wanted = settings_of(scene).scene
    if not wanted.with_camera:
        return []
    items = [find_take(scene, uid) for uid in uids]
    there = next(
        (each.camera for each in takes_of_shot(scene, items[0]) if in_scene(each.camera, scene)),
        None,
    )
    name = _clip_name(items[0])
    collection = put_collection(scene, name, [each.armature for each in items])
    moves = shot.turns, collection, shot.zoom, items[0].shot
    camera = put_camera(scene, there, name, shot.camera, *moves)
    for each in items:
        each.camera = camera
    path = clip_of(items[0]) if wanted.with_background else None
    warnings = put_background(camera, path, shot.timeline, shot.camera.size, shot.stored)
    if shot.turns is not None and is_turned_by_hand(camera):
        warnings.append(
            f"{camera.name} turns as it was edited by hand. Delete the keys and drivers of its "
            "rotation to have it turn as the clip's again."
        )
    if shot.zoom is not None and is_zoomed_by_hand(camera):
        warnings.append(
            f"{camera.name} zooms as it was edited by hand. Delete the keys and drivers of its "
            "focal length to have it zoom as the clip's again."
        )
    warnings += put_views(scene, shot.camera, shot.views, shot.timeline, collection)
    fit_background(scene, camera)
    _change_cameras(scene, items[0], shot.timeline)
    if camera != there:
        show_background(scene, items[0])
    return warnings


def _change_cameras(scene: bpy.types.Scene, item: Any, timeline: Timeline) -> None:
    """Let the scene show each shot of a take's clip through its camera."""
    known = [each for each in takes_of_capture(scene, item) if in_scene(each.camera, scene)]
    cameras = {each.shot: each.camera for each in known}
    starts = {each.shot: each.shot_start for each in known}
    change_cameras(scene, cameras, starts, timeline)


def place_sound(scene: bpy.types.Scene, uids: Sequence[str], shot: Shot, last: int) -> bool:
    """Add, move or take away the sound of a capture's clip, as the Scene panel says.

    Returns whether it is heard up to the frame `last`.
    """
    settings, items = settings_of(scene).scene, [find_take(scene, uid) for uid in uids]
    capture = takes_of_capture(scene, items[0])
    owner = next((each.sound for each in capture if each.sound), "") or uuid.uuid4().hex
    for each in items:
        each.sound = owner
    wanted = settings.with_sound and (settings.is_property_set("with_sound") or not has_edit(scene))
    path = clip_of(items[0]) if wanted else None
    return put_sound(scene, owner, path, shot.timeline, last, shot.sound_start)


def _figure(item: Any) -> Figure:
    return Figure(item.armature, item.body)


def _clip_name(item: Any) -> str:
    return Path(item.clip).stem if item.clip else str(item.name)

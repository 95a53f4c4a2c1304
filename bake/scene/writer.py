"""A person in the scene: armature, action and body, written once and written again.

Each step takes what an earlier bake left in the scene, and gives back what is there now; doing it
twice gives the same scene. Each is short, so that Blender can be used in between, and nothing is
held on to from one to the next but what the caller looks up again.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

import bpy

from bake.scene.animation.channels import Rig
from bake.scene.animation.curves import Keying, PersonCurves, curves_of
from bake.scene.animation.keys import key_body, key_fingers, read_rig
from bake.scene.animation.motion import Motion
from bake.scene.body_mesh import create_body_mesh, skin
from bake.scene.marks import BODY
from bake.scene.presence import hide_in_longer_range, hide_while_unseen
from bake.scene.removing import in_scene, remove_body, remove_figure
from bake.scene.rig.armature import add_finger_bones, create_armature, has_finger_bones, is_figure
from bake.scene.rig.placement import placement_of
from bake.scene.rig.rig_look import RigStyle, dress
from bake.scene.rig.root_bone import put_root_bone
from bake.scene.shape_keys import add_shape_keys
from bake.scene.units import units_per_metre
from core_model.errors import OutputError


@dataclass(frozen=True)
class Figure:
    """What a person became in a scene.

    Parameters
    ----------
    armature, body : bpy.types.Object or None
        None where they were never made.
    """

    armature: bpy.types.Object | None = None
    body: bpy.types.Object | None = None


def write_person(
    scene: bpy.types.Scene,
    figure: Figure,
    name: str,
    motion: Motion,
    collection: bpy.types.Collection,
    *,
    colour: tuple[float, float, float],
    with_body: bool = True,
    marked: bool = True,
    style: RigStyle = RigStyle(),
    keying: Keying = Keying(),
) -> tuple[Figure, list[str]]:
    """Do all steps for one person at once.

    The armature object stays at the origin; the pelvis bone carries the motion through the world.

    Parameters
    ----------
    scene : bpy.types.Scene
        The current one, with the frame range that it is to have.
    figure : Figure
        What the person became before.
    name : str
        Of all that is made; Blender appends a number where the name is taken.
    motion : Motion
    collection : bpy.types.Collection
        Part of the scene, for what is made.
    colour : tuple
        Linear RGB of a new body.
    with_body : bool
    marked : bool
        Whether to show on the timeline what the capture was not sure of.
    style : RigStyle
        Of the rig; colours and shapes of one that is there stay.
    keying : Keying

    Returns
    -------
    Figure, list of str
        What is there now, and what the user should know.
    """
    figure = put_armature(scene, figure, name, motion, collection, style)
    rig = rig_of(figure, motion, keying.rotation_mode)
    curves = curves_of(rig, motion, keying.tolerance)
    warnings = put_keys(figure, name, motion, curves, marked)
    put_fingers(figure, name, curves)
    return put_body(scene, figure, name, motion, colour if with_body else None), warnings


def refuse_if_locked(things: Iterable[bpy.types.Object | None]) -> None:
    """Make sure that objects which are there can be given keys, before anything is changed.

    Raises
    ------
    OutputError
        When the user has to do something about one first.
    """
    for thing in things:
        if thing is None:
            continue
        if thing.library:
            raise OutputError(f"{thing.name} is linked from another file: bake it in that file.")
        data = thing.animation_data
        if data and data.use_tweak_mode:
            raise OutputError(
                f"A strip of {thing.name} is in tweak mode: leave it with Tab in the Nonlinear "
                "Animation editor, then bake again."
            )


def put_armature(
    scene: bpy.types.Scene,
    figure: Figure,
    name: str,
    motion: Motion,
    collection: bpy.types.Collection,
    style: RigStyle = RigStyle(),
) -> Figure:
    """Keep the armature of a figure as it is, or make it anew where it does not fit.

    A root bone comes or goes as long as the user has not changed the bones.
    """
    armature, body = (in_scene(thing, scene) for thing in (figure.armature, figure.body))
    if figure.armature and not figure.armature.users_collection and not figure.armature.library:
        remove_figure(figure.armature, None)  # the user deleted it
    if armature and not is_figure(armature):
        armature = None  # the user made another rig of it
    if armature and armature.get(BODY, "") != motion.body_file:
        # Other bones: nothing of the old figure fits.
        remove_figure(armature, body)
        armature = body = None
    if armature:
        if put_root_bone(armature, style.root, motion.joints):
            dress(armature, style)
        return Figure(armature, body)
    if body and not any(in_scene(carrier, scene) for carrier in _carriers(body)):
        remove_body(body)
    units = units_per_metre(scene)
    armature = create_armature(name, units * motion.joints, collection)
    armature[BODY] = motion.body_file
    if motion.fingers is not None:
        joints, tips = motion.rest_fingers()
        add_finger_bones(armature, units * joints, units * tips)
    put_root_bone(armature, style.root, motion.joints)
    dress(armature, style)
    return Figure(armature)


def rig_of(figure: Figure, motion: Motion, rotation_mode: str) -> Rig:
    """Read the bones that are to be keyed, after `put_armature`; `curves_of` wants them."""
    return read_rig(_armature(figure), motion.joints, rotation_mode)


def put_keys(
    figure: Figure, name: str, motion: Motion, curves: PersonCurves, marked: bool
) -> list[str]:
    """Give the armature its keys; returns warnings."""
    return key_body(_armature(figure), name, motion, curves, marked)


def put_fingers(figure: Figure, name: str, curves: PersonCurves) -> None:
    """Key the fingers, after `put_keys`: two short steps, not a long one."""
    key_fingers(_armature(figure), name, curves)


def put_body(
    scene: bpy.types.Scene,
    figure: Figure,
    name: str,
    motion: Motion,
    colour: tuple[float, float, float] | None,
) -> Figure:
    """Add or keep the body, seen while its person was; without a colour take it away.

    Other bodies of the scene are hidden, too, where its range is longer now than they were seen.
    """
    hide_in_longer_range(scene)
    armature, body = _armature(figure), in_scene(figure.body, scene)
    if colour is None:
        if body:
            remove_body(body)
        return replace(figure, body=None)
    if body is None:
        body = _new_body(armature, name, motion, colour)
    for path in ("hide_viewport", "hide_render"):
        if body.driver_remove(path):
            setattr(body, path, False)
    hide_while_unseen(body, motion.keys, scene.frame_start, scene.frame_end)
    return Figure(armature, body)


def _new_body(
    armature: Any, name: str, motion: Motion, colour: tuple[float, float, float]
) -> bpy.types.Object:
    place = placement_of(armature, motion.joints)
    bones, weights = skin(motion.body, has_finger_bones(armature))
    faces, vertices = motion.body.faces, place.apply(motion.vertices)
    body = create_body_mesh(f"{name}_body", vertices, faces, weights, armature, colour, bones)
    if motion.body_file:
        add_shape_keys(body, armature, motion.body, motion.take.betas, place.linear)
    return body


def _carriers(body: Any) -> list[Any]:
    """Return the armatures that move a body."""
    return [each.object for each in body.modifiers if each.type == "ARMATURE"] or [body]


def _armature(figure: Figure) -> bpy.types.Object:
    if figure.armature is None:
        raise OutputError("The armature was deleted meanwhile: bake again.")
    return figure.armature

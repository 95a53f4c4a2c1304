"""What a part of the body touches of an object, as triangles in the world of the take."""

import json
from typing import TYPE_CHECKING, Any

import bpy
import numpy as np

from core_model.errors import MocapError

from .kinds import TOUCHES
from .markers import words

if TYPE_CHECKING:
    from mathutils import Matrix

_FARTHEST = 0.75  # metres that an object may be away from where the limb was captured
_MOST_TRIANGLES = 4000
_DIGITS = 5  # of a metre


def surface_near(take: Any, thing: bpy.types.Object, limb: str, start: float, end: float) -> str:
    """Return the triangles of an object around where a limb is for a while, as JSON.

    Parameters
    ----------
    take : TakeItem
    thing : bpy.types.Object
        As it is now, with its modifiers.
    limb : str
        One of `core_model.corrections.records.TOUCHING`.
    start, end : float
        Seconds in the clip.

    Raises
    ------
    MocapError
        When it has no surface, or is nowhere near.
    """
    from bake.motion.touches import has_area
    from bake.touching.surfaces import Triangles

    corners = _triangles(thing, take.armature.matrix_world if take.armature else None)
    corners = corners[has_area(corners)]
    if not len(corners):
        raise MocapError(f"{thing.name} has no surface: choose an object with faces.")
    path = _path(take, limb, start, end)
    corners = _nearest(corners, path.mean(axis=0))
    surface = Triangles(corners)
    away = [np.linalg.norm(surface.nearest(point, point)[0] - point) for point in path]
    if min(away) > _FARTHEST:
        raise MocapError(
            f"{thing.name} is {min(away):.1f} m away from the {words(limb)} there: put it where it "
            "was, or choose what is touched."
        )
    return json.dumps(corners.round(_DIGITS).tolist())


def triangles_in(item: Any) -> np.ndarray | None:
    """Return the triangles (F, 3, 3) that an entry of the list keeps; None if it has none."""
    return np.array(json.loads(item.surface)) if item.surface else None


def look_again(take: Any) -> None:
    """Read the surfaces of all objects that are touched anew, where they are now.

    Those of objects that are gone, or were moved away, stay as they were.
    """
    for item in take.corrections:
        if item.kind == TOUCHES and item.enabled and item.surface and item.thing is not None:
            try:
                item.surface = surface_near(take, item.thing, item.part, item.time, item.end)
            except MocapError:
                continue


def _triangles(thing: bpy.types.Object, world: "Matrix | None") -> np.ndarray:
    """Return all triangles (F, 3, 3) of an object, in the world of an armature's own space."""
    shown = thing.evaluated_get(bpy.context.evaluated_depsgraph_get())
    try:
        mesh = shown.to_mesh()
    except RuntimeError:
        mesh = None
    if mesh is None:
        return np.empty((0, 3, 3))
    mesh.calc_loop_triangles()
    places = np.empty(3 * len(mesh.vertices), np.float32)
    mesh.vertices.foreach_get("co", places)
    rows = np.empty(3 * len(mesh.loop_triangles), np.int32)
    mesh.loop_triangles.foreach_get("vertices", rows)
    shown.to_mesh_clear()
    to_take = np.array(world.inverted_safe() @ shown.matrix_world if world else shown.matrix_world)
    points = places.reshape(-1, 3).astype(float) @ to_take[:3, :3].T + to_take[:3, 3]
    return points[rows.reshape(-1, 3)]


def _nearest(corners: np.ndarray, point: np.ndarray) -> np.ndarray:
    """Return those of triangles (F, 3, 3) whose boxes are nearest to a point (3,)."""
    if len(corners) <= _MOST_TRIANGLES:
        return corners
    beyond = np.maximum(corners.min(axis=1) - point, point - corners.max(axis=1)).clip(min=0)
    return corners[np.argsort(np.linalg.norm(beyond, axis=1))[:_MOST_TRIANGLES]]


def _path(take: Any, limb: str, start: float, end: float) -> np.ndarray:
    """Return where the joints of a limb are (P, 3) from start to end, as captured, metres."""
    from pathlib import Path

    from core_model.body.model import default_body, load_body
    from core_model.body.skeleton import JOINT_INDEX
    from core_model.take import Take
    from core_model.take.upright import upright

    from ..takes.listing import take_file

    side, _, part = limb.rpartition("_")
    named = {"foot": ("ankle", "foot"), "hand": ("wrist", "hand"), "knee": ("knee",)}.get(part)
    names = [f"{side}_{each}" for each in named] if named else ["pelvis"]
    file = bpy.path.abspath(take.body_file)
    body = load_body(Path(file)) if file else default_body()
    motion, _ = upright(Take.load(take_file(take)), take.up)
    rows = (motion.times >= start - 1e-4) & (motion.times <= end + 1e-4)
    if not rows.any():
        rows[np.abs(motion.times - (start + end) / 2).argmin()] = True
    joints = motion.joints(body)[rows][:, [JOINT_INDEX[name] for name in names]]
    return np.asarray(joints.reshape(-1, 3))
